#!/usr/bin/env bash
# Runs a real Elasticsearch server on the loopback address for tests and for development.
#
#   elasticsearch.sh fetch    bring the server here (98 MB from Maven Central), once
#   elasticsearch.sh start    start it if it is not running, wait until it answers, print its URL
#   elasticsearch.sh stop     stop it
#   elasticsearch.sh status   print the cluster's health, exit 1 if it is down
#
# Needs java 17 or newer, mvn, unzip and curl; as root also setpriv, since the server refuses to run as root.
# JISHI_ES_DIR   where server and data live     (default: /var/tmp/jishi-elasticsearch)
# JISHI_ES_PORT  HTTP port, transport is +100   (default: 19200)
# JISHI_ES_HEAP  heap                           (default: 512m)
# JISHI_ES_OWN   1: the server's own choice of collector and of memory maps, for benchmarks
set -euo pipefail

version=8.19.8
sha256=8d943e94cef02cbceb6e39cd00175bb04e5f882fa32783a473880b8691a54376
dir=${JISHI_ES_DIR:-/var/tmp/jishi-elasticsearch}
port=${JISHI_ES_PORT:-19200}
heap=${JISHI_ES_HEAP:-512m}
nobody=65534
home=$dir/elasticsearch-$version
run=$dir/run-$port # configuration, data, logs and pid file of the node on this port
url=http://127.0.0.1:$port

say() { echo "elasticsearch: $*" >&2; }
up() { curl -fs -m 3 -o /dev/null "$url/_cluster/health" 2>/dev/null; }

# The "integ-test" distribution is the official server without optional modules and without a login.
fetch() {
  [ -x "$home/bin/elasticsearch" ] && return
  mkdir -p "$dir"
  local zip=$dir/elasticsearch-$version.zip
  [ -s "$zip" ] || mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
    -Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip" \
    -DoutputDirectory="$dir" -Dmdep.useBaseVersion=true >&2
  echo "$sha256  $zip" | sha256sum -c --quiet - || { rm -f "$zip"; say "wrong checksum, removed $zip"; return 1; }
  unzip -q -o "$zip" -d "$dir"
  rm -f "$zip"
  chmod -R a+rX "$dir"
}

configure() {
  mkdir -p "$run/data" "$run/logs" "$run/tmp"
  rm -rf "$run/config"
  cp -R "$home/config" "$run/config"
  cat >"$run/config/elasticsearch.yml" <<YML
cluster.name: jishi-$port
node.name: one
discovery.type: single-node
network.host: 127.0.0.1
http.port: $port
transport.port: $((port + 100))
path.data: $run/data
path.logs: $run/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
YML
  mkdir -p "$run/config/jvm.options.d"
  printf '%s\n' "-Xms$heap" "-Xmx$heap" >"$run/config/jvm.options.d/jishi.options"
  [ "${JISHI_ES_OWN:-}" = 1 ] && return
  # For tests: little memory, and machines that allow few memory maps.
  echo 'node.store.allow_mmap: false' >>"$run/config/elasticsearch.yml"
  printf '%s\n' -XX:-AlwaysPreTouch -XX:-UseG1GC -XX:+UseSerialGC >>"$run/config/jvm.options.d/jishi.options"
}

start() {
  if up; then
    echo "$url"
    return
  fi
  fetch
  configure
  local as=()
  if [ "$(id -u)" = 0 ]; then
    chown -R "$nobody:$nobody" "$run"
    as=(setpriv --reuid="$nobody" --regid="$nobody" --clear-groups)
  fi
  local java
  java=${ES_JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
  # -d returns when the node is ready; the output goes to a file, so that no caller waits for an open pipe.
  env ES_JAVA_HOME="$java" ES_PATH_CONF="$run/config" ES_TMPDIR="$run/tmp" HOME="$run" \
    "${as[@]}" "$home/bin/elasticsearch" -d -p "$run/pid" >"$run/logs/start.out" 2>&1 </dev/null || {
    tail -30 "$run/logs/start.out" >&2
    return 1
  }
  for _ in $(seq 240); do
    up && break
    sleep 0.25
  done
  up || { say "does not answer on $url"; return 1; }
  echo "$url"
}

stop() {
  [ -f "$run/pid" ] || return 0
  local pid
  pid=$(cat "$run/pid")
  kill "$pid" 2>/dev/null || { rm -f "$run/pid"; return 0; }
  for _ in $(seq 120); do
    kill -0 "$pid" 2>/dev/null || { rm -f "$run/pid"; return 0; }
    sleep 0.25
  done
  say "pid $pid does not stop, killing it"
  kill -9 "$pid"
  rm -f "$run/pid"
}

case ${1:-} in
fetch | start | stop) "$1" ;;
status) curl -fsS -m 3 "$url/_cluster/health?pretty" ;;
*)
  sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
