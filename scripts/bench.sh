#!/usr/bin/env bash
# Runs one benchmark and prints its table: bench.sh solver | search | orders | dispatch [arguments]
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:-}
shift || true
case $name in
  solver) go run ./server/dispatch/pdptw/cmd/bench "$@" ;;
  search) go run ./search/cmd/bench "$@" ;;
  orders) go run ./server/orders/cmd/bench "$@" ;;
  dispatch) go run ./server/dispatch/cmd/bench "$@" ;;
  *) echo "usage: bench.sh solver | search | orders | dispatch" >&2; exit 2 ;;
esac
