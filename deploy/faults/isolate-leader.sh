#!/usr/bin/env bash
# Finds the node that leads, by `srvr` on the client ports, and cuts it off from all others, until Ctrl-C. Run it on the
# leader's machine; elsewhere it says where that is.
#   isolate-leader.sh [OPTION...]     every option of partition.sh but --node and --from:
#     --config FILE      the cluster's file, for addresses and ports (cluster.json)
#     --clients A,A…     from clients instead of nodes     --one-way in|out   one direction only
#     --loss PERCENT     drop only a share of the packets  --for SECONDS      heal after this time
#     --keep             leave it in force                 --force            also without a majority left
#     --netns NAME       the nodes' network namespaces; a % stands for a node's number
#     --dry-run          print the commands only
set -euo pipefail

# shellcheck source=deploy/faults/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=("$@")
while [ $# -gt 0 ]; do
  case $1 in
  --node | --from) misuse "$1: the leader is cut off from all others; partition.sh has this option" ;;
  --clients | --one-way | --loss) [ $# -ge 2 ] || misuse "$1 needs a value"; shift 2 ;;
  *) common_option "$@" || misuse "$1: no such option"; shift "$taken" ;;
  esac
done

read_config
node=leader
read_node
echo "# node $node leads, at $(peer_of "$node")"
exec "$(dirname "${BASH_SOURCE[0]}")/partition.sh" "${options[@]}" --node "$node"
