#!/bin/sh
# Installs the issuer of the tests from its lock, as the console's tools are installed.
#   sh tests/oidc/install.sh [python]
set -eu
python=${1:-$(dirname "$0")/../../.venv/bin/python}
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"
exec sh ../../web/install.sh "$PWD" "$python"
