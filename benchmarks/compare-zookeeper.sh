#!/usr/bin/env bash
# Sets and gets on three nodes each of Apache ZooKeeper (Debian package zookeeper) and Coord, in turns on one machine.
#   benchmarks/compare-zookeeper.sh [ROUNDS=3] [SECONDS=5]
# 16 sessions, 32 requests in flight on each, 100 bytes. Both clusters run all the while; one at a time is under load.
set -euo pipefail
rounds=${1:-3} seconds=${2:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(mktemp -d)
stop() {
  "$root/tests/tools/zookeeper-ensemble.sh" stop "$dir/zookeeper" || true
  "$root/deploy/local-cluster.sh" stop "$dir/coord" || true
  rm -rf "$dir"
}
trap stop EXIT
cc -O2 -o "$dir/zkload" "$root/tests/tools/zkload.c"
started() { # NAME LAUNCHER PORT
  local line
  line=$("$2" start "$dir/$1" 3 "$3")
  hosts[$1]=$(sed 's/.*hosts=\([^ ]*\).*/\1/' <<<"$line")
  pids[$1]=$(sed 's/.*pids=\([^ ]*\).*/\1/' <<<"$line")
}
declare -A hosts pids
started zookeeper "$root/tests/tools/zookeeper-ensemble.sh" 25811
started coord "$root/deploy/local-cluster.sh" 26181
for ((round = 1; round <= rounds; round++)); do
  for op in set get; do
    for who in zookeeper coord; do
      printf '%-9s ' "$who"
      "$dir/zkload" --hosts "${hosts[$who]}" --op $op --conns 16 --depth 32 --size 100 --warm 2 --secs "$seconds" \
        --pids "${pids[$who]}"
    done
  done
done
