#!/usr/bin/env bash
# Cuts a node off: drops the packets between it and others, on the machine where it runs, until Ctrl-C.
#   partition.sh --node N|leader [OPTION...]
#     --config FILE      the cluster's file, for addresses and ports (cluster.json)
#     --from N,N…        cut off from these nodes only (all others)
#     --clients A,A…     instead of nodes: these clients, by address or address/bits, or "all" (but on this machine)
#     --one-way in|out   drop only what arrives at the node, or only what leaves it (both)
#     --loss PERCENT     drop only so many of a hundred packets, each by lot (100)
#     --for SECONDS      heal after this time (until Ctrl-C)
#     --keep             return at once and leave it in force; heal.sh takes it back
#     --netns NAME       the node's network namespace, or a file of one; a % stands for the node's number
#     --force            also when no majority would be left
#     --dry-run          print the commands only, on any machine
# Packets are dropped, not refused: neither side is told. Only the node's peer port, or with --clients its client port,
# is touched, so no other service and no login is. The rules are a table of their own, `inet coord_faults`.
set -euo pipefail

# shellcheck source=deploy/faults/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

from='' clients='' way=both loss=100
while [ $# -gt 0 ]; do
  if common_option "$@"; then shift "$taken"; continue; fi
  case $1 in --from | --clients | --one-way | --loss) [ $# -ge 2 ] || misuse "$1 needs a value" ;; esac
  case $1 in
  --from) from=$2 ;;
  --clients) clients=$2 ;;
  --one-way) way=$2 ;;
  --loss) loss=$2 ;;
  *) misuse "$1: no such option" ;;
  esac
  shift 2
done

[ -z "$from" ] || [ -z "$clients" ] || misuse "--from and --clients are two partitions: one at a time"
[ -z "$seconds" ] || [ -z "$keeps" ] || misuse "--for and --keep exclude each other"
[[ $way =~ ^(both|in|out)$ ]] || misuse "--one-way takes in or out, not '$way'"
[[ $loss =~ ^([1-9][0-9]?|100)$ ]] || misuse "--loss takes 1 to 100, not '$loss'"

share=''
[ "$loss" = 100 ] || share="numgen random mod 100 < $loss "

# Both families of addresses, each in its own rule.
match() { # saddr|daddr ADDRESS...
  local field=$1 address v4='' v6=''
  shift
  for address in "$@"; do
    if [[ $address == *:* ]]; then v6="$v6, $address"; else v4="$v4, $address"; fi
  done
  [ -z "$v4" ] || echo "ip $field { ${v4#, } }"
  [ -z "$v6" ] || echo "ip6 $field { ${v6#, } }"
}

drops() { # CHAIN PORT_FIELD=PORT... : one rule for each line of input, which says whose packets
  local whose pair
  while IFS= read -r whose; do
    for pair in "$@"; do echo "    $whose tcp ${pair%=*} ${pair#*=} ${share}counter drop"; done
  done
}

# A connection between two nodes has the peer port of the one that was dialled at one end.
peer_rules() { # in|out
  local other own theirs addresses
  own=$(peer_of "$node")
  for other in $others; do
    theirs=$(peer_of "$other")
    addresses=$(addresses "$(host_of "$theirs")")
    # shellcheck disable=SC2086 # One word per address.
    if [ "$1" = in ]; then
      match saddr $addresses | drops "dport=${own##*:}" "sport=${theirs##*:}"
    else
      match daddr $addresses | drops "sport=${own##*:}" "dport=${theirs##*:}"
    fi
  done
}

client_rules() { # in|out
  local own names=(saddr iifname dport)
  [ "$1" = in ] || names=(daddr oifname sport)
  own=$(client_of "$node")
  # shellcheck disable=SC2086 # One word per address.
  if [ "$clients" = all ]; then
    echo "${names[1]} != \"lo\""
  else
    match "${names[0]}" ${clients//,/ }
  fi | drops "${names[2]}=${own##*:}"
}

chain() { # in|out
  local hook=input name=arriving
  [ "$1" = in ] || hook=output name=leaving
  echo "  chain $name {"
  echo "    type filter hook $hook priority -10; policy accept;"
  if [ -n "$clients" ]; then client_rules "$1"; else peer_rules "$1"; fi
  echo "  }"
}

rules() {
  echo "create table $table"
  echo "table $table {"
  [ "$way" = out ] || chain in
  [ "$way" = in ] || chain out
  echo "}"
}

read_others() {
  local other own
  others=${from//,/ }
  [ -n "$others" ] || others=$(ids | grep -vx "$node" | tr '\n' ' ') || true
  [ -n "${others// /}" ] || fail "$config has one node only: there is nobody to cut it off from"
  own=$(addresses "$(host_of "$(peer_of "$node")")")
  for other in $others; do
    is_listed "$other" || fail "$config knows no node '$other', only $(ids | tr '\n' ' ')"
    [ "$other" != "$node" ] || fail "node $node cannot be cut off from itself"
    [ "$(addresses "$(host_of "$(peer_of "$other")")")" != "$own" ] ||
      fail "nodes $node and $other have one address ($own): packets between them cannot be told apart"
  done
}

# Either those that it is cut off from, or those that it still has, must be a majority, with who sees both.
check_majority() {
  local id rest='' reached=''
  for id in $(ids); do
    [ "$id" = "$node" ] || rest="$rest $id"
    [[ " $others " == *" $id "* ]] || reached="$reached $id"
  done
  # shellcheck disable=SC2086 # One word per node.
  if [ "$(wc -w <<<"$rest")" -gt "$(wc -w <<<"$reached")" ]; then
    require_majority $rest
  else
    require_majority $reached
  fi
}

heal() {
  [ -n "${made:-}" ] || return 0
  "${words[@]}" nft delete table "$table" 2>/dev/null || true
  if "${words[@]}" nft list table "$table" >/dev/null 2>&1; then
    say "not healed: node $node still has the table $table; heal.sh removes it"
  else
    say "healed: node $node"
  fi
}

read_config
read_node
[ -n "$clients" ] || read_others
read -ra words <<<"$(enter "$node")"
all_rules=$(rules)
if [ -n "$dry" ]; then
  printf "%s nft -f - <<'END'\n%s\nEND\n" "${words[*]}" "$all_rules" | sed 's/^ nft/nft/'
  [ -n "$keeps" ] || printf '# %s:\n' "${seconds:+after $seconds s, or }at Ctrl-C"
  [ -n "$keeps" ] || echo "${words[*]} nft delete table $table" | sed 's/^ //'
  exit 0
fi

require_machine nft ip
! "${words[@]}" nft list table "$table" >/dev/null 2>&1 ||
  fail "a fault is in force at node $node already; heal.sh takes it back"
[ -n "$clients" ] || [ "$loss" != 100 ] || check_majority
heal_at_exit
made=1
"${words[@]}" nft -f - <<<"$all_rules" || { made=''; fail "nft refused the rules"; }
if [ -n "$clients" ]; then whom="clients $clients"; else whom="nodes ${others% }"; fi
say "node $node is cut off from $whom (way: $way, loss: $loss %)"
wait_and_heal
