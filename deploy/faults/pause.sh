#!/usr/bin/env bash
# Stops a node's process by SIGSTOP, as a machine that hangs, and lets it go on (SIGCONT) at Ctrl-C.
#   pause.sh --node N|leader [OPTION...]     on the machine where the node runs
#     --config FILE      the cluster's file, for addresses and ports (cluster.json)
#     --for SECONDS      let it go on after this time (until Ctrl-C)
#     --keep             return at once and leave it standing; heal.sh lets it go on
#     --netns NAME       the node's network namespace, or a file of one; a % stands for the node's number
#     --force            also when no majority would be left
#     --dry-run          print the commands only
# The process is the one that listens at the node's client port.
set -euo pipefail

# shellcheck source=deploy/faults/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=deploy/faults/process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

while [ $# -gt 0 ]; do
  common_option "$@" || misuse "$1: no such option"
  shift "$taken"
done
[ -z "$seconds" ] || [ -z "$keeps" ] || misuse "--for and --keep exclude each other"

heal() {
  [ -n "${made:-}" ] || return 0
  # The number may be another process's by now.
  [ "$(started "$pid")" != "$birth" ] || kill -CONT "$pid" 2>/dev/null || true
  say "node $node goes on"
}

read_config
read_node
pid=$(pid_of "$node")
if [ -n "$dry" ]; then
  echo "kill -STOP ${pid:-PID}"
  [ -n "$keeps" ] || printf '# %s:\nkill -CONT %s\n' "${seconds:+after $seconds s, or }at Ctrl-C" "${pid:-PID}"
  exit 0
fi

[ "$(id -u)" = 0 ] || [ -n "$pid" ] || fail "no process of yours listens at $(client_of "$node"); root sees all"
[ -n "$pid" ] || fail "nobody on this machine${netns:+ in $netns} listens at $(client_of "$node"): run this where node \
$node is"
is_node "$pid" || fail "process $pid listens at $(client_of "$node"), and is no Coord node: $(command_of "$pid")"
[ "$(state "$pid")" != T ] || fail "node $node (process $pid) stands still already; heal.sh lets it go on"
# shellcheck disable=SC2046 # One word per node.
require_majority $(ids | grep -vx "$node")
birth=$(started "$pid")
heal_at_exit
made=1
kill -STOP "$pid" || { made=''; fail "process $pid cannot be stopped"; }
say "node $node (process $pid) stands still"
wait_and_heal
