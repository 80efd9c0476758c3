#!/usr/bin/env bash
# Runs another solver on a Li & Lim instance with one thread: peer.sh vroom|pyvrp|ortools|vrp-cli INSTANCE SECONDS
# or VROOM on a day of ours, as the benchmark of dispatch writes it: peer.sh vroom_day PROBLEM SECONDS
# peer.sh install_python makes what the first of them needs, so that no measurement counts it.
# Prints "Route 1 : 5 3 7". The objective is the literature's, vehicles before distance, by a large cost for each vehicle.
# What it needs is installed once, into a folder outside the repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$1 instance=${2:-} seconds=${3:-}
cache=${JISHI_CACHE:-/var/tmp/jishi-$(id -u)}/peers
mkdir -p "$cache"

install_python() {
  [ -e "$cache/venv/done" ] && return
  python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" install -q pyvroom==1.15.0 pyvrp==0.14.1 ortools==9.15.6755 numpy >&2
  touch "$cache/venv/done"
}
install_rust() {
  [ -x "$cache/cargo/bin/vrp-cli" ] || cargo install vrp-cli --version 1.25.0 --root "$cache/cargo" -q >&2
}

export OMP_NUM_THREADS=1 RAYON_NUM_THREADS=1
case $name in
  vroom | vroom_day | pyvrp | ortools)
    install_python
    "$cache/venv/bin/python" -O "$here/$name.peer.py" "$instance" "$seconds"
    ;;
  install_python) install_python ;;
  vrp-cli)
    install_rust
    out=$(mktemp)
    trap 'rm -f "$out"' EXIT
    "$cache/cargo/bin/vrp-cli" solve lilim "$instance" -t "${seconds%.*}" -p 1,1 -o "$out" >&2
    python3 "$here/vrp-cli.peer.py" "$instance" "$out"
    ;;
  *)
    echo "peer.sh: no peer $name" >&2
    exit 2
    ;;
esac
