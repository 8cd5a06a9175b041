#!/usr/bin/env bash
# Takes back what the scripts beside it left in force on this machine: the table `inet coord_faults`, and nodes that
# stand still. Nothing else is touched.
#   heal.sh [OPTION...]
#     --config FILE      the cluster's file, for addresses and ports (cluster.json)
#     --node N           this node only (all that are on this machine)
#     --netns NAME       the nodes' network namespaces, or a file of one; a % stands for a node's number
#     --dry-run          print the commands only
set -euo pipefail

# shellcheck source=deploy/faults/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=deploy/faults/process.sh
. "$(dirname "${BASH_SOURCE[0]}")/process.sh"

while [ $# -gt 0 ]; do
  case $1 in --for | --keep | --force) misuse "$1: no such option" ;; esac
  common_option "$@" || misuse "$1: no such option"
  shift "$taken"
done

# Prints the command, and does it unless this is a dry run.
act() {
  echo "$*"
  healed=1
  [ -n "$dry" ] || "$@"
}

remove_table() { # NODE
  local words
  read -ra words <<<"$(enter "$1")"
  [ -z "$netns" ] || [ -e "${words[1]#--net=}" ] || return 0
  ! "${words[@]}" nft list table "$table" >/dev/null 2>&1 || act "${words[@]}" nft delete table "$table"
}

resume() { # NODE
  local pid
  pid=$(pid_of "$1")
  [ -z "$pid" ] || ! is_node "$pid" || [ "$(state "$pid")" != T ] || act kill -CONT "$pid"
}

read_config
[ -z "$node" ] || read_node
[ "$(id -u)" = 0 ] || fail "only root may do this"
for program in nft ip ss; do
  command -v "$program" >/dev/null || fail "$program is not installed (Debian: nftables, iproute2)"
done
healed=''
for id in ${node:-$(ids)}; do
  remove_table "$id"
  resume "$id"
done
[ -n "$healed" ] || echo "nothing to heal here"
