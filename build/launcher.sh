#!/bin/sh -p
# Becomes @PROGRAM@. Starts no process of its own but a readlink for each symlink on the way here, as root a find@PROCESSES@.
# LEPRECHAUN_JAVA_OPTS may hold further options for the JVM, such as -Xmx256m. With LEPRECHAUN_TRUST_TREE root starts what others
# may write.
# With -p, a bash takes neither functions nor options from the environment.
unset IFS CDPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

# Ends with a sentence. File names are made visible: they may hold anything.
refuse() {
    printf '%s\n' "@PROGRAM@: $*" | command -p cat -v >&2
    exit 2
}

env=
#@ # Signals wait for their handlers in Java (SignalHandlers). Where env(1) cannot block them, as in coreutils before 8.31,
#@ # INT or TERM before that ends the process.
#@ if [ "${1-}" != offline ]; then
#@     trap '' HUP
#@     env='/usr/bin/env --ignore-signal=INT,TERM --block-signal=HUP,INT,TERM'
#@     $env > /dev/null 2>&1 || env=
#@ fi
#- ulimit -S -c 0 # no core file: what the daemon answers is in the memory; of the daemon's own memory the kernel writes none
{ [ -n "$PWD" ] && pwd -P > /dev/null 2>&1; } || cd / # the folder was deleted: no JVM starts in it
case $0 in
    /*) self=$0 ;;
    *) self=$PWD/${0#./} ;;
esac
while [ -L "$self" ]; do
    link=$(command -p readlink "$self") # and not by PATH, which may be anybody's
    case $link in
        /*) self=$link ;;
        *) self=${self%/*}/$link ;;
    esac
done
bin=${self%/*}
home=${bin%/bin}
if [ "$home" = "$bin" ] || [ -L "$bin" ]; then
    home=$bin/..
fi
[ -x "$home/lib/runtime/bin/java" ] || refuse "incomplete tree $home, without lib/runtime/bin/java: start $0 by its full path, or install the tree again"

# Ends this when others than root may write what is executed of the tree, or a folder on the way to it. In a folder the sticky
# bit keeps others from replacing what is root's, as in /tmp. This file is judged too late: it is being executed.
# The arguments are find(1)'s words for owners besides root that pass.
judge() {
    owners=$*
    set --
    way=$home
    case $way/ in
        [!/]*) refuse "cannot find the folder of $home: start $0 by its full path" ;;
        */./* | */../*) crooked=yes ;;
        *) crooked= ;;
    esac
    while :; do
        [ -L "$way" ] && crooked=yes
        set -- "$way/." "$@"
        [ -n "$way" ] || break
        way=${way%/*}
    done
    if [ -n "$crooked" ]; then # by its path without links, which nobody can point elsewhere meanwhile
        home=$(cd -P "$home" && pwd -P) || refuse "cannot enter $home: check its permissions"
        judge "$owners"
        return
    fi
    # What ends with /. is judged alone, everything else with all below it. One process as long as all is well.
    # shellcheck disable=SC2086 # a list of words
    set -- "$@" "$home/bin/." "$home/bin/leprechaun" "$home/bin/leprechaund" "$home/lib/." "$home/lib/@HASH@" "$home/lib/native" \
        "$home/lib/runtime/." "$home/lib/runtime/bin" "$home/lib/runtime/conf" "$home/lib/runtime/lib" \
        \( -path '*/.' -prune -perm -1000 -o ! -perm -020 ! -perm -002 \) \( -uid 0 $owners \)
    command -p find -L "$@" -o -exec /bin/false {} + && return
    found=$(command -p find -L "$@" -o -printf '%p\n%u and has the mode %m' -quit)
    path=${found%"$line"*}
    path=${path%/.}
    case $path in
        "") refuse "incomplete tree $home, or missing program find(1), with which root checks the tree: install both again" ;;
        "$home" | "$home"/*) mend="if you trust the files in the tree: chown -R root:root '$home' && chmod -R go-w '$home'" ;;
        *) mend="move the tree to a folder that belongs to root, or: chown root:root '$path' && chmod go-w '$path'" ;;
    esac
    refuse "root starts no file that others can write to: $path belongs to ${found##*"$line"}; $mend"
}
line='
'
# /proc is root's; in a user namespace of others it is the host's root's, whom no process there can be.
if [ -O /proc ] && [ -z "${LEPRECHAUN_TRUST_TREE-}" ]; then
    count=
    read -r _ _ count 2> /dev/null < /proc/self/uid_map
    case $count in
        "" | 4294967295) judge ;;
        *) judge -o -uid 65534 ;; # a container of an ordinary user's: this is who everybody outside of it is
    esac
fi

lib=$home/lib/@HASH@
aot=$lib/@PROGRAM@.aot
[ -f "$aot" ] || aot=
zones=
if [ -f "${TZDIR:-/usr/share/zoneinfo}/UTC" ]; then
    zones=host # not those that the runtime was built with
fi

LC_ALL=C.UTF-8
MALLOC_ARENA_MAX=1
export LC_ALL MALLOC_ARENA_MAX
case $home in
    *=*) env= ;; # which would take the path for a variable
esac
# Of the cache nothing is said: one that does not fit, as in a copied tree, costs a moment at the start and nothing else.
# The caches hold no training that could be replayed, and the JVM would look for it all the same.
# The provider of selectors is named, so that nobody looks for one in every jar.
# The table of strings begins small: most are in the cache, and half a megabyte for the others is a page fault a page.
# Steps are to get the limit of open files that we were started with: the JVM does not raise it, the daemon does for itself.
# A crash is reported on stderr and in no file, wherever the program stands, and nothing is put into /tmp for jcmd and its like.
# shellcheck disable=SC2086 # both are lists of words
exec $env "$home/lib/runtime/bin/java" ${aot:+"-XX:AOTCache=$aot"} -Xlog:disable -Xlog:all=error,aot*=off:stderr \
    -XX:+UseSerialGC -XX:+UseTransparentHugePages -XX:-UsePerfData -XX:+DisableAttachMechanism -XX:StringTableSize=1024 \
    -XX:+ErrorFileToStderr -XX:-DumpReplayDataOnError -XX:-MaxFDLimit \
    -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining \
    --enable-native-access=ALL-UNNAMED -Djdk.reflect.useNativeAccessorOnly=true \
    -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider \
    @OPTIONS@ -Dleprechaun.home="$home" ${LEPRECHAUN_JAVA_OPTS-} \
    -cp "@CLASS_PATH@" @MAIN@ "$@"
