"""Lints the SQL of every migration with squawk, as it would run from an empty database."""

import asyncio
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from alembic.util.exc import CommandError

from maillage.migrate import head, pending_sql

LEFT_OUT = (
    "prefer-bigint-over-int",  # counters and minutes: rows are keyed by UUID
    "prefer-bigint-over-smallint",
    "prefer-text-field",  # the varchar of alembic_version is Alembic's own
    "require-lock-timeout",  # the kit sets both before each revision
    "require-statement-timeout",
)
# Until a first release runs somewhere, every table is empty when it changes. These go with that release.
BEFORE_FIRST_RELEASE = (
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-required-field",
    "adding-serial-primary-key-field",
    "changing-column-type",
    "constraint-missing-not-valid",
    "require-concurrent-index-creation",
    "require-concurrent-index-deletion",
)


def lint(service: str, package: str, squawk: str) -> int:
    """Number of the process's refusal: 0 when squawk found nothing. The SQL goes in by standard input."""
    sql = asyncio.run(pending_sql(None, service, package))
    command = [
        squawk,
        "--pg-version",
        "18.0",
        "--assume-in-transaction",
        "--exclude",
        ",".join(LEFT_OUT + BEFORE_FIRST_RELEASE),
    ]
    return subprocess.run(
        [*command, "--stdin-filepath", f"{service}.sql"], input=sql, text=True, check=False
    ).returncode


def main() -> int:
    """0: nothing found; 1: squawk refused something, and said where."""
    squawk = shutil.which("squawk", path=str(Path(sys.executable).parent)) or "squawk"
    services = [(point.name, point.value.split(".")[0]) for point in entry_points(group="maillage.services")]
    refused = 0
    for service, package in sorted(services):
        try:
            newest = head(package)
        except CommandError:
            continue  # no migrations yet
        if newest is not None:
            refused |= lint(service, package, squawk)
    return min(refused, 1)


if __name__ == "__main__":
    raise SystemExit(main())
