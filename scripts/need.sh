#!/usr/bin/env bash
# Sees to what the tests need: need.sh [--run]. Debian packages are installed where that is allowed (root, or sudo
# without a password); otherwise each missing thing is named with the command that brings it, and the exit code is 1.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=() packages=()
want() { # want PACKAGE HOW...: the package is needed unless HOW succeeds
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || packages+=("$package")
}
tool() { # tool NAME WHERE-FROM: can't be installed from here
  command -v "$1" >/dev/null || missing+=("$1: $2")
}

tool go "Go 1.26 or newer, https://go.dev/dl"
tool node "Node 20.19 or newer, https://nodejs.org"
tool npm "comes with Node"
want postgresql bash -c 'command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl'
want chromium bash -c '[ -x "${JISHI_CHROMIUM:-}" ] || command -v chromium'
want fonts-noto-cjk bash -c 'ls /usr/share/fonts/opentype/noto/NotoSansCJK* || fc-list :lang=zh | grep -q .'
want poppler-utils command -v pdftotext
want default-jre-headless java -version
want maven command -v mvn
want unzip command -v unzip
want curl command -v curl
want gcc bash -c 'command -v gcc || command -v cc'
want python3-pip python3 -m pip --version

sudo=()
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then sudo=(sudo -n); fi
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "need: installing ${packages[*]}"
    # The tests start a PostgreSQL of their own: no cluster is wanted beside it.
    "${sudo[@]}" mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  else
    missing+=("packages: sudo apt-get install ${packages[*]}")
  fi
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'need: missing %s\n' "${missing[@]}" >&2
  exit 1
fi
