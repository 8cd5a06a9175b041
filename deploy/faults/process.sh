#!/usr/bin/env bash
# How pause.sh and heal.sh know a node's process; they source it. Run by itself it does nothing.

# Who listens at the node's client port; a process that stands still listens too.
pid_of() { # NODE
  local words address host
  address=$(client_of "$1")
  host=$(host_of "$address")
  read -ra words <<<"$(enter "$1")"
  [ -z "$netns" ] || [ -e "${words[1]#--net=}" ] || fail "${words[1]#--net=}: no such network namespace"
  command -v ss >/dev/null || fail "ss is not installed (Debian: iproute2)"
  is_here "$1" "$host" || return 0
  "${words[@]}" ss -Hltnp "sport = :${address##*:}" | sed -n '1s/.*pid=\([0-9]*\).*/\1/p'
}

# Another node may listen at the same port of this machine, when this one lives elsewhere.
is_here() { # NODE HOST
  [[ $2 =~ ^(127\..*|0\.0\.0\.0|::|::1|localhost)$ ]] || has_address "$1" "$2"
}

command_of() { tr '\0' ' ' <"/proc/$1/cmdline"; } # PID

is_node() { [[ $(command_of "$1") == *Coord.Node* ]]; } # PID

state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status"; } # PID

# When the process began, in ticks since the machine's start; nothing when it is gone.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; } # PID
