#!/usr/bin/env bash
# A cluster of three grows to five and shrinks to three, one node at a time and the leader among those that go, while
# clients of a node that stays write.
#   benchmarks/members.sh [SECONDS=30]
# Prints zkload's line of 16 sessions with 8 writes in flight each, and of one session that writes one at a time and
# looks for every acknowledged write in the end. Ends with 1 when a request failed or a write is missing.
set -euo pipefail
seconds=${1:-30}
[ $# -le 1 ] && [[ $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '4p' "$0" >&2; exit 2; }
export COORD_SUPER=super:secret
source "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

until_voters() { # ID,ID…
  until report "$stays" | grep "\"voters\":\[$1\]" >/dev/null; do sleep 0.05; done
}

cluster start 3 "$port" >/dev/null
first=$(leader)
second=$((first % 3 + 1))
stays=$((second % 3 + 1))
at=127.0.0.1:$((port + stays - 1))
# zkload pings its idle first session now and then only: on a busy machine ten seconds would be too few for it.
"$dir/zkload" --hosts "$at" --op set --conns 16 --depth 8 --session-ms 40000 --warm 1 --secs "$seconds" >"$dir/many" &
many=$!
"$dir/zkload" --hosts "$at" --op failover --secs "$seconds" >"$dir/one" &
one=$!
began=$SECONDS
cluster add 4
until_voters 1,2,3,4
cluster add 5
until_voters 1,2,3,4,5
cluster remove "$first"
cluster remove "$second"
until_voters "$stays,4,5"
echo "three to five to three: $((SECONDS - began)) s; nodes $first (leader) and $second went"
wait "$many"
wait "$one"
cat "$dir/many" "$dir/one"
grep -q ' errors=0 ' "$dir/many" && grep -q ' unknown=0 lost_acked=0 ' "$dir/one"
