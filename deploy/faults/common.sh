#!/usr/bin/env bash
# What the scripts beside this file share; they source it. Run by itself it does nothing.
# shellcheck disable=SC2034 # They use what is set here.
# Sets: config node netns seconds keeps dry forced, and `taken`, the words of the option that was read last.

table='inet coord_faults'
config=cluster.json node='' netns='' seconds='' keeps='' dry='' forced='' taken=0

fail() { echo "${0##*/}: $*" >&2; exit 1; }

misuse() { echo "${0##*/}: $*; see --help" >&2; exit 2; }

# The comment at the top of the script.
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; }

common_option() { # WORD...: takes an option that all scripts have; status 1 when the first word is none
  taken=2
  case $1 in
  --help | -h) usage; exit 0 ;;
  --dry-run) dry=1 taken=1; return ;;
  --force) forced=1 taken=1; return ;;
  --keep) keeps=1 taken=1; return ;;
  --config | --node | --netns | --for) [ $# -ge 2 ] || misuse "$1 needs a value" ;;
  *) return 1 ;;
  esac
  case $1 in
  --config) config=$2 ;;
  --node) node=$2 ;;
  --netns) netns=$2 ;;
  --for) [[ $2 =~ ^[1-9][0-9]*$ ]] || misuse "--for takes whole seconds, not '$2'"; seconds=$2 ;;
  esac
}

# A line "ID CLIENT PEER" for each node. The file may be laid out in any way and hold comments.
nodes() {
  local entry
  sed 's,\(^\|[[:space:]]\)//.*,,' "$config" | tr '\n' ' ' | grep -o '{[^{}]*"id"[^{}]*}' | while read -r entry; do
    echo "$(number "$entry" id) $(text "$entry" client) $(text "$entry" peer)"
  done
}

number() { sed -n "s/.*\"$2\"[[:space:]]*:[[:space:]]*\"\{0,1\}\([0-9]\{1,\}\).*/\1/p" <<<"$1"; } # ENTRY KEY

text() { sed -n "s/.*\"$2\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p" <<<"$1"; } # ENTRY KEY

read_config() {
  [ -r "$config" ] || fail "$config: no such file; --config names the cluster's file"
  list=$(nodes) || true
  [ -n "$list" ] || fail "$config: it lists no nodes"
  [[ $list =~ ^([0-9]+\ [^\ ]+:[0-9]+\ [^\ ]+:[0-9]+($'\n'|$))+$ ]] ||
    fail "$config: not every node has an id, a client address and a peer address"
}

ids() { cut -d' ' -f1 <<<"$list"; }

client_of() { awk -v id="$1" '$1 == id { print $2 }' <<<"$list"; } # NODE

peer_of() { awk -v id="$1" '$1 == id { print $3 }' <<<"$list"; } # NODE

host_of() { local host=${1%:*}; host=${host#[}; echo "${host%]}"; } # ADDRESS

is_listed() { [[ " $(ids | tr '\n' ' ')" == *" $1 "* ]]; } # NODE

# --node, which may be "leader", as a number that the file knows.
read_node() {
  [ -n "$node" ] || misuse "--node says which node; it may be 'leader'"
  if [ "$node" = leader ]; then
    node=$(leader)
    [ -n "$node" ] || fail "no node says that it leads: is the cluster up, and can this machine reach its client ports?"
  fi
  is_listed "$node" || fail "$config knows no node '$node', only $(ids | tr '\n' ' ')"
}

# All addresses of a host; a name may have several.
addresses() { # HOST
  local found
  found=$(getent ahosts "$1" | awk '{ print $1 }' | sort -u) || true
  [ -n "$found" ] || fail "$1: no such host"
  echo "$found"
}

# The words that run a command where a node lives.
enter() { # NODE
  local file=${netns//%/$1}
  [ -n "$netns" ] || return 0
  [[ $file == */* ]] || file=/run/netns/$file
  echo nsenter "--net=$file"
}

# Whether a host's address belongs to where the node lives.
has_address() { # NODE HOST
  local words address here
  read -ra words <<<"$(enter "$1")"
  here=$("${words[@]}" ip -o addr show)
  for address in $(addresses "$2"); do
    [[ $here != *" $address/"* ]] || return 0
  done
  return 1
}

# What the node says it is: leader, follower, …; nothing while it does not serve.
mode() { # NODE
  local address words
  address=$(client_of "$1")
  read -ra words <<<"$(enter "$1")"
  # shellcheck disable=SC2016 # The inner shell has these.
  "${words[@]}" timeout 2 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf srvr >&3 && sed -n "s/^Mode: //p" <&3' \
    mode "$(host_of "$address")" "${address##*:}" 2>/dev/null || true
}

leader() {
  local id
  for id in $(ids); do
    case $(mode "$id") in leader | standalone) echo "$id"; return ;; esac
  done
}

# Refuses to take the cluster's majority away; the words are the nodes that will be left together.
require_majority() { # NODE...
  local id serving=0 all
  all=$(ids | wc -l)
  for id in "$@"; do
    [ -z "$(mode "$id")" ] || serving=$((serving + 1))
  done
  [ "$serving" -gt $((all / 2)) ] || [ -n "$forced" ] ||
    fail "only $serving of $all nodes would be left to serve, which is no majority; --force does it all the same"
}

# Only root may, with the programs that it takes, and where the node lives.
require_machine() { # PROGRAM...
  local program words
  [ "$(id -u)" = 0 ] || fail "only root may do this (--dry-run shows what would be done)"
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "$program is not installed (Debian: nftables, iproute2)"
  done
  read -ra words <<<"$(enter "$node")"
  [ "${#words[@]}" = 0 ] || [ -e "${words[1]#--net=}" ] || fail "${words[1]#--net=}: no such network namespace"
  has_address "$node" "$(host_of "$(peer_of "$node")")" && return 0
  fail "node $node ($(peer_of "$node")) is not on this machine${netns:+ in $netns}: run this where it is"
}

say() { echo "$*" 2>/dev/null || true; } # A terminal that is gone must not keep anything from being healed.

at_exit() {
  local status=$?
  trap '' INT TERM HUP
  heal
  [ -z "$waiter" ] || kill "$waiter" 2>/dev/null || true
  exit "$status"
}

# Calls `heal`, which the script defines, whatever ends the script.
heal_at_exit() {
  trap at_exit EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  trap '' PIPE
  waiter=''
}

# Until --for is over, or for ever; a signal ends it at once.
wait_and_heal() {
  if [ -n "$keeps" ]; then
    trap - EXIT INT TERM HUP
    say "It stays until heal.sh takes it back."
    return
  fi
  say "Until ${seconds:+$seconds s are over, or }Ctrl-C."
  sleep "${seconds:-infinity}" &
  waiter=$!
  wait "$waiter"
}
