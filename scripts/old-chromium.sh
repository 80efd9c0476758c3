#!/usr/bin/env bash
# Brings Chromium 89 (March 2021) here, once, and prints its path: the oldest browser that the pages promise to work in.
# It ships inside the npm package chrome-aws-lambda, packed with brotli.
set -euo pipefail

version=6.0.0
sha256=82fd8b5eee19b7290f5e5c9780ff137b3177752cfce6aa989ddb8ab517b34709
dir=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/chromium-89
bin=$dir/chromium

if [ ! -x "$bin" ]; then
  mkdir -p "$dir"
  work=$(mktemp -d "$dir/new.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "chrome-aws-lambda@$version" >/dev/null)
  echo "$sha256  $work/chrome-aws-lambda-$version.tgz" | sha256sum -c --quiet - >&2
  tar -xzf "$work/chrome-aws-lambda-$version.tgz" -C "$work" package/bin/chromium.br
  node -e "const { createBrotliDecompress } = require('zlib'), fs = require('fs');
    fs.createReadStream('$work/package/bin/chromium.br').pipe(createBrotliDecompress()).pipe(fs.createWriteStream('$work/chromium', { mode: 0o755 }));"
  mv "$work/chromium" "$bin"
fi
echo "$bin"
