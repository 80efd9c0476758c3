#!/usr/bin/env bash
# Runs the browser tests in Chromium against the real server: browser.sh [arguments of playwright test]
# Each test has a fresh copy of the demonstration, which is played once per run.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -s frontend/dist/index.html ] || { echo "browser.sh: build the pages first (make build)" >&2; exit 1; }
CGO_ENABLED=0 go build -trimpath -o bin/jishi ./server
JISHI_OLD_CHROMIUM=$(scripts/old-chromium.sh)
export JISHI_OLD_CHROMIUM
cd frontend
exec npx playwright test "$@"
