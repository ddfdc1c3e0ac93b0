"""One process of the product with a fault planted: it kills itself at a named point, or its code is a mutant.

    python -m tests.harness.launch --die-at after_commit --after 0 serve appointments
    python -m tests.harness.launch --mutant inbox_skipped work telesecretariat

The product knows nothing of it: only the hook of `maillage.pauses` is set. `--after n` lets n passages go by.
"""

import argparse
import os
import signal

from maillage import processes
from maillage.pauses import hooks
from tests.harness.mutants import MUTANTS


def main() -> int:
    """Runs the command until it ends, or dies as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--die-at", choices=["before_commit", "after_commit", "after_publish", "before_ack"])
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("--mutant", choices=sorted(MUTANTS))
    parser.add_argument("command", choices=["serve", "work"])
    parser.add_argument("service")
    asked = parser.parse_args()
    left = asked.after

    async def die() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    if asked.die_at:
        hooks[asked.die_at] = die
    if asked.mutant:
        MUTANTS[asked.mutant].load(setattr)
    run = processes.serve if asked.command == "serve" else processes.work
    return run(asked.service)


if __name__ == "__main__":
    raise SystemExit(main())
