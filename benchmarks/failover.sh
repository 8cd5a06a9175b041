#!/usr/bin/env bash
# How long writes stand still when a node of three goes: killed, frozen, or restarted gracefully.
#   benchmarks/failover.sh [ROUNDS=5]
# One session writes one request at a time, and reconnects when it is cut off. Each round prints zkload's line with the
# longest gap between two acknowledged writes. Then each node restarts once while sessions of the two others write: no
# request of theirs may fail. The last lines are the medians. Ends with 1 when an acknowledged write is missing, or when
# a request on a surviving node failed.
set -euo pipefail
rounds=${1:-5} seconds=8
[ $# -le 1 ] && [[ $rounds =~ ^[1-9][0-9]*$ ]] || { sed -n '3p' "$0" >&2; exit 2; }
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

ready() {
  until curl -sf --max-time 2 -o /dev/null "http://127.0.0.1:$((port + 199 + $1))/readyz"; do sleep 0.05; done
}
all_ready() { local node; for node in 1 2 3; do ready "$node"; done; }

kill_leader() { local node; node=$(leader); cluster kill "$node"; sleep 3; cluster restart "$node"; }
freeze_leader() { local node; node=$(leader); cluster pause "$node"; sleep 3; cluster resume "$node"; }
restart() {
  local pid
  pid=$(cat "$dir/coord/$1/pid")
  kill -TERM "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  cluster restart "$1"
  ready "$1"
}
restart_each() { local node; for node in 1 2 3; do restart "$node"; done; }

hosts=$(cluster start 3 "$port" | sed 's/.*hosts=\([^ ]*\).*/\1/')
for what in kill_leader freeze_leader restart_each; do
  for ((round = 1; round <= rounds; round++)); do
    all_ready
    "$dir/zkload" --hosts "$hosts" --op failover --secs "$seconds" >"$dir/line" &
    load=$!
    sleep 2
    $what >/dev/null
    wait "$load"
    printf '%-13s ' "$what"
    cat "$dir/line"
    figure longest_gap_ms <"$dir/line" >>"$dir/$what"
  done
done
for node in 1 2 3; do
  others=$(tr ',' '\n' <<<"$hosts" | sed "${node}d" | paste -sd,)
  all_ready
  "$dir/zkload" --hosts "$others" --op set --conns 4 --depth 1 --warm 1 --secs 4 >"$dir/line" &
  load=$!
  sleep 2
  restart "$node" >/dev/null
  wait "$load"
  printf 'others of %s   ' "$node"
  cat "$dir/line"
  grep -q ' errors=0 ' "$dir/line"
done
for what in kill_leader freeze_leader restart_each; do
  echo "$what median_gap_ms=$(sort -n "$dir/$what" | sed -n "$(((rounds + 1) / 2))p")"
done
