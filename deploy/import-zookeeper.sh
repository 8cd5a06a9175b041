#!/usr/bin/env bash
# Copies the tree of a running ZooKeeper ensemble into an empty Coord cluster, then compares both:
#   import-zookeeper.sh HOSTS --to HOSTS [--snapshot FILE] [--source-auth FILE] [--target-auth FILE]
# The same as "coordctl import", which it builds if needed; --help lists all options. COORDCTL_DLL names a coordctl.dll
# to run instead of building one. docs/use/moving-from-zookeeper.md tells the whole move.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
made=$root/src/Coord.Cli/obj/launcher
dll=${COORDCTL_DLL:-$made/coordctl/coordctl.dll}

fail() { echo "import-zookeeper: $*" >&2; exit 1; }

# A folder and a lock file of its own, so that it touches nothing that other builds made.
build() {
  [ -z "${COORDCTL_DLL:-}" ] || { [ -f "$dll" ] || fail "COORDCTL_DLL=$dll: no such file"; return 0; }
  local stamp=$made/built
  mkdir -p "$made"
  (
    flock 9
    if [ -f "$dll" ] && [ -f "$stamp" ] && [ -z "$(newer_sources "$stamp")" ]; then exit 0; fi
    touch "$stamp.begun"
    dotnet publish "$root/src/Coord.Cli" -c Release --no-self-contained --nologo -v quiet \
      -p:NuGetLockFilePath=obj/launcher.lock.json --artifacts-path "$made" -o "$made/coordctl" >"$stamp.out" 2>&1 9>&- \
      || { cat "$stamp.out" >&2; exit 1; }
    mv "$stamp.begun" "$stamp"
  ) 9>"$stamp.lock" || fail "the build failed"
}

newer_sources() { # STAMP
  find "$root"/src/Coord.{Cli,Client,Protocol} "$root"/Directory.* "$root/global.json" \
    -type d \( -name bin -o -name obj \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' \) -newer "$1" -print -quit
}

build
exec dotnet "$dll" import "$@"
