#!/usr/bin/env bash
# What a larger machine would do: a model of what a request costs, its constants measured here, and what it foretells
# beside what is measured when cores, flush time, payload, nodes and requests in flight change.
#   benchmarks/scaling.sh [--output FOLDER]
#   benchmarks/scaling.sh --from benchmarks/results/scaling.json
# Takes some five minutes. Needs two cores, gcc, iproute2 (ss), python3 and Debian's python3-matplotlib. Progress goes
# to stderr, the tables to stdout; scaling.md, scaling.json and scaling.svg to benchmarks/results. The model:
# docs/internals/scaling.md.
set -euo pipefail
export COORD__limits__turnsInRowMax=0 # The model goes by threads: the loop's own takes all turns.
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ulimit -n "$(ulimit -Hn)"
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import matplotlib' 2>/dev/null; then
    PYTHONPATH=$folder/comparison exec "$python" -B "$folder/scaling" "$@"
  fi
done
echo "missing: matplotlib for python3. On Debian: apt-get install python3-matplotlib" >&2
exit 2
