#!/usr/bin/env bash
# Runs Apache ZooKeeper (Debian package `zookeeper`) as a cluster on loopback, with its defaults; verbs and COORD_NETNS
# as in processes.sh. Java heap of a node: ZK_HEAP (default 256m).
set -euo pipefail

jars=(zookeeper zookeeper-jute slf4j-api slf4j-simple netty-all snappy-java metrics-core jackson-core jackson-databind
  netty-buffer netty-codec netty-common netty-handler netty-resolver netty-transport netty-transport-native-epoll
  netty-transport-native-unix-common jackson-annotations commons-cli commons-lang commons-io jetty9-server
  jetty9-servlet jetty9-util jetty9-http jetty9-io jetty9-security jetty9-util-ajax servlet-api javax.servlet-api)

configure() { # NODES FIRST_PORT
  local node other
  for node in $(seq "$1"); do
    mkdir -p "$dir/$node/data"
    echo "$node" >"$dir/$node/data/myid"
    {
      printf '%s\n' tickTime=2000 initLimit=10 syncLimit=5 "dataDir=$dir/$node/data" "clientPort=$(($2 + node - 1))"
      # Clients of the suite ask for sessions shorter than two ticks.
      printf '%s\n' "clientPortAddress=$(host "$node")" maxClientCnxns=0 minSessionTimeout=500
      if [ "$1" -gt 1 ]; then
        for other in $(seq "$1"); do
          echo "server.$other=$(host "$other"):$(($2 + 100 + other)):$(($2 + 200 + other))"
        done
      fi
    } >"$dir/$node/zoo.cfg"
  done
}

program() { # NODE
  local jar path=
  for jar in "${jars[@]}"; do
    [ ! -e "/usr/share/java/$jar.jar" ] || path=$path:/usr/share/java/$jar.jar
  done
  # Where Coord's nodes are to have small files (by this setting of theirs): a log that takes 64 MiB ahead hardly ever
  # asks a full disk for room. In KiB, and in writes.
  local small=()
  [ -z "${COORD__limits__segmentBytes:-}" ] || small=(-Dzookeeper.preAllocSize=64 -Dzookeeper.snapCount=2000)
  exec java "-Xmx${ZK_HEAP:-256m}" ${small[@]+"${small[@]}"} \
    -Dzookeeper.admin.enableServer=false '-Dzookeeper.4lw.commands.whitelist=*' \
    -Dzookeeper.extendedTypesEnabled=true -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -Dorg.slf4j.simpleLogger.showDateTime=true -cp "${path#:}" \
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$dir/$1/zoo.cfg"
}

# A full disk leaves a log without a byte in it, over which the server does not start any more (ZOOKEEPER-1621).
mend() { # NODE
  find "$dir/$1/data" -name 'log.*' -empty -printf 'removed the empty %f\n' -delete
}

. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
launch "$@"
