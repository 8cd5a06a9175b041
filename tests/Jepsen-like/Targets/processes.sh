#!/usr/bin/env bash
# What the launchers of other servers share; they source it after they have defined
#   configure NODES FIRST_PORT   writes what each node needs below $dir/N
#   program NODE                 becomes the node (exec); its command line must name a file below $dir
# and hand their arguments on to launch:
#   start DIR NODES FIRST_PORT | stop DIR | kill | end | restart | pause | resume | mend DIR NODE
# mend takes away what keeps a node from starting that ended, as an operator would, and says what it did; a launcher may
# define it.
# COORD_NETNS=NAME:10.1.2 runs node N in the network namespace NAMEN, made before, at the address 10.1.2.N.
# start prints "hosts=…" when the processes run; that they serve is for the caller to find out. The output of node N
# goes to DIR/N/out, its process id to DIR/N/pid.
set -euo pipefail

stop_seconds=10

fail() { echo "${0##*/}: $*" >&2; exit 1; }

host() { # NODE: its address
  if [ -n "${COORD_NETNS:-}" ]; then echo "${COORD_NETNS#*:}.$1"; else echo 127.0.0.1; fi
}

# A process that was killed holds its ports until it is gone, or a zombie whose threads have all ended.
is_running() { # PID
  local state tasks
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  tasks=("/proc/$1/task"/*)
  [ -n "$state" ] && { [ "$state" != Z ] || [ "${#tasks[@]}" -gt 1 ]; }
}

wait_for_end() { # PID
  local ticks=$((stop_seconds * 50))
  while is_running "$1"; do
    ((ticks-- > 0)) || fail "process $1 does not end"
    sleep 0.02
  done
}

run() { # NODE
  local inside=()
  [ -z "${COORD_NETNS:-}" ] || inside=(nsenter "--net=/run/netns/${COORD_NETNS%%:*}$1")
  # Its own session, so that it outlives this script and the terminal.
  setsid "${inside[@]}" "$BASH" "$0" program "$dir" "$1" </dev/null >>"$dir/$1/out" 2>&1 &
  echo $! >"$dir/$1/pid"
}

[ "$(type -t mend)" = function ] || mend() { :; }

launch() {
  [ $# -ge 2 ] || fail "start, stop, kill, restart, pause or resume, and a folder"
  mkdir -p "$2"
  dir=$(cd "$2" && pwd)
  case $1 in
  start)
    configure "$3" "$4"
    hosts=''
    for node in $(seq "$3"); do
      run "$node"
      hosts=$hosts,$(host "$node"):$(($4 + node - 1))
    done
    echo "hosts=${hosts#,}"
    ;;
  stop)
    for file in "$dir"/*/pid; do
      [ ! -f "$file" ] || kill -KILL "$(cat "$file")" 2>/dev/null || true
    done
    for file in "$dir"/*/pid; do
      [ ! -f "$file" ] || wait_for_end "$(cat "$file")"
    done
    ;;
  kill) kill -KILL "$(cat "$dir/$3/pid")" && wait_for_end "$(cat "$dir/$3/pid")" ;;
  end) kill -TERM "$(cat "$dir/$3/pid")" && wait_for_end "$(cat "$dir/$3/pid")" ;;
  restart) run "$3" ;;
  pause) kill -STOP "$(cat "$dir/$3/pid")" ;;
  resume) kill -CONT "$(cat "$dir/$3/pid")" ;;
  mend) mend "$3" ;;
  program) program "$3" ;;
  *) fail "$1: not a verb of this script" ;;
  esac
}
