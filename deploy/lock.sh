#!/bin/sh
# Compiles requirements.lock: all platforms, hashes, no address. Pins stay unless a requirement or --upgrade moves them.
set -eu
cd "$(dirname "$0")/.."
uv="${VENV:-.venv}/bin/uv"
set -- --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
    --group dev --group install
for project in maillage contracts gateway services/*; do
    name=$(sed -n 's/^name = "\(.*\)"$/\1/p' "$project/pyproject.toml")
    set -- "$@" --no-emit-package "$name" "$project/pyproject.toml"
done
# shellcheck disable=SC2086  # LOCK_ARGS is a list of words
"$uv" pip compile --quiet "$@" ${LOCK_ARGS:-} --output-file requirements.lock
if grep -n '://' requirements.lock; then
    echo "requirements.lock holds an address: a lock that names a server fails on machines that cannot reach it." >&2
    exit 1
fi
