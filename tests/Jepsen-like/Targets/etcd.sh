#!/usr/bin/env bash
# Runs etcd (Debian package `etcd-server`) as a cluster on loopback, with its defaults; verbs and COORD_NETNS as in
# processes.sh.
set -euo pipefail

configure() { # NODES FIRST_PORT
  local node cluster='' client peer
  for node in $(seq "$1"); do cluster=$cluster,n$node=http://$(host "$node"):$(($2 + 99 + node)); done
  for node in $(seq "$1"); do
    client=http://$(host "$node"):$(($2 + node - 1)) peer=http://$(host "$node"):$(($2 + 99 + node))
    mkdir -p "$dir/$node"
    {
      echo "--name n$node --data-dir $dir/$node/data --log-level warn --logger zap"
      echo "--listen-client-urls $client --advertise-client-urls $client"
      echo "--listen-peer-urls $peer --initial-advertise-peer-urls $peer"
      echo "--initial-cluster ${cluster#,} --initial-cluster-state new"
    } >"$dir/$node/options"
  done
}

program() { # NODE
  # shellcheck disable=SC2046 # Several options a line.
  exec etcd $(cat "$dir/$1/options")
}

. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
launch "$@"
