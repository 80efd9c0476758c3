#!/usr/bin/env bash
# Runs every fuzz test for a while: fuzz.sh [TIME each, 60s]
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rlE '^func Fuzz' --include='*_test.go' server search | sort | while read -r file; do
  grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | cut -d' ' -f2 | while read -r name; do
    echo "== $name in $(dirname "$file")"
    # Minimizing what is new may take the whole minute by itself: twenty tries each.
    go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "${1:-60s}" -fuzzminimizetime 20x
  done
done
