#!/usr/bin/env bash
# Plays the story into a new folder, serves it on a free port and runs the browser tests against it:
# browser.sh [arguments of playwright test]
set -euo pipefail
cd "$(dirname "$0")/.."

[ -s frontend/dist/index.html ] || { echo "browser.sh: build the pages first (make build)" >&2; exit 1; }
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

CGO_ENABLED=0 go build -o "$work/jishi" ./server
"$work/jishi" demo --data "$work/data" >"$work/demo.log" || { cat "$work/demo.log" >&2; exit 1; }
"$work/jishi" serve --data "$work/data" --demo --addr 127.0.0.1:0 >"$work/serve.log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.log" | head -n 1 || true)
  [ -z "$url" ] || break
  sleep 0.1
done
[ -n "$url" ] || { echo "browser.sh: the server didn't start:" >&2; cat "$work/serve.log" >&2; exit 1; }
cd frontend
JISHI_URL=$url npx playwright test "$@"
