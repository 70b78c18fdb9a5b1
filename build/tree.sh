#!/bin/sh
# Lays the runnable tree: tree.sh TARGET DAEMON_JAR CLIENT_JAR PICOCLI_SOURCES CLASS_PATH
# TARGET is the daemon's build folder, CLASS_PATH what the daemon needs at run time; both programs' libraries are on it.
# TOOLCHAIN_JAVA_HOME is the JDK that the runtime is linked from.
#
#   TARGET/leprechaun/bin                        launchers, and lepretools, by which check was called before
#   TARGET/leprechaun/lib/runtime                the linked Java runtime
#   TARGET/leprechaun/lib/native                 SQLite's library, so that nothing is unpacked into /tmp, or looked for there
#   TARGET/leprechaun/lib/HASH                   the jars and an AOT cache a program
#   TARGET/leprechaun/lib/make-caches            makes the caches, for this machine
#   TARGET/leprechaun/share                      manual pages, completion for shells, licences, and the project's share
#   TARGET/leprechaun/configs, recipes, systemd  as they are in the project
#
# A JVM trusts a cache whose jar has changed, so jars and caches stand together in a folder named by the hash of the jars.
set -eu
umask 022 # nobody else may write the tree, and every user may run it

project=$(cd "$(dirname "$0")/.." && pwd)
target=$1
daemon_jar=$2
client_jar=$3
picocli_sources=$4
class_path=$5
tree=$target/leprechaun
made=$target/made
java=$TOOLCHAIN_JAVA_HOME/bin
date=2026-11-01T00:00:00Z
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.security.sasl,java.sql,java.xml,jdk.management,jdk.net,jdk.unsupported

fail() {
    echo "tree.sh: $*" >&2
    exit 1
}

# Whether $2 is there and was made from $1; removes it otherwise.
made_from() {
    [ -f "$2.from" ] && [ "$(cat "$2.from")" = "$1" ] && return 0
    rm -rf "$2" "$2.from"
    return 1
}

# The path of the jar named $1-VERSION.jar on the class path.
library() {
    printf '%s' "$class_path" | tr : '\n' | grep "/$1-[0-9][^/]*\.jar\$" || fail "no $1 on the class path"
}

# Not compressed, not even by "zip-0", which wraps each class all the same: the JVM makes its decompressors without a lock
# when a first class is read, and two threads that do so at once can end the program by SIGSEGV. With a cache, that moment
# comes after threads have been started.
# Without the comments in its settings, 69 of 72 KiB of java.security: each start reads them.
link_runtime() {
    from="$(sha256sum < "$project/build/tree.sh") $(cat "$TOOLCHAIN_JAVA_HOME/release")"
    made_from "$from" "$made/runtime" && return
    "$java/jlink" --add-modules "$modules" --output "$made/runtime" \
        --strip-debug --no-header-files --no-man-pages
    "$java/jimage" list --verbose "$made/runtime/lib/modules" | awk '$1 ~ /^[0-9]+$/ && $3 > 0 { exit 1 }' ||
        fail "the runtime is compressed"
    sed -i -e '/^#/d' -e '/^$/d' "$made/runtime/conf/security/java.security" "$made/runtime/conf/net.properties"
    printf '%s\n' "$from" > "$made/runtime.from"
}

# picocli's own jar has class files of Java 5, which no AOT cache takes.
compile_picocli() {
    made_from "$picocli_sources" "$made/picocli.jar" && return
    rm -rf "$made/picocli"
    mkdir -p "$made/picocli"
    (cd "$made/picocli" && "$java/jar" --extract --file "$picocli_sources" picocli)
    "$java/javac" --release 25 -nowarn -proc:none -d "$made/picocli/classes" "$made"/picocli/picocli/*.java
    "$java/jar" --create --date "$date" --file "$made/picocli.jar" -C "$made/picocli/classes" .
    printf '%s\n' "$picocli_sources" > "$made/picocli.jar.from"
}

# SQLite's jar without its libraries for every machine, and the one library for this machine.
split_sqlite() {
    jar=$(library sqlite-jdbc)
    made_from "$jar" "$made/sqlite-jdbc.jar" && return
    rm -rf "$made/sqlite" "$made/native"
    mkdir -p "$made/sqlite" "$made/native"
    (cd "$made/sqlite" && "$java/jar" --extract --file "$jar")
    machine=$(uname -m)
    cp "$made/sqlite/org/sqlite/native/Linux/$machine/libsqlitejdbc.so" "$made/native/" ||
        fail "SQLite has no library for Linux on $machine"
    rm -rf "$made/sqlite/org/sqlite/native"
    "$java/jar" --create --date "$date" --manifest "$made/sqlite/META-INF/MANIFEST.MF" --file "$made/sqlite-jdbc.jar" -C "$made/sqlite" .
    printf '%s\n' "$jar" > "$made/sqlite-jdbc.jar.from"
}

# Gathers the jars of both programs, dated alike: a cache knows its jars by size and date.
gather_jars() {
    rm -rf "$made/lib"
    mkdir "$made/lib"
    cp "$daemon_jar" "$client_jar" "$made/picocli.jar" "$made/sqlite-jdbc.jar" "$made/lib/"
    printf '%s\n' "$class_path" | tr : '\n' | while read -r entry; do
        case $entry in
            */picocli-*.jar | */sqlite-jdbc-*.jar) ;;
            *.jar) cp "$entry" "$made/lib/" ;;
        esac
    done
    touch -d "$date" "$made"/lib/*.jar
}

# The class path of the jars named, as a launcher writes it.
path_of() {
    path=
    for jar in "$@"; do
        path="$path:\$lib/$jar"
    done
    printf '%s' "${path#:}"
}

# Writes the launcher of program $1, with the JVM's options $2, class path $3 main class $4,
# and sed's command $5 for the lines about signals.
launcher() {
    sed -e "s|@PROGRAM@|$1|g" -e "s|@HASH@|$hash|" -e "s|@OPTIONS@|$2|" -e "s|@CLASS_PATH@|$3|" -e "s|@MAIN@|$4|" \
        -e "$5" "$project/build/launcher.sh" > "$tree/bin/$1"
    chmod 755 "$tree/bin/$1"
}

# The licences of all that is passed on, unpacked from the jars.
licences() {
    from="$hash $(cat "$project"/build/licences/* "$project/LICENSE" | sha256sum)"
    made_from "$from" "$made/doc" && return
    sh "$project/build/licences/lay.sh" "$made/lib" "$class_path" "$java/jar" "$made/doc"
    printf '%s\n' "$from" > "$made/doc.from"
}

# What shells and man(1) look for beside a program: completion and manual pages, made of what --help tells.
share() {
    rm -rf "$tree/share"
    mkdir -p "$tree/share/man/man1" "$tree/share/man/man5" "$tree/share/man/man8" "$tree/share/bash-completion/completions" \
        "$tree/share/zsh/site-functions" "$tree/share/fish/vendor_completions.d"
    scripts=$project/leprechaun-cli/src/main/resources/io/leprechaun/cli/completion
    cp "$scripts/leprechaun.bash" "$tree/share/bash-completion/completions/leprechaun"
    cp "$scripts/leprechaun.zsh" "$tree/share/zsh/site-functions/_leprechaun"
    cp "$scripts/leprechaun.fish" "$tree/share/fish/vendor_completions.d/leprechaun.fish"
    cp -R "$project/leprechaun-daemon/src/main/resources/io/leprechaun/daemon/schema" "$tree/share/"
    cp -R "$project/share/." "$tree/share/"
    mkdir "$tree/share/doc"
    cp -R "$made/doc" "$tree/share/doc/leprechaun"
    "$tree/lib/runtime/bin/java" -cp "$(in_lib "$client_path")" io.leprechaun.cli.ManualPage "$tree/share/man/man1"
    "$tree/lib/runtime/bin/java" -cp "$(in_lib "$daemon_path")" io.leprechaun.daemon.ManualPages "$tree/share/man"
}

# A launcher's class path as it is here.
in_lib() {
    printf '%s' "$1" | sed "s|\$lib|$lib|g"
}

mkdir -p "$made"
link_runtime &
linking=$!
compile_picocli &
compiling=$!
split_sqlite
wait "$linking"
wait "$compiling"
gather_jars

hash=$(cd "$made/lib" && cat "$made/runtime.from" "$project"/build/*.sh ./*.jar | sha256sum | cut -c1-16)
cd "$made/lib"
client_path=$(path_of leprechaun-cli-*.jar leprechaun-api-*.jar picocli.jar)
# shellcheck disable=SC2046 # no name has a space
daemon_path=$(path_of leprechaun-daemon-*.jar leprechaun-api-*.jar $(ls | grep -v '^leprechaun-'))
cd "$project"

mkdir -p "$tree/bin" "$tree/lib"
lib=$tree/lib/$hash
for old in "$tree"/lib/*; do
    case $old in
        "$lib") ;;
        *) rm -rf "$old" ;;
    esac
done
cp -Rl "$made/runtime" "$made/native" "$tree/lib/"
mkdir -p "$lib"
cp -a "$made"/lib/*.jar "$lib/"
# The client is interpreted: it has ended before a compiler could pay, and its work is to wait and to copy.
launcher leprechaun '-Xint -Xms4m -Xmn2m -Xmx64m' "$client_path" io.leprechaun.cli.Main "/^#@ /d; s/^#- //; s/@PROCESSES@//"
# The daemon's JVM looks for monitors to give back every ten seconds and not four times a second: it has few. It does not look at the
# name that a TLS client asks for: there is one certificate for all, and Java would refuse a name with an underscore.
launcher leprechaund "-XX:AsyncDeflationInterval=10000 -XX:TieredStopAtLevel=1 -Xms16m -Xmx128m -Djava.awt.headless=true \
-Djdk.tls.server.disableExtensions=server_name \
\${zones:+-Djava.time.zone.DefaultZoneRulesProvider=io.leprechaun.daemon.zone.HostZones} -Dorg.sqlite.lib.path=\"\$home/lib/native\" -Dorg.sqlite.tmpdir=\"\$home/lib/native\" -Dorg.sqlite.lib.name=libsqlitejdbc.so" "$daemon_path" io.leprechaun.daemon.Main "s/^#@ //; /^#- /d; s/@PROCESSES@/, and an env/"
# What `leprechaun version` names. A folder without a repository has none, nor has one that git does not trust.
rm -f "$tree/lib/commit"
if commit=$(git -C "$project" log -1 --format='%h %cs' --abbrev=12 2> /dev/null); then
    changed=$(git -C "$project" status --porcelain 2> /dev/null | head -n 1)
    printf '%s%s %s\n' "${commit% *}" "${changed:++}" "${commit#* }" > "$tree/lib/commit"
fi
licences
share &
sharing=$!
cp "$project/build/lepretools.sh" "$tree/bin/lepretools"
chmod 755 "$tree/bin/lepretools"
for folder in configs recipes systemd; do
    rm -rf "${tree:?}/$folder"
    if [ -d "$project/$folder" ]; then
        cp -R "$project/$folder" "$tree/"
    fi
done

cp "$project/build/make-caches.sh" "$tree/lib/make-caches"
chmod 755 "$tree/lib/make-caches"
if [ ! -f "$lib/leprechaun.aot" ] || [ ! -f "$lib/leprechaund.aot" ]; then
    "$tree/lib/make-caches"
fi
wait "$sharing"
