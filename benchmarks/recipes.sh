#!/usr/bin/env bash
# Coord's recipes beside Curator's on ZooKeeper and beside Redis, in turns on this machine, with the targets.
#   benchmarks/recipes.sh [--rows lock,handoff] [--only coord,curator] [--rounds 3] [--seconds 5] [--output FOLDER]
#   benchmarks/recipes.sh --from benchmarks/results/recipes.json
#   benchmarks/recipes.sh --help
# Needs python3 and Debian's python3-matplotlib; says what else is missing. Progress goes to stderr, the table to
# stdout; recipes.md, recipes.json and recipes.svg to benchmarks/results. Ends its servers whatever happens, and with 1
# when a measurement failed.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ulimit -n "$(ulimit -Hn)"
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import matplotlib' 2>/dev/null; then
    PYTHONPATH=$folder/comparison exec "$python" -B "$folder/recipes" "$@"
  fi
done
echo "missing: matplotlib for python3. On Debian: apt-get install python3-matplotlib" >&2
exit 2
