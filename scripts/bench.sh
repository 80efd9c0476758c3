#!/usr/bin/env bash
# Runs one benchmark and prints its table: bench.sh solver | search | orders | dispatch | web [arguments]
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:-}
shift || true
case $name in
  solver) go run ./server/dispatch/pdptw/cmd/bench "$@" ;;
  search) # search [-n 1000000] [-data DIR [-build]]: starts an Elasticsearch of its own unless JISHI_ELASTICSEARCH names one
    if [ -z "${JISHI_ELASTICSEARCH:-}" ]; then
      trap 'scripts/elasticsearch.sh stop' EXIT
      JISHI_ELASTICSEARCH=$(JISHI_ES_OWN=1 JISHI_ES_HEAP=${JISHI_ES_HEAP:-1g} scripts/elasticsearch.sh start | tail -n 1)
    fi
    export JISHI_ELASTICSEARCH
    go run ./search/cmd/bench "$@"
    [[ " $* " == *" -build "* ]] && exit
    printf '\n| from the commit of an offer until the page finds it | ms, mean of 20 | ms, slowest |\n|---|--:|--:|\n'
    go test ./server/app -run '^$' -bench CommitToFound -benchtime 20x |
      awk '/^BenchmarkCommitToFound/ { name = $1; sub(/.*\//, "", name); sub(/-[0-9]+$/, "", name)
        for (i = 2; i < NF; i++) { if ($(i+1) == "mean-ms") mean = $i; if ($(i+1) == "slowest-ms") slowest = $i }
        printf "| %s | %.0f | %.0f |\n", name, mean, slowest }'
    ;;
  orders)
    # The comparison is a module of its own; it and the program are asked over HTTP, on this machine alone.
    bin=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/bin
    (cd server/orders/cmd/bench/pocketbase && CGO_ENABLED=0 go build -trimpath -o "$bin/pocketbase-bench" .)
    CGO_ENABLED=0 go build -trimpath -o "$bin/jishi-bench" ./server
    if [ -z "${JISHI_POSTGRES:-}" ]; then
      JISHI_POSTGRES=$(scripts/postgres.sh start)
      trap 'scripts/postgres.sh stop >/dev/null' EXIT
    fi
    JISHI_POSTGRES=$JISHI_POSTGRES JISHI_PROGRAM=$bin/jishi-bench JISHI_POCKETBASE=$bin/pocketbase-bench go run ./server/orders/cmd/bench "$@"
    ;;
  dispatch) go run ./server/dispatch/cmd/bench "$@" ;;
  web) # web [-page NAME]: the pages on slow 4G with a slow processor, and the dispatcher's board; or one page and its reasons
    make --no-print-directory build >&2
    here=$(mktemp -d)
    bin/jishi demo --data "$here/data" >"$here/log" 2>&1
    bin/jishi serve --demo --day 2020-02-07T10:00:00+08:00 --data "$here/data" --addr 127.0.0.1:0 >"$here/log" 2>&1 &
    server=$!
    trap 'kill "$server" 2>/dev/null || true; rm -rf "$here"' EXIT
    for _ in $(seq 100); do grep -q 'open: http' "$here/log" && break; sleep 0.1; done
    (cd frontend && node bench/run.mjs "$(grep -oE 'http://127[.0-9]+:[0-9]+' "$here/log" | head -n 1)" "$@")
    ;;
  *) echo "usage: bench.sh solver | search | orders | dispatch | web" >&2; exit 2 ;;
esac
