#!/bin/sh
# Prints the path of a Chromium for the browser tests, or says why there is none and fails.
# Order: MAILLAGE_CHROMIUM, one on the path, the system's packages when this is root and there is apt.
set -u

try() { command -v "$1" 2>/dev/null; }

if [ -n "${MAILLAGE_CHROMIUM:-}" ]; then
    if [ -x "$MAILLAGE_CHROMIUM" ]; then
        printf '%s\n' "$MAILLAGE_CHROMIUM"
        exit 0
    fi
    echo "MAILLAGE_CHROMIUM names no program that can be run: $MAILLAGE_CHROMIUM" >&2
    exit 1
fi
for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if try "$name"; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests (apt)" >&2
    log=$(mktemp)
    if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >"$log" 2>&1; then
        rm -f "$log"
        if try chromium; then exit 0; fi
    else
        tail -n 3 "$log" >&2
        rm -f "$log"
    fi
fi
echo "No Chromium here. Install the package chromium, or set MAILLAGE_CHROMIUM to the path of one." >&2
exit 1
