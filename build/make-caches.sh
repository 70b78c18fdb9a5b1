#!/bin/sh
# Makes the AOT caches of the tree that this lies in, with which both programs start faster: lib/make-caches
# They are of one machine and one build: the tarball of a release has none. Whoever may write the tree runs this once.
#
# Both programs run once at what they do most, so that the JVM notes their classes and writes its caches. Not how often methods
# are called: to compile those at once takes more of a start than it gives.
set -eu
umask 022
tree=$(cd "$(dirname "$0")/.." && pwd)
lib=$(dirname "$(echo "$tree"/lib/*/picocli.jar)")

fail() {
    echo "make-caches: $*" >&2
    exit 1
}

LEPRECHAUN_TRUST_TREE=1 # whoever builds as root in somebody's folder trusts it
export LEPRECHAUN_TRUST_TREE
noting='-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput'
work=$(mktemp -d "${TMPDIR:-/tmp}/leprechaun.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/recipes"
printf 'agents: { server: { listen: "127.0.0.1:0" } }\n' > "$work/leprechaun.yml"
printf 'steps:\n  - echo trained\n' > "$work/recipes/train.yml"
printf 'definition: [cron, hook]\npattern: "@yearly"\nid: trained-by-a-hook\nsteps:\n  - ! echo a }>\n  - run: cat\n' > "$work/recipes/both.yml"
printf 'trained' > "$work/secret"
printf 'definition: hook\nid: trained-by-a-signature\nhook:\n  auth: { scheme: github, secret: { file: %s } }\n  rules: [ { json: ref, regex: "^refs/" } ]\n  params: { ref: { json: ref } }\nsteps: [ "true" ]\n' "$work/secret" > "$work/recipes/signed.yml"
printf 'definition: schedule\nschedule: { day: 1 }\nretry: { times: 1 }\nlock: x\nsteps:\n  - argv: [ "true" ]\n' > "$work/recipes/every.yml"
LEPRECHAUN_JAVA_OPTS="$noting=$work/leprechaund.aot" "$tree/bin/leprechaund" --config "$work/leprechaun.yml" \
    --state "$work/state" --socket "$work/socket" --recipes "$work/recipes" > "$work/log" 2>&1 &
daemon=$!
trap 'kill "$daemon" 2> /dev/null; cat "$work/log" >&2; rm -rf "$work"' EXIT
tries=0
until [ -S "$work/socket" ]; do
    kill -0 "$daemon" 2> /dev/null || fail "the daemon ended before it was ready"
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail "the daemon was not ready within a minute"
    sleep 0.1
done
for words in "run train --wait" "scheduler info" "daemon services --json" "ls" "runs" "logs train"; do
    # shellcheck disable=SC2086 # words
    "$tree/bin/leprechaun" --socket "$work/socket" $words >> "$work/log" 2>&1 || fail "leprechaun $words: exit code $?"
done
listener=$(sed -n 's/.*listening for hooks on \([0-9.:]*\).*/\1/p' "$work/log")
"$tree/lib/runtime/bin/java" -cp "$(echo "$lib"/leprechaun-daemon-*.jar)" io.leprechaun.daemon.HookTraining "$listener" trained \
    >> "$work/log" 2>&1 || fail "the hooks of the training failed"
LEPRECHAUN_JAVA_OPTS="$noting=$work/leprechaun.aot" \
    "$tree/bin/leprechaun" --socket "$work/socket" scheduler info >> "$work/log" 2>&1 || fail "leprechaun scheduler info: exit code $?"
kill "$daemon"
wait "$daemon" || fail "the daemon ended with exit code $?"
trap 'rm -rf "$work"' EXIT
[ -f "$work/leprechaun.aot" ] && [ -f "$work/leprechaund.aot" ] || fail "the JVM wrote no AOT cache"
mv "$work/leprechaun.aot" "$work/leprechaund.aot" "$lib/"
