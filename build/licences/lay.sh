#!/bin/sh
# Lays what must go along with the libraries: lay.sh JARS VERSIONS JAR_TOOL FOLDER
# JARS is the folder of the jars, VERSIONS the class path with the libraries' own files, which names their versions.
#
#   FOLDER/LICENSE             Leprechaun's
#   FOLDER/THIRD-PARTY         each library, with its version and licence
#   FOLDER/licences            the licences' texts, and the notices that libraries bring along
set -eu
here=$(cd "$(dirname "$0")" && pwd)
jars=$1
versions=$2
jar=$3
folder=$4

rm -rf "$folder"
mkdir -p "$folder/licences"
cp "$here/../../LICENSE" "$folder/LICENSE"
cp "$here/re2j" "$folder/licences/re2j-LICENSE"
unpacked=$(mktemp -d "${TMPDIR:-/tmp}/leprechaun.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT

{
    echo "Leprechaun is under the MIT licence, see LICENSE. It is passed on with these libraries, which are as their"
    echo "authors have published them where nothing else is said. The texts are in licences; the notices of the Java"
    echo "runtime (OpenJDK, GPL-2.0 with the Classpath exception) are in lib/runtime/legal."
    echo
    for file in "$jars"/*.jar; do
        name=${file##*/}
        case $name in leprechaun-*) continue ;; esac
        row=$(grep -v '^#' "$here/libraries" | awk -v jar="$name" 'index(jar, $1) == 1 { print; exit }')
        [ -n "$row" ] || {
            echo "lay.sh: build/licences/libraries does not name $name: add its licence" >&2
            exit 1
        }
        library=${name%.jar}
        case $library in
            *-[0-9]*) version=${library##*-} ;;
            *) version=$(printf '%s' "$versions" | tr : '\n' | sed -n "s|.*/$library-\([0-9][^/]*\)\.jar\$|\1|p" | head -n 1) ;;
        esac
        licence=$(echo "$row" | awk '{ print $2 }')
        printf '%s %s: %s. %s\n' "${library%-"$version"}" "$version" "$licence" "$(echo "$row" | cut -d' ' -f3-)"
        mkdir "$unpacked/$library"
        (cd "$unpacked/$library" && "$jar" --extract --file "$file")
        find "$unpacked/$library/META-INF" -type f \( -name 'LICENSE*' -o -name 'NOTICE*' \) | LC_ALL=C sort | while read -r text; do
            cp "$text" "$folder/licences/${library%-"$version"}-${text##*/}"
        done
    done
} > "$folder/THIRD-PARTY"

# Libraries that bring no text along have the same licence as one that does.
cp "$folder/licences/jackson-core-LICENSE" "$folder/licences/Apache-2.0"
cp "$folder/licences/angus-mail-LICENSE.md" "$folder/licences/EPL-2.0"
chmod -R u=rwX,go=rX "$folder"
