#!/usr/bin/env bash
# Runs a Coord cluster on one machine, on loopback, each node a process of its own.
#   local-cluster.sh start DIR [NODES=3] [FIRST_PORT=2181]   builds if needed, waits until all serve
#   local-cluster.sh stop DIR                                ends all: SIGTERM, then SIGKILL
#   local-cluster.sh kill | restart | pause | resume DIR NODE
#   local-cluster.sh end DIR NODE      ends one node: SIGTERM, then SIGKILL
#   local-cluster.sh add DIR NODE      starts a new node, whose cluster.json lists the running ones, and lets it in
#   local-cluster.sh remove DIR NODE   takes a node out of the cluster and ends its process
#   local-cluster.sh wipe DIR NODE     SIGKILL if it runs, then deletes its data, as if its disk had been replaced
# start prints one line "hosts=… pids=…". Clients connect at FIRST_PORT and up, peers at FIRST_PORT+100, the admin port
# is FIRST_PORT+200. Data is in DIR/N/data, the log in DIR/N/out, the process id in DIR/N/pid. Settings in COORD__…
# variables reach every node. COORD_NODE_DLL names a Coord.Node.dll to run instead of building one. COORD_SUPER
# ("user:password") makes start set a super user, add let the node in, and remove take it out; without it add leaves the
# node waiting. COORD_NETNS=NAME:10.1.2 runs node N in the network namespace NAMEN, made before, at the address
# 10.1.2.N. COORD_NODE_PRELOAD names libraries that the nodes alone are started with, as LD_PRELOAD would everything.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
made=$root/src/Coord.Node/obj/launcher
dll=${COORD_NODE_DLL:-$made/node/Coord.Node.dll}
start_seconds=60
stop_seconds=10

fail() { echo "local-cluster: $*" >&2; exit 1; }

usage() {
  sed -n '2,9p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

host() { # NODE: its address
  if [ -n "${COORD_NETNS:-}" ]; then echo "${COORD_NETNS#*:}.$1"; else echo 127.0.0.1; fi
}

# Two launchers may run at once, and a build of the same sources is nothing to share: one builds, the other waits.
build() {
  [ -z "${COORD_NODE_DLL:-}" ] || { [ -f "$dll" ] || fail "COORD_NODE_DLL=$dll: no such file"; return 0; }
  local stamp=$made/built
  mkdir -p "$made"
  (
    flock 9
    if [ -f "$dll" ] && [ -f "$stamp" ] && [ -z "$(newer_sources "$stamp")" ]; then exit 0; fi
    touch "$stamp.begun"
    if ! publish "$stamp.whole.out" "${whole[@]}" && ! publish "$stamp.ahead.out" "${ahead[@]}"; then
      publish "$stamp.out" --no-self-contained || { cat "$stamp.out" >&2; exit 1; }
      echo "local-cluster: not compiled ahead of time, nodes are slower at first: see $stamp.ahead.out" >&2
    elif [ ! -f "$made/node/libcoreclr.so" ]; then
      echo "local-cluster: the runtime is the installed one, nodes take more memory: see $stamp.whole.out" >&2
    fi
    mv "$stamp.begun" "$stamp"
  ) 9>"$stamp.lock" || fail "the build failed"
}

# The runtime in the node's own folder, without what a node never uses: less of it is in memory. Compiled ahead of time,
# and all together: a node that has just started is as quick as one that ran for a while (raft-design F24). Left out is
# what needs packages that cannot be had. A folder and lock files of its own: this touches nothing that other builds
# made. New files take the place of the old ones, and are not written over them: nodes that run keep what they have.
ahead=(--no-self-contained -p:PublishReadyToRun=true)
whole=(--self-contained -p:PublishReadyToRun=true -p:PublishTrimmed=true -p:PublishReadyToRunComposite=true)
publish() { # OUTPUT OPTION...
  local output=$1
  shift
  rm -rf "$made/new"
  dotnet publish "$root/src/Coord.Node" -c Release --use-current-runtime --nologo -v quiet \
    -p:NuGetLockFilePath=obj/launcher.lock.json -p:RunAnalyzers=false --artifacts-path "$made" -o "$made/new" "$@" \
    >"$output" 2>&1 9>&- || return 1
  rm -rf "$made/node"
  mv "$made/new" "$made/node"
}

newer_sources() { # STAMP
  find "$root/src" "$root"/Directory.* "$root/global.json" -type d \( -name bin -o -name obj \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.json' \) \
    -newer "$1" -print -quit
}

# The digest of COORD_SUPER as ZooKeeper's tool makes it: user:base64(sha1(user:password)).
super_digest() {
  local hex
  hex=$(printf %s "$COORD_SUPER" | sha1sum | cut -c1-40 | sed 's/../\\x&/g')
  # shellcheck disable=SC2059 # The format is the bytes.
  echo "${COORD_SUPER%%:*}:$(printf "$hex" | base64)"
}

write_config() { # FILE FIRST_PORT NODE...
  local file=$1 first=$2 node host separator=''
  shift 2
  {
    echo '{'
    echo '  "cluster": "local",'
    [ -z "${COORD_SUPER:-}" ] ||
      printf '  "zookeeper": { "DigestAuthenticationProvider.superDigest": "%s" },\n' "$(super_digest)"
    echo '  "nodes": ['
    for node in "$@"; do
      host=$(host "$node")
      printf '%s    { "id": %d, "client": "%s:%d", "peer": "%s:%d", "admin": "%s:%d" }' "$separator" "$node" \
        "$host" $((first + node - 1)) "$host" $((first + 99 + node)) "$host" $((first + 199 + node))
      separator=$',\n'
    done
    printf '\n  ]\n}\n'
  } >"$file"
}

first_port() { # The client port of node 1, which need not run any more.
  local port
  port=$(sed -n 's/.*"id": 1, "client": "[0-9.]*:\([0-9]*\)".*/\1/p' "$dir/cluster.json" 2>/dev/null)
  [ -n "$port" ] || fail "$dir holds no cluster that start made"
  echo "$port"
}

config_of() { # NODE: its own file, if it was added later
  if [ -f "$dir/$1/cluster.json" ]; then echo "$dir/$1/cluster.json"; else echo "$dir/cluster.json"; fi
}

run() { # NODE
  # A node may hold tens of thousands of connections; the soft limit of a shell is often 1,024.
  ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
  local program=(dotnet exec "$dll")
  [ ! -f "${dll%/*}/libcoreclr.so" ] || program=("${dll%.dll}")
  [ -z "${COORD_NODE_PRELOAD:-}" ] ||
    program=(env "LD_PRELOAD=$COORD_NODE_PRELOAD${LD_PRELOAD:+:$LD_PRELOAD}" "${program[@]}")
  [ -z "${COORD_NETNS:-}" ] || program=(nsenter "--net=/run/netns/${COORD_NETNS%%:*}$1" "${program[@]}")
  # A session of its own: it outlives this script and the terminal.
  setsid "${program[@]}" --config "$(config_of "$1")" --node "$1" --data "$dir/$1/data" \
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

mode() { # NODE PORT: prints what the node at this port is, nothing while it does not serve
  local line
  { exec 3<>"/dev/tcp/$(host "$1")/$2" && printf srvr >&3; } 2>/dev/null || return 0
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
      one=$(mode "$i" $(($2 + i - 1)))
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
  # shellcheck disable=SC2046 # One word per node.
  write_config "$dir/cluster.json" "$2" $(seq "$1")
  for ((i = 1; i <= $1; i++)); do
    mkdir -p "$dir/$i"
    run "$i"
    hosts=$hosts,$(host "$i"):$(($2 + i - 1)) pids=$pids,$(pid_of "$i")
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

running_nodes() {
  local file
  for file in "$dir"/*/pid; do
    [ ! -f "$file" ] || ! is_running "$(cat "$file")" || basename "$(dirname "$file")"
  done | sort -n
}

# Sends an order to the admin ports, over /dev/tcp to need no other program; prints status line, headers and body.
post() { # HOST:PORT PATH
  { exec 3<>"/dev/tcp/${1%:*}/${1##*:}"; } 2>/dev/null || return 1
  printf 'POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: digest %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' \
    "$2" "$1" "$COORD_SUPER" >&3
  tr -d '\r' <&3
}

order() { # PATH: asks the running nodes in turn until the leader has done it
  local deadline=$((SECONDS + start_seconds)) node at answer status
  while [ "$SECONDS" -lt "$deadline" ]; do
    for node in $(running_nodes); do
      at=$(host "$node"):$(($(first_port) + 199 + node))
      answer=$(post "$at" "/commands/$1") || continue
      status=$(sed -n '1s/[^ ]* \([0-9]*\).*/\1/p' <<<"$answer")
      if [ "$status" = 307 ]; then
        at=$(sed -n 's,^Location: http://\([^/]*\)/.*,\1,p' <<<"$answer")
        answer=$(post "$at" "/commands/$1") || continue
        status=$(sed -n '1s/[^ ]* \([0-9]*\).*/\1/p' <<<"$answer")
      fi
      case $status in
      200) return 0 ;;
      307 | 503 | '') ;; # No leader at the moment.
      *) fail "$1: $(tail -n 1 <<<"$answer")" ;;
      esac
    done
    sleep 0.2
  done
  fail "$1: no leader did it within $start_seconds s: $(tail -n 1 <<<"${answer:-}")"
}

wait_for() { # NODE TEXT: in its log, or until it serves
  local deadline=$((SECONDS + start_seconds)) port
  port=$(($(first_port) + $1 - 1))
  while [ "$SECONDS" -lt "$deadline" ]; do
    is_running "$(pid_of "$1")" || { tail -n 5 "$dir/$1/out" >&2; fail "node $1 ended; see $dir/$1/out"; }
    [ -z "$2" ] || ! grep -qF "$2" "$dir/$1/out" || return 0
    [ -z "$(mode "$1" "$port")" ] || return 0
    sleep 0.05
  done
  fail "node $1 does not get so far within $start_seconds s; see $dir/$1/out"
}

add() { # NODE
  local port nodes
  [[ $1 =~ ^[1-9][0-9]*$ ]] || usage
  port=$(first_port)
  nodes=$(running_nodes)
  [ ! -d "$dir/$1/data" ] || fail "node $1 has data already; restart starts it, wipe deletes them"
  build
  mkdir -p "$dir/$1"
  # shellcheck disable=SC2086 # One word per node.
  write_config "$dir/$1/cluster.json" "$port" $nodes "$1"
  run "$1"
  wait_for "$1" "waiting to be let in"
  [ -z "${COORD_SUPER:-}" ] || { order "members/add?id=$1" && wait_for "$1" ''; }
  echo "host=$(host "$1"):$((port + $1 - 1)) pid=$(pid_of "$1")"
}

remove() { # NODE
  [ -n "${COORD_SUPER:-}" ] || fail "remove needs COORD_SUPER, the super user's name and password"
  order "members/remove?id=$1"
  end "$1"
}

end() { # NODE
  local pid
  pid=$(pid_of "$1")
  is_running "$pid" || return 0
  kill -TERM "$pid"
  kill -CONT "$pid" 2>/dev/null || true
  wait_for_end "$stop_seconds" "$pid" || { kill -KILL "$pid" && wait_for_end "$stop_seconds" "$pid"; } ||
    fail "node $1 does not end"
}

wipe() { # NODE
  local pid
  pid=$(pid_of "$1")
  if is_running "$pid"; then
    kill -KILL "$pid"
    wait_for_end "$stop_seconds" "$pid" || fail "node $1 does not end"
  fi
  rm -rf "${dir:?}/$1/data"
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
add) add "$3" ;;
remove) remove "$3" ;;
wipe) wipe "$3" ;;
end) end "$3" ;;
pause) signal STOP "$3" ;;
resume) signal CONT "$3" ;;
*) usage ;;
esac
