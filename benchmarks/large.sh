#!/usr/bin/env bash
# A million children of one znode, and 15,000 sessions with 10 ephemerals each that expire at once, on the leader of
# three nodes: how long each takes, and the slowest get and set of another client meanwhile.
#   benchmarks/large.sh [PART=1]
# Needs python3, and 20,000 open files (ulimit -n). PART is what to do of it all: 0.1 is a tenth.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
ulimit -n "$(ulimit -Hn)"
line=$(cluster start 3 "$port")
node=$(leader)
pids=$(sed 's/.*pids=//' <<<"$line")
python3 "$root/benchmarks/large.py" "127.0.0.1:$((port + node - 1))" "$(cut -d, -f"$node" <<<"$pids")" "${1:-1}"
