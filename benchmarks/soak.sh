#!/usr/bin/env bash
# Half of what the cluster can do, for a long time, while its leader is killed every minute and comes back.
#   benchmarks/soak.sh [--minutes 60]
# First measures how many sets a second three nodes do, 16 sessions with 32 in flight each; then asks for half of them
# from sessions that go on at another node when theirs is killed. One more session writes ten znodes a second, one at a
# time, and looks for every acknowledged one at the end. Each minute prints operations a second, p99.9, errors (what was
# under way at a killed node is cut, not an error), sessions that expired, and the memory of each node. Ends with 1
# when a request failed, a session expired, an acknowledged write is missing, or memory grew: when the nodes' largest
# total in the last third is over 1.2 times that of the middle third and 64 MiB.
set -euo pipefail
minutes=60 port=28281
[ "${1:-}" != --minutes ] || { minutes=${2:?minutes}; shift 2; }
[ $# = 0 ] && [[ $minutes =~ ^[1-9][0-9]*$ ]] || { sed -n '3p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(mktemp -d)
loads=()
cluster() { "$root/deploy/local-cluster.sh" "$1" "$dir/coord" "${@:2}"; }
stop() {
  local load
  for load in "${loads[@]}"; do kill -KILL "$load" 2>/dev/null || true; done
  cluster stop >/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
command -v curl >/dev/null || { echo "soak: needs curl" >&2; exit 2; }
cc -O2 -o "$dir/zkload" "$root/tests/tools/zkload.c"

figure() { sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<"$2"; }
report() { curl -sf --max-time 2 "http://127.0.0.1:$((port + 199 + $1))/commands/raft"; }
leader() {
  local node deadline=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$deadline" ]; do
    for node in 1 2 3; do
      if report "$node" 2>/dev/null | grep -q '"role":"leader"'; then echo "$node"; return; fi
    done
    sleep 0.1
  done
  echo "soak: no node leads for a minute" >&2
  return 1
}
until_second() { # SECOND, which may be over
  local left=$(($1 - SECONDS))
  [ "$left" -le 0 ] || sleep "$left"
}
memory() { # MiB of each node
  local node
  for node in 1 2 3; do
    awk '/^VmRSS/ { printf "%d ", $2 / 1024 }' "/proc/$(cat "$dir/coord/$node/pid")/status"
  done
}

hosts=$(cluster start 3 "$port" | sed 's/.*hosts=\([^ ]*\).*/\1/')
"$dir/zkload" --hosts "$hosts" --op set --warm 5 --secs 5 >/dev/null
full=$(figure ops_per_s "$("$dir/zkload" --hosts "$hosts" --op set --warm 2 --secs 10)")
echo "full load: $full sets/s; half of them for $minutes minutes"
"$dir/zkload" --hosts "$hosts" --op set --rate $((full / 2)) --reconnect 1 --session-ms 30000 --every 60 \
  --warm 1 --secs $((minutes * 60)) >"$dir/load" 2>"$dir/load.error" &
loads+=($!)
"$dir/zkload" --hosts "$hosts" --op failover --rate 10 --prefix /soak --session-ms 30000 \
  --secs $((minutes * 60)) >"$dir/checked" 2>"$dir/checked.error" &
loads+=($!)

began=$SECONDS
for ((minute = 1; minute <= minutes; minute++)); do
  until_second $((began + minute * 60 - 40))
  node=$(leader)
  cluster kill "$node"
  sleep 3
  cluster restart "$node"
  until_second $((began + minute * 60 + 3)) # The load prints its minute first.
  now=$(memory)
  echo "$now" >>"$dir/memory"
  echo "minute $minute: $(grep '^part' "$dir/load" | tail -n 1 | cut -d' ' -f2-) killed=$node rss_mb=${now// /,}" |
    sed 's/,$//'
done
failed=0
for load in "${loads[@]}"; do wait "$load" || failed=1; done
cat "$dir"/*.error >&2
tail -n 1 "$dir/load"
tail -n 1 "$dir/checked"
grep -q ' sessions_expired=0 ' "$dir/checked" || failed=1
growth=$(awk -v n="$minutes" '{ sum = $1 + $2 + $3 }
  NR > n / 3 && NR <= 2 * n / 3 { if (sum > middle) middle = sum }
  NR > 2 * n / 3 { if (sum > last) last = sum }
  END { print (middle > 0 && last > 1.2 * middle + 64) ? "grew" : "flat", middle + 0, last + 0 }' "$dir/memory")
read -r verdict middle last <<<"$growth"
echo "memory $verdict: at most $middle MiB in the middle third, $last in the last"
[ "$verdict" = flat ] || failed=1
[ "$failed" = 0 ] && echo "soak: passed" || echo "soak: failed"
exit "$failed"
