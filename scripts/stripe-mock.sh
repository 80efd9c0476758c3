#!/usr/bin/env bash
# Stripe's own mock of its API (MIT), for the tests: stripe-mock.sh start | stop | url
#
# It checks each request against Stripe's published description and keeps no state. Built once into the cache; it listens on
# 127.0.0.1 only (without -http-addr it would open HTTPS on all addresses) and asks nobody for anything.
#
# JISHI_CACHE             where things live  (default: /var/tmp/jishi-<uid>)
# JISHI_STRIPE_MOCK_PORT  port               (default: 25600)
set -euo pipefail

cache=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}
version=v0.203.0
program=$cache/bin/stripe-mock-$version
port=${JISHI_STRIPE_MOCK_PORT:-25600}
pid_file=$cache/stripe-mock-$port.pid
log=$cache/stripe-mock-$port.log
url=http://127.0.0.1:$port

say() { echo "stripe-mock.sh: $*" >&2; }
up() { curl -fs -m 3 -o /dev/null -H 'Authorization: Bearer sk_test_123' "$url/v1/refunds/re_1" 2>/dev/null; }

build() {
  [ -x "$program" ] && return
  local here
  here=$(mktemp -d)
  GOBIN=$here GOFLAGS=-mod=mod go install "github.com/stripe/stripe-mock@$version" >&2
  mkdir -p "$cache/bin"
  mv "$here/stripe-mock" "$program"
  rmdir "$here"
}

start() {
  if ! up; then
    build
    setsid "$program" -http-addr "127.0.0.1:$port" >"$log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    for _ in $(seq 100); do
      up && break
      kill -0 "$(cat "$pid_file")" 2>/dev/null || break
      sleep 0.1
    done
    up || { say "it did not start:"; cat "$log" >&2; return 1; }
  fi
  echo "$url"
}

# Ends the server that start began, and no other process that has got its number since.
stop() {
  [ -s "$pid_file" ] || return 0
  local pid
  pid=$(cat "$pid_file")
  rm -f "$pid_file"
  grep -qz stripe-mock "/proc/$pid/cmdline" 2>/dev/null || return 0
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
