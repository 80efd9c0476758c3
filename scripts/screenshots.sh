#!/usr/bin/env bash
# Makes the pictures of the README from the story, as a phone in China shows them: screenshots.sh [DIR, docs/images]
# It plays the story into a folder that is forgotten afterwards and asks the real server. Needs bin/jishi (make build).
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(realpath -m "${1:-docs/images}")
chromium=${JISHI_CHROMIUM:-$(command -v chromium || true)}
[ -x "$chromium" ] || { echo "screenshots.sh: no chromium here" >&2; exit 1; }
[ -x bin/jishi ] || { echo "screenshots.sh: build the program first (make build)" >&2; exit 1; }

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

bin/jishi demo --data "$work/data" >"$work/demo.log" 2>&1 || { cat "$work/demo.log" >&2; exit 1; }
bin/jishi serve --data "$work/data" --addr 127.0.0.1:0 >"$work/serve.log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.log" | head -n 1 || true)
  [ -n "$url" ] && break
  sleep 0.1
done
[ -n "$url" ] || { cat "$work/serve.log" >&2; exit 1; }

picture() { # picture NAME PATH HEIGHT
  timeout 60 "$chromium" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" --lang=zh-CN --accept-lang=zh-CN \
    --window-size="500,$3" --virtual-time-budget=10000 --screenshot="$work/$1.png" "$url$2" >"$work/chromium.log" 2>&1
  # A page that shows nothing packs to almost nothing.
  [ "$(stat -c %s "$work/$1.png")" -gt 30000 ] || { echo "screenshots.sh: $1.png shows nothing" >&2; exit 1; }
  mkdir -p "$out"
  mv "$work/$1.png" "$out/$1.png"
  echo "$out/$1.png"
}

apples=$(curl -fsS "$url/api/campaigns" | python3 -c 'import json, sys; print(next(c["id"] for c in json.load(sys.stdin) if "苹果" in c["title"]))')
picture gift "/gifts/$apples" 1500
