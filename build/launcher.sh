#!/bin/sh
# Becomes @PROGRAM@. Starts no process of its own but a readlink for each symlink on the way here@PROCESSES@.
# LEPRECHAUN_JAVA_OPTS may hold further options for the JVM, such as -Xmx256m.
env=
#@ # Signals wait for their handlers in Java (SignalHandlers). Where env(1) cannot block them, as in coreutils before 8.31,
#@ # INT or TERM before that ends the process.
#@ if [ "${1-}" != offline ]; then
#@     trap '' HUP
#@     env='/usr/bin/env --ignore-signal=INT,TERM --block-signal=HUP,INT,TERM'
#@     $env > /dev/null 2>&1 || env=
#@ fi
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
lib=$home/lib/@HASH@
aot=$lib/@PROGRAM@.aot
[ -f "$aot" ] || aot=
zones=
if [ -f "${TZDIR:-/usr/share/zoneinfo}/UTC" ]; then
    zones=host # not those that the runtime was built with
fi

unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
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
# shellcheck disable=SC2086 # both are lists of words
exec $env "$home/lib/runtime/bin/java" ${aot:+"-XX:AOTCache=$aot"} -Xlog:disable -Xlog:all=error,aot*=off:stderr \
    -XX:+UseSerialGC -XX:+UseTransparentHugePages -XX:-UsePerfData -XX:StringTableSize=1024 \
    -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining \
    --enable-native-access=ALL-UNNAMED -Djdk.reflect.useNativeAccessorOnly=true \
    -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider \
    @OPTIONS@ -Dleprechaun.home="$home" ${LEPRECHAUN_JAVA_OPTS-} \
    -cp "@CLASS_PATH@" @MAIN@ "$@"
