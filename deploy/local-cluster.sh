#!/usr/bin/env bash
# Runs a Coord cluster on loopback, each node a process of its own.
#   local-cluster.sh start DIR [NODES=3] [FIRST_PORT=2181]   builds if needed, waits until all serve
#   local-cluster.sh stop DIR                                ends all: SIGTERM, then SIGKILL
#   local-cluster.sh kill | restart | pause | resume DIR NODE
# start prints one line "hosts=… pids=…". Clients connect at FIRST_PORT and up, peers at FIRST_PORT+100, the admin port
# is FIRST_PORT+200. Data is in DIR/N/data, the log in DIR/N/out, the process id in DIR/N/pid. Settings in COORD__…
# variables reach every node. COORD_NODE_DLL names a Coord.Node.dll to run instead of building one.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dll=${COORD_NODE_DLL:-$root/src/Coord.Node/bin/Release/net10.0/Coord.Node.dll}
start_seconds=30
stop_seconds=10

fail() { echo "local-cluster: $*" >&2; exit 1; }

usage() {
  sed -n '2,5p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# Two launchers may run at once, and a build of the same sources is nothing to share: one builds, the other waits.
build() {
  [ -z "${COORD_NODE_DLL:-}" ] || { [ -f "$dll" ] || fail "COORD_NODE_DLL=$dll: no such file"; return 0; }
  local stamp=$root/src/Coord.Node/obj/local-cluster.built
  mkdir -p "$(dirname "$stamp")"
  (
    flock 9
    if [ -f "$dll" ] && [ -f "$stamp" ] && [ -z "$(newer_sources "$stamp")" ]; then exit 0; fi
    touch "$stamp.begun"
    dotnet build "$root/src/Coord.Node" -c Release --nologo -v quiet >"$stamp.out" 2>&1 9>&- \
      || { cat "$stamp.out" >&2; exit 1; }
    mv "$stamp.begun" "$stamp"
  ) 9>"$stamp.lock" || fail "the build failed"
}

newer_sources() { # STAMP
  find "$root/src" "$root"/Directory.* "$root/global.json" -type d \( -name bin -o -name obj \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.json' \) \
    -newer "$1" -print -quit
}

write_config() { # NODES FIRST_PORT
  local i separator=,
  {
    echo '{'
    echo '  "cluster": "local",'
    echo '  "nodes": ['
    for ((i = 0; i < $1; i++)); do
      [ $((i + 1)) -lt "$1" ] || separator=
      printf '    { "id": %d, "client": "127.0.0.1:%d", "peer": "127.0.0.1:%d", "admin": "127.0.0.1:%d" }%s\n' \
        $((i + 1)) $(($2 + i)) $(($2 + 100 + i)) $(($2 + 200 + i)) "$separator"
    done
    echo '  ]'
    echo '}'
  } >"$dir/cluster.json"
}

run() { # NODE
  # A node may hold tens of thousands of connections; the soft limit of a shell is often 1,024.
  ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
  # A session of its own: it outlives this script and the terminal.
  setsid dotnet exec "$dll" --config "$dir/cluster.json" --node "$1" --data "$dir/$1/data" \
    </dev/null >>"$dir/$1/out" 2>&1 &
  echo $! >"$dir/$1/pid"
}

pid_of() { # NODE
  [ -f "$dir/$1/pid" ] || fail "$dir has no node $1"
  cat "$dir/$1/pid"
}

# Running, and ours: a number may belong to another process by now. A process just begun still bears this script's name;
# one that is being killed has no command line any more, may be a zombie whose other threads have not ended, and holds
# its ports and its lock until it is a zombie of one thread.
is_running() { # PID
  local state command tasks
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  tasks=("/proc/$1/task"/*)
  [ -n "$state" ] && { [ "$state" != Z ] || [ "${#tasks[@]}" -gt 1 ]; } || return 1
  command=$({ tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null) || return 1
  [ -z "$command" ] || [[ $command == *"$dir/"* || $command == *local-cluster* ]]
}

wait_for_end() { # SECONDS PID...
  local ticks=$(($1 * 50)) pid
  shift
  for pid in "$@"; do
    while is_running "$pid"; do
      ((ticks-- > 0)) || return 1
      sleep 0.02
    done
  done
}

mode() { # PORT: prints what the node at this port is, nothing while it does not serve
  local line
  { exec 3<>"/dev/tcp/127.0.0.1/$1" && printf srvr >&3; } 2>/dev/null || return 0
  while IFS= read -r -t 2 line <&3; do
    [[ $line != 'Mode: '* ]] || echo "${line#Mode: }"
  done
}

wait_until_serving() { # NODES FIRST_PORT
  local deadline=$((SECONDS + start_seconds)) i one count modes
  while [ "$SECONDS" -lt "$deadline" ]; do
    modes='' count=0
    for ((i = 1; i <= $1; i++)); do
      is_running "$(pid_of "$i")" || { tail -n 5 "$dir/$i/out" >&2; fail "node $i ended; see $dir/$i/out"; }
      one=$(mode $(($2 + i - 1)))
      [ -z "$one" ] || { modes="$modes $one" count=$((count + 1)); }
    done
    [ "$count" != "$1" ] || [[ $modes != *leader* && $modes != *standalone* ]] || return 0
    sleep 0.02
  done
  fail "not all of $1 nodes serve after $start_seconds s (modes:$modes); see $dir/*/out"
}

start() { # NODES FIRST_PORT
  local i hosts='' pids=''
  [[ $1 =~ ^[1-9][0-9]*$ && $2 =~ ^[1-9][0-9]*$ ]] || usage
  for i in "$dir"/*/pid; do
    [ ! -f "$i" ] || ! is_running "$(cat "$i")" || fail "a cluster runs in $dir already"
  done
  build
  write_config "$1" "$2"
  for ((i = 1; i <= $1; i++)); do
    mkdir -p "$dir/$i"
    run "$i"
    hosts=$hosts,127.0.0.1:$(($2 + i - 1)) pids=$pids,$(pid_of "$i")
  done
  (wait_until_serving "$1" "$2") || { stop; exit 1; }
  echo "hosts=${hosts#,} pids=${pids#,}"
}

stop() {
  local file pid pids=()
  for file in "$dir"/*/pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    is_running "$pid" || continue
    pids+=("$pid")
    kill -TERM "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true
  done
  wait_for_end "$stop_seconds" "${pids[@]}" && return 0
  for pid in "${pids[@]}"; do
    if is_running "$pid"; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
  wait_for_end "$stop_seconds" "${pids[@]}" || fail "some of ${pids[*]} do not end"
}

signal() { # SIGNAL NODE
  local pid
  pid=$(pid_of "$2")
  is_running "$pid" || fail "node $2 is not running"
  kill "-$1" "$pid"
}

[ $# -ge 2 ] || usage
command=$1
case $command in start) mkdir -p "$2" ;; esac
[ -d "$2" ] || fail "$2: no such folder"
dir=$(cd "$2" && pwd)
case $command in start | stop) ;; *) [ $# -ge 3 ] || usage ;; esac
case $command in
start) start "${3:-3}" "${4:-2181}" ;;
stop) stop ;;
kill)
  signal KILL "$3"
  wait_for_end "$stop_seconds" "$(pid_of "$3")" || fail "node $3 does not end"
  ;;
restart)
  pid=$(pid_of "$3")
  ! is_running "$pid" || fail "node $3 is running"
  build
  run "$3"
  ;;
pause) signal STOP "$3" ;;
resume) signal CONT "$3" ;;
*) usage ;;
esac
