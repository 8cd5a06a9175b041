#!/usr/bin/env bash
# Ten times the load that three nodes can bear: what becomes of those who are served, and of those who hold a session.
#   benchmarks/overload.sh [SECONDS=20]
# Measures full load (16 sessions with 32 sets in flight each) and then ten times as many requests at once, from ten
# times as many sessions, beside 1,000 idle sessions that ping at a timeout of 6 s. Prints throughput and latency of
# both, the nodes' memory before, at most during and after, and whether idle sessions were lost. Ends with 1 when a
# request failed, a session was lost, or throughput fell under 0.8 of that at full load.
set -euo pipefail
seconds=${1:-20}
[ $# -le 1 ] && [[ $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '3p' "$0" >&2; exit 2; }
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
ulimit -n "$(ulimit -Hn)"
memory() {
  local pid
  for pid in ${pids//,/ }; do cat "/proc/$pid/status"; done |
    awk '/^VmRSS/ { sum += $2 } END { print int(sum / 1024) }'
}

line=$(cluster start 3 "$port")
hosts=$(sed 's/.*hosts=\([^ ]*\).*/\1/' <<<"$line") pids=$(sed 's/.*pids=\([^ ]*\).*/\1/' <<<"$line")
load() { "$dir/zkload" --hosts "$hosts" --pids "$pids" --op set --secs "$seconds" "$@"; }

"$dir/zkload" --hosts "$hosts" --op sessions --conns 1000 --session-ms 6000 --secs $((2 * seconds + 20)) >"$dir/idle" &
idle=$!
load --warm 5 | tee "$dir/full"
before=$(memory)
(while :; do memory; sleep 0.2; done) >"$dir/memory" 2>/dev/null &
watcher=$!
failed=0
load --warm 5 --conns 160 --depth 32 --session-ms 6000 | tee "$dir/over" || failed=1
kill "$watcher"
wait "$idle" || failed=1
cat "$dir/idle"
echo "memory of all nodes, MiB: $before before, $(sort -n "$dir/memory" | tail -n 1) at most, $(memory) after"
awk -v full="$(figure ops_per_s <"$dir/full")" -v over="$(figure ops_per_s <"$dir/over")" \
  'BEGIN { printf "ten times the load: %.2f of the throughput\n", over / full; exit over < 0.8 * full }' || failed=1
[ "$failed" = 0 ] && echo "overload: passed" || echo "overload: failed"
exit "$failed"
