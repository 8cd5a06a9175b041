#!/usr/bin/env bash
# Half of what the cluster can do, for a long time, while its leader is killed every minute and comes back.
#   benchmarks/soak.sh [--minutes 60]
# First measures how many sets a second three nodes do, 16 sessions with 32 in flight each; then asks for half of them
# from sessions that go on at another node when theirs is killed. One more session writes ten znodes a second, one at a
# time, and looks for every acknowledged one at the end. Each minute prints operations a second, p99.9, errors (what was
# under way at a killed node is cut, not an error), sessions that expired, memory and disk of each node. Ends with 1
# when a request failed, a session expired, an acknowledged write is missing, a node ended by itself, less than 0.8 of
# what was asked for was done, or memory grew: when the nodes' largest total in the last third is over 1.2 times that
# of the middle third and 64 MiB.
set -euo pipefail
minutes=60
[ "${1:-}" != --minutes ] || { minutes=${2:?minutes}; shift 2; }
[ $# = 0 ] && [[ $minutes =~ ^[1-9][0-9]*$ ]] || { sed -n '3p' "$0" >&2; exit 2; }
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

until_second() { # SECOND, which may be over
  local left=$(($1 - SECONDS))
  [ "$left" -gt 0 ] || return 0
  sleep "$left" & # A signal ends the waiting and not only what is waited for.
  wait $!
}
memory() { # MiB of each node; fails when one does not run
  local node pid
  for node in 1 2 3; do
    pid=$(cat "$dir/coord/$node/pid")
    awk '/^VmRSS/ { printf "%d ", $2 / 1024; found = 1 } END { exit !found }' "/proc/$pid/status" 2>/dev/null ||
      { echo "node $node ended by itself: $(tail -n 1 "$dir/coord/$node/out")" >&2; return 1; }
  done
}
disk() { # MiB of each node's data
  local node
  for node in 1 2 3; do du -sm "$dir/coord/$node/data" 2>/dev/null | cut -f1; done | paste -sd,
}
all_run() { # Both loads, which only end when their time is over or they cannot go on
  local pid
  for pid in "${loads[@]}"; do kill -0 "$pid" 2>/dev/null || return 1; done
}

loads=()
hosts=$(cluster start 3 "$port" | sed 's/.*hosts=\([^ ]*\).*/\1/')
"$dir/zkload" --hosts "$hosts" --op set --warm 5 --secs 5 >/dev/null
full=$("$dir/zkload" --hosts "$hosts" --op set --warm 2 --secs 10 | figure ops_per_s)
half=$((full / 2))
echo "full load: $full sets/s; half of them for $minutes minutes"
"$dir/zkload" --hosts "$hosts" --op set --rate "$half" --reconnect 1 --session-ms 30000 --every 60 \
  --warm 1 --secs $((minutes * 60)) >"$dir/load" 2>"$dir/load.error" &
loads+=($!)
"$dir/zkload" --hosts "$hosts" --op failover --rate 10 --prefix /soak --session-ms 30000 \
  --secs $((minutes * 60)) >"$dir/checked" 2>"$dir/checked.error" &
loads+=($!)

failed=0
fail() { echo "soak: $*" >&2; failed=1; }
: >"$dir/memory"
began=$SECONDS
for ((minute = 1; minute <= minutes; minute++)); do
  until_second $((began + minute * 60 - 40))
  all_run || { fail "a load ended before its time"; break; }
  node=$(leader)
  cluster kill "$node"
  sleep 3
  cluster restart "$node"
  until_second $((began + minute * 60 + 3)) # The load prints its minute first.
  now=$(memory)
  echo "$now" >>"$dir/memory"
  now=${now% }
  echo "minute $minute: $(grep '^part' "$dir/load" | tail -n 1 | cut -d' ' -f2-) killed=$node rss_mb=${now// /,}" \
    "disk_mb=$(disk)"
done
for load in "${loads[@]}"; do wait "$load" || fail "a request failed, a session expired or a write is missing"; done
cat "$dir"/*.error >&2
tail -n 1 "$dir/load"
tail -n 1 "$dir/checked"
done=$(figure ops_per_s <"$dir/load" | tail -n 1)
[ "${done:-0}" -ge $((half * 8 / 10)) ] || fail "${done:-no} sets/s of $half that were asked for"
grep -q ' sessions_expired=0 ' "$dir/checked" || fail "a session expired"
growth=$(awk -v n="$minutes" '{ sum = $1 + $2 + $3 }
  NR > n / 3 && NR <= 2 * n / 3 { if (sum > middle) middle = sum }
  NR > 2 * n / 3 { if (sum > last) last = sum }
  END { print (middle > 0 && last > 1.2 * middle + 64) ? "grew" : "flat", middle + 0, last + 0 }' "$dir/memory")
read -r verdict middle last <<<"$growth"
echo "memory $verdict: at most $middle MiB in the middle third, $last in the last"
[ "$verdict" = flat ] || fail "memory grew"
[ "$failed" = 0 ] && echo "soak: passed" || echo "soak: failed"
exit "$failed"
