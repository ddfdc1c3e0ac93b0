#!/bin/sh
# Makes the Python environment from the lock alone. Called by the Makefile: sh deploy/environment.sh .venv
# Nothing here needs root, a compiler or Docker; a second call finds its work done.
set -eu
venv=${1:-.venv}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    say "Maillage needs Python 3.11 or newer, with its venv module, and found none."
    say "Debian and Ubuntu: apt install python3 python3-venv. Elsewhere: python.org. Or name one: make PYTHON=/path/to/python run"
    return 1
}

# The lines of one package in the lock, with their hashes.
locked() { awk -v name="$1" '/^[a-zA-Z0-9]/ { keep = index($0, name "==") == 1 } keep' requirements.lock; }

install_with_uv() {
    # uv does not read pip's settings: a mirror and a certificate that pip was told of are passed on.
    index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$("$venv/bin/pip" config get global.index-url 2>/dev/null || true)}}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
    if [ -n "${PIP_CERT:-}" ] && [ -z "${SSL_CERT_FILE:-}" ]; then export SSL_CERT_FILE="$PIP_CERT"; fi
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements.lock
}

install_with_pip() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    say "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

# uv itself comes from the lock, by pip and with its hashes: it installs the rest in seconds instead of a minute.
first=$(mktemp)
trap 'rm -f "$first"' EXIT
locked uv >"$first"
if [ ! -x "$venv/bin/uv" ]; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$first" ||
        say "uv could not be installed here; pip does all of it, which takes about a minute longer."
fi
say "Installing from requirements.lock"
if ! { [ -x "$venv/bin/uv" ] && install_with_uv; }; then
    say "Installing with pip instead"
    install_with_pip
fi

# The workspace itself: editable, without dependencies and without build isolation, for its build tools are in the lock.
set --
for project in maillage contracts gateway services/*; do
    if [ -f "$project/pyproject.toml" ]; then set -- "$@" -e "./$project"; fi
done
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index "$@"
# Every process starts three times as fast from compiled modules; installers leave that to the first run, one by one.
"$venv/bin/python" -m compileall -q -j 0 "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    maillage contracts gateway services >/dev/null || true
touch "$venv/.installed"
