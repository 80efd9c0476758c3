#!/usr/bin/env bash
# Runs the browser tests of the built pages in Chromium: browser.sh [arguments of playwright test]
# The server's answers are those of frontend/e2e/answers.ts.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -s frontend/dist/index.html ] || { echo "browser.sh: build the pages first (make build)" >&2; exit 1; }
cd frontend
exec npx playwright test "$@"
