#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests: postgres.sh start | stop | dsn
#
# It listens on 127.0.0.1 only, keeps its data in $JISHI_CACHE/postgres and forgets them at the next start. It is fast
# and not durable (fsync off): never put anything of value in it. PostgreSQL refuses to run as root; then it runs as the
# user `postgres`, or `nobody` where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/postgres
port=${JISHI_POSTGRES_PORT:-25432}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl || true)")
[ -x "$bin/pg_ctl" ] || { echo "postgres.sh: no PostgreSQL server here; on Debian: apt-get install postgresql" >&2; exit 1; }

as=()
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$cache")
fi

dsn() { echo "postgres://jishi@127.0.0.1:$port/postgres?sslmode=disable"; }

running() { [ -s "$cache/data/postmaster.pid" ] && "${as[@]}" "$bin/pg_ctl" -D "$cache/data" status >/dev/null 2>&1; }

start() {
  if running; then dsn; return; fi
  rm -rf "$cache"
  mkdir -p "$cache"
  chmod 755 "$(dirname "$cache")" "$cache"
  [ ${#as[@]} = 0 ] || chown -R "$user" "$cache"
  "${as[@]}" "$bin/initdb" -D "$cache/data" -U jishi --auth=trust --encoding=UTF8 --locale=C --no-sync >"$cache.log" 2>&1 ||
    { cat "$cache.log" >&2; exit 1; }
  "${as[@]}" "$bin/pg_ctl" -D "$cache/data" -w -t 60 -l "$cache/server.log" \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=400" \
    start >>"$cache.log" 2>&1 || { cat "$cache.log" "$cache/server.log" >&2; exit 1; }
  dsn
}

stop() { if running; then "${as[@]}" "$bin/pg_ctl" -D "$cache/data" -m immediate stop >/dev/null; fi; }

case ${1:-} in
  start | stop | dsn) "$1" ;;
  *) echo "usage: $0 start | stop | dsn" >&2; exit 2 ;;
esac
