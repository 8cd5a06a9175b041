#!/usr/bin/env bash
# Coord beside Apache ZooKeeper and etcd, in turns on this machine, with the targets that Coord is to reach.
#   benchmarks/compare.sh [--rows set,get] [--only coord,zookeeper] [--rounds 3] [--seconds 5]
#   benchmarks/compare.sh --help
# Needs python3 and Debian's python3-matplotlib; says what else is missing. Progress goes to stderr, the table to
# stdout; table, raw figures and charts to benchmarks/results. Ends its clusters whatever happens, and with 1 when a
# measurement failed.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ulimit -n "$(ulimit -Hn)"
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import matplotlib' 2>/dev/null; then exec "$python" -B "$folder/comparison" "$@"; fi
done
echo "missing: matplotlib for python3. On Debian: apt-get install python3-matplotlib" >&2
exit 2
