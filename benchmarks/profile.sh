#!/usr/bin/env bash
# Where the processor time of a cluster of three goes under a steady load.
#   benchmarks/profile.sh [OPERATION=set] [SECONDS=10] [FOLDER=artifacts/profile]
# OPERATION is one of zkload's steady ones: create, set, get, syncget, exists, children, mixed; 16 sessions with 32
# requests in flight each. Prints processor time by thread, by thread in user and kernel mode, and by function, context
# switches and system calls, all for each operation. Writes FOLDER/OPERATION.svg (flame graph),
# FOLDER/OPERATION.speedscope.json (for https://www.speedscope.app), FOLDER/OPERATION.md (what it printed).
# Needs perf (Debian package linux-perf), rights to use it, and python3 with matplotlib.
set -euo pipefail
operation=${1:-set} seconds=${2:-10} out=${3:-artifacts/profile} hertz=997
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import matplotlib' 2>/dev/null && echo "$p" && break; done) ||
  { echo "missing: matplotlib for python3. On Debian: apt-get install python3-matplotlib" >&2; exit 2; }
command -v perf >/dev/null || { echo "missing: perf. On Debian: apt-get install linux-perf" >&2; exit 2; }
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
pids=
trap 'end_all; for pid in ${pids//,/ }; do rm -f "/tmp/perf-$pid.map"; done' EXIT
mkdir -p "$out"

# Names for compiled code, without the tier behind them; all code compiled at run time, since what was compiled ahead
# has no names; and one mapping for each method's code, where perf looks for it. The loop's own thread takes all turns:
# at whoever brought the work they could not be told from his own.
export DOTNET_PerfMapEnabled=3 DOTNET_PerfMapShowOptimizationTiers=0 DOTNET_ReadyToRun=0 DOTNET_EnableWriteXorExecute=0
export COORD__limits__turnsInRowMax=0
line=$(cluster start 3 "$port")
hosts=$(sed 's/.*hosts=\([^ ]*\).*/\1/' <<<"$line")
pids=$(sed 's/.*pids=\([^ ]*\).*/\1/' <<<"$line")
leader=$(leader)

under_load() { # NAME COMMAND...: runs the command while the load does, whose line goes to a file
  local name=$1 load
  shift
  "$dir/zkload" --hosts "$hosts" --op "$operation" --warm 3 --secs 600 --pids "$pids" >"$dir/$name.line" &
  load=$!
  sleep 3
  "$@"
  kill -TERM "$load"
  wait "$load"
}

echo "warm-up" >&2
under_load warm sleep 15
echo "samples" >&2
under_load samples perf record -q -e cpu-clock -F "$hertz" -g -p "$pids" -o "$dir/perf.data" -- sleep "$seconds"
echo "counters" >&2
counters=context-switches,raw_syscalls:sys_enter
for call in futex sendto sendmsg recvfrom recvmsg read write pwrite64 fdatasync epoll_wait epoll_pwait poll madvise \
  sched_yield; do
  counters=$counters,syscalls:sys_enter_$call
done
under_load counters perf stat -x, -e "$counters" -p "$pids" -o "$dir/counters" -- sleep "$seconds"
perf script -i "$dir/perf.data" -F comm,pid,tid,ip,sym,dso --no-inline >"$dir/stacks" 2>/dev/null
"$python" -B "$root/benchmarks/profiling" --stacks "$dir/stacks" --counters "$dir/counters" --hertz "$hertz" \
  --samples-line "$dir/samples.line" --counters-line "$dir/counters.line" --seconds "$seconds" \
  --leader "$(cut -d, -f"$leader" <<<"$pids")" --output "$out/$operation"
