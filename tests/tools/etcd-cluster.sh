#!/usr/bin/env bash
# Runs etcd (Debian package `etcd-server`) as a cluster on loopback: the second server that Coord is compared with.
#   etcd-cluster.sh start DIR [NODES=3] [FIRST_PORT=23791]   prints "hosts=… pids=…" when all are healthy
#   etcd-cluster.sh stop DIR
#   etcd-cluster.sh kill | restart | pause | resume DIR NODE
# Settings are etcd's defaults (every write synced to disk), data goes to DIR/N/data.
set -euo pipefail
cmd=${1:?start or stop}; dir=${2:?DIR}; nodes=${3:-3}; port=${4:-23791}

run() { # NODE
  # shellcheck disable=SC2046 # One option per line.
  etcd $(cat "$dir/$1/options") >"$dir/$1/out" 2>&1 &
  echo $! >"$dir/$1/pid"
}

options() { # NODE CLUSTER
  local client=http://127.0.0.1:$((port + $1 - 1)) peer=http://127.0.0.1:$((port + 100 + $1 - 1))
  echo "--name n$1 --data-dir $dir/$1/data --log-level error"
  echo "--listen-client-urls $client --advertise-client-urls $client"
  echo "--listen-peer-urls $peer --initial-advertise-peer-urls $peer"
  echo "--initial-cluster $2"
  echo "--initial-cluster-state new"
}

serves() { # PORT
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET /health HTTP/1.0\r\n\r\n' >&3
  answer=$(cat <&3)
  [[ $answer == *'"health":"true"'* ]]
}

start() {
  local i n ok=0 cluster='' hosts='' pids=''
  for i in $(seq "$nodes"); do cluster=$cluster,n$i=http://127.0.0.1:$((port + 100 + i - 1)); done
  for i in $(seq "$nodes"); do
    mkdir -p "$dir/$i"
    options "$i" "${cluster#,}" >"$dir/$i/options"
    run "$i"
    hosts=$hosts,127.0.0.1:$((port + i - 1))
    pids=$pids,$(cat "$dir/$i/pid")
  done
  for i in $(seq 200); do
    ok=0
    for n in $(seq "$nodes"); do
      ! (serves $((port + n - 1))) 2>/dev/null || ok=$((ok + 1))
    done
    [ "$ok" -lt "$nodes" ] || break
    sleep .1
  done
  [ "$ok" = "$nodes" ] || { echo "only $ok of $nodes nodes answer; see $dir/*/out" >&2; exit 1; }
  echo "hosts=${hosts#,} pids=${pids#,}"
}

stop() { # Returns when nothing writes to DIR any more.
  local f pid
  for f in "$dir"/*/pid; do kill -9 "$(cat "$f")" 2>/dev/null || true; done
  for f in "$dir"/*/pid; do
    pid=$(cat "$f" 2>/dev/null) || continue
    while [ -e "/proc/$pid" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null; do sleep .02; done
  done
}

case $cmd in
start) start;;
stop) stop;;
kill) kill -9 "$(cat "$dir/$3/pid")";;
restart) run "$3";;
pause) kill -STOP "$(cat "$dir/$3/pid")";;
resume) kill -CONT "$(cat "$dir/$3/pid")";;
*) echo "start, stop, kill, restart, pause or resume" >&2; exit 2;;
esac
