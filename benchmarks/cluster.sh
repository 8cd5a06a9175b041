# shellcheck shell=bash
# Sourced by the scripts beside it: a cluster of Coord in a folder of its own, at ports that nobody listens at. Both go
# when the script ends, and so does what it left in the background.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(mktemp -d)

cluster() { "$root/deploy/local-cluster.sh" "$1" "$dir/coord" "${@:2}"; }

end_all() {
  local pid
  for pid in $(jobs -p); do kill -KILL "$pid" 2>/dev/null || true; done
  [ ! -d "$dir/coord" ] || cluster stop >/dev/null || true
  rm -rf "$dir"
}
trap end_all EXIT
trap 'exit 130' INT TERM

free_port() { # The first of the ports of a cluster of up to ten
  local first node
  while :; do
    first=$((20000 + RANDOM % 40 * 300))
    for node in {0..9}; do
      if listens $((first + node)) || listens $((first + 100 + node)) || listens $((first + 200 + node)); then
        continue 2
      fi
    done
    echo "$first"
    return
  done
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

report() { curl -sf --max-time 2 "http://127.0.0.1:$((port + 199 + $1))/commands/raft"; }
leader() { # Among nodes 1 to 3
  local node deadline=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$deadline" ]; do
    for node in 1 2 3; do
      if report "$node" 2>/dev/null | grep -q '"role":"leader"'; then echo "$node"; return; fi
    done
    sleep 0.05
  done
  echo "no node leads for a minute" >&2
  return 1
}
figure() { sed -n "s/.* $1=\([^ ]*\).*/\1/p"; } # NAME, from a line of zkload

port=$(free_port)
command -v curl >/dev/null || { echo "missing: curl" >&2; exit 2; }
cc -O2 -o "$dir/zkload" "$root/tests/tools/zkload.c"
