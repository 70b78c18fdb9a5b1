#!/bin/sh
# Checks, or applies, the layout of every Java source of the project: format.sh check|apply CLASSPATH
# TOOLCHAIN_JAVA_HOME is the JDK to run on, because the formatter reads only what its own JDK's compiler reads.
# Only sources that changed since the last clean run are looked at.
set -eu
mode=$1
classpath=$2
cd "$(dirname "$0")/../.."
target=build/format/target
clean=$target/clean
mkdir -p "$target"
touch "$target/started"

newer=
if [ -e "$clean" ] && [ -z "$(find build/format/format.sh build/format/Format.java build/format/pom.xml pom.xml -newer "$clean")" ]; then
    newer="-newer $clean"
fi
# shellcheck disable=SC2086 # two words, or none
find leprechaun-* -path '*/src/*' -name '*.java' $newer > "$target/sources"

if [ -s "$target/sources" ]; then
    case $mode in
        check | apply) ;;
        *) echo "format.sh: the first word is check or apply, not '$mode'" >&2; exit 2 ;;
    esac
    exports=
    for package in api code file main parser tree util; do
        exports="$exports --add-exports=jdk.compiler/com.sun.tools.javac.$package=ALL-UNNAMED"
    done
    # shellcheck disable=SC2086 # lists of words
    if ! "$TOOLCHAIN_JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 $exports -cp "$classpath" \
            build/format/Format.java "$mode" "$target/sources"; then
        echo "The sources named above are not formatted. To format them: mvn -q -Pformat process-sources -pl build/format" >&2
        exit 1
    fi
fi
mv "$target/started" "$clean"
