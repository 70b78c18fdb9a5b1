#!/bin/sh -p
# Another name for `leprechaun check`, which scripts may know: lepretools recipe:validate FILE...
if [ "${1-}" != recipe:validate ]; then
    echo "usage: lepretools recipe:validate FILE...; it is another name for: leprechaun check FILE..." >&2
    exit 2
fi
shift
self=$(command -p readlink -f "$0")
exec "${self%/*}/leprechaun" check "$@"
