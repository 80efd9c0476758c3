#!/usr/bin/env bash
# Runs the linters: gofmt and golangci-lint at a pinned version, built once into the cache.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v2.15.0
bin=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/bin
if ! "$bin/golangci-lint" version 2>/dev/null | grep -q "${version#v}"; then
  echo "lint: building golangci-lint $version"
  GOBIN=$bin GOFLAGS=-mod=mod go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
"$bin/golangci-lint" run ./...
