#!/usr/bin/env bash
# Runs the linters, each at a pinned version, built once into the cache: golangci-lint over the code, and the loader of the
# Compose specification over docker-compose.yml (all of it that can be checked where no container engine is).
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/bin
build() { # build NAME PACKAGE VERSION: as $bin/NAME-VERSION
  [ -x "$bin/$1-$3" ] && return
  echo "lint: building $1 $3"
  local here
  here=$(mktemp -d)
  GOBIN=$here GOFLAGS=-mod=mod go install "$2@$3"
  mkdir -p "$bin"
  mv "$here"/* "$bin/$1-$3"
  rmdir "$here"
}

build golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint v2.15.0
build compose github.com/compose-spec/compose-go/v2/cmd v2.16.2
CGO_ENABLED=0 GOFLAGS=-trimpath "$bin/golangci-lint-v2.15.0" run ./... # as bin/jishi is built: compiled once for both
"$bin/compose-v2.16.2" docker-compose.yml >/dev/null
