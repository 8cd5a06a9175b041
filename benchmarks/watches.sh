#!/usr/bin/env bash
# Watches on node 1 of three: 100,000 watches, a client with 50,000 that comes back, 10,000 watchers of a znode.
#   benchmarks/watches.sh
# Needs python3, and 20,000 open files (ulimit -n).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(mktemp -d)
stop() {
  "$root/deploy/local-cluster.sh" stop "$dir" >/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
ulimit -n "$(ulimit -Hn)"
line=$("$root/deploy/local-cluster.sh" start "$dir" 3 26381)
hosts=$(sed 's/.*hosts=\([^ ,]*\).*/\1/' <<<"$line")
pids=$(sed 's/.*pids=\([^ ,]*\).*/\1/' <<<"$line")
python3 "$root/benchmarks/watches.py" "$hosts" "$pids"
