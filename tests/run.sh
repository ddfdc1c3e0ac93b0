#!/bin/sh
# Every test, in stages, the cheap ones first; stops at the first stage that fails, so that the last line is pytest's own.
#   sh tests/run.sh [stage …]      stages: unit contract integration e2e faults
# PYTEST_ARGS is handed on. Where there is no Chromium the browser tests are left out and named; in CI that is a failure.
set -eu
cd "$(dirname "$0")/.."
python=${VENV:-.venv}/bin/python
stages=${*:-unit contract integration e2e faults}
browser=yes

needs_browser() { case " $stages " in *" e2e "*) return 0 ;; *) return 1 ;; esac }

if needs_browser; then
    if MAILLAGE_CHROMIUM=$(sh deploy/chromium.sh); then
        export MAILLAGE_CHROMIUM
    elif [ "${CI:-}" = true ]; then
        echo "CI runs the browser tests: without Chromium the build fails." >&2
        exit 1
    else
        browser=no
        echo "These tests are left out, because they need a browser:" >&2
        grep -rlE 'browser' --include='test_*.py' tests/e2e >&2 || true
    fi
fi

case " $stages " in *" unit "*) printf '\n== console ==\n' && sh web/run.sh test ;; esac
case " $stages " in *" e2e "*) sh tests/oidc/install.sh "$python" && sh web/run.sh build ;; esac

for stage in $stages; do
    if [ -z "$(find "tests/$stage" \( -name 'test_*.py' -o -name 'f[0-9][0-9]_*.py' \) 2>/dev/null | head -n 1)" ]; then
        printf '\n== %s: no test yet ==\n' "$stage"
        continue
    fi
    printf '\n== %s ==\n' "$stage"
    case $stage in
    unit) set -- -n 2 --dist loadfile ;;
    # Much of it waits for the base, not for a core. In the order of their names: by default files of few tests come last,
    # and those are the long ones.
    integration) set -- -n 3 --dist loadfile --no-loadscope-reorder ;;
    contract) set -- -n 2 ;; # two long tests stand in one file
    e2e)
        # The console wants the machine for itself: what it tells of time and focus is a person's. Beside others, even
        # behind it, it took twice as long, and some journeys did not end.
        if [ "$browser" = yes ]; then
            # shellcheck disable=SC2086
            "$python" -m pytest -q tests/e2e/console ${PYTEST_ARGS:-}
        fi
        # Patients' pages have no script to wait for: their browser is one of three workers.
        set -- -n 3 --dist loadgroup --ignore tests/e2e/console
        ;;
    faults) set -- -n 2 -m short ;; # each on a cluster of its own, and most of it waits for a process to come back
    *) set -- ;;
    esac
    # shellcheck disable=SC2086  # PYTEST_ARGS is a list of words
    "$python" -m pytest -q "$@" "tests/$stage" ${PYTEST_ARGS:-}
done
