#!/usr/bin/env bash
# Watches on node 1 of three: 100,000 watches, a client with 50,000 that comes back, 10,000 watchers of a znode.
#   benchmarks/watches.sh
# Needs python3, and 20,000 open files (ulimit -n).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
ulimit -n "$(ulimit -Hn)"
line=$(cluster start 3 "$port")
hosts=$(sed 's/.*hosts=\([^ ,]*\).*/\1/' <<<"$line")
pids=$(sed 's/.*pids=\([^ ,]*\).*/\1/' <<<"$line")
python3 "$root/benchmarks/watches.py" "$hosts" "$pids"
