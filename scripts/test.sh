#!/usr/bin/env bash
# Every test, each against the real part: Go with the race detector on SQLite, PostgreSQL and Elasticsearch, the pages in
# Chromium, the lint. Started servers are ended with it. What can't run is counted and named as skipped; with CI=true
# that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }
finish() {
  scripts/postgres.sh stop >/dev/null 2>&1 || true
  scripts/elasticsearch.sh stop >/dev/null 2>&1 || true
  scripts/osrm.sh stop >/dev/null 2>&1 || true
  JISHI_OSRM_MAP=towns scripts/osrm.sh stop >/dev/null 2>&1 || true
  scripts/stripe-mock.sh stop >/dev/null 2>&1 || true
}
trap finish EXIT

step "what the tests need"
scripts/need.sh

step "pages: types, units, build"
(cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run --silent check && npm run --silent test && npm run --silent build)

step "servers for the tests"
JISHI_POSTGRES=$(scripts/postgres.sh start)
JISHI_ELASTICSEARCH=$(scripts/elasticsearch.sh start | tail -n 1)
JISHI_OSRM=$(scripts/osrm.sh start | tail -n 1)
JISHI_OSRM_TOWNS=$(JISHI_OSRM_MAP=towns scripts/osrm.sh start | tail -n 1)
JISHI_STRIPE_MOCK=$(scripts/stripe-mock.sh start | tail -n 1)
export JISHI_POSTGRES JISHI_ELASTICSEARCH JISHI_OSRM JISHI_OSRM_TOWNS JISHI_STRIPE_MOCK
echo "PostgreSQL, Elasticsearch, OSRM and stripe-mock are up"

step "lint"
scripts/lint.sh

step "Go, with the race detector"
# Not on SQLite itself and its memory: C turned into Go by its makers, which looked at access by access runs ten times slower and has no race of
# ours. Its C library stays in: it shares generic code with us (sync.Map), of which the linker keeps one copy, and that has to be a watched one.
unwatched=(-gcflags='modernc.org/sqlite/lib=-race=false' -gcflags='modernc.org/memory=-race=false' -gcflags='modernc.org/libc=-d=checkptr=0')
# The routes are large generic code, which takes half the time to compile without inlining. The lint has vetted all.
quick=(-gcflags='jishi/server/web=-l')
bin=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/bin
[ -x "$bin/gotestsum" ] || GOBIN=$bin GOFLAGS=-mod=mod go install gotest.tools/gotestsum@v1.13.0
log=$(mktemp)
"$bin/gotestsum" --format pkgname --jsonfile "$log" -- -race "${unwatched[@]}" "${quick[@]}" -vet=off -timeout 40m ./...
skipped=$(grep -c '"Action":"skip".*"Test":' "$log" || true)
rm -f "$log"
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
  echo "test: $skipped skipped, and in CI nothing may be skipped" >&2
  exit 1
fi

step "what the race detector makes too slow, or short, without it: the stories, the walks, the large plans, the power cuts"
mapfile -t files < <(grep -rlE --include='*_test.go' '^//go:build !race|underRace|seeds\(' server)
mapfile -t packages < <(dirname "${files[@]}" | sort -u | sed 's|^|./|')
names=$(grep -hoE '^func Test[A-Za-z0-9_]+' "${files[@]}" | cut -d ' ' -f 2 | sort -u | paste -sd '|')
# Built as bin/jishi is, so that it is compiled once for both.
CGO_ENABLED=0 go test -trimpath -vet=off -timeout 15m -run "^($names)\$" "${packages[@]}"

step "the pages in Chromium"
scripts/browser.sh

step "the README's picture, from the story"
make --no-print-directory build
pictures=$(mktemp -d)
scripts/screenshots.sh "$pictures"
rm -rf "$pictures"

step "done"
