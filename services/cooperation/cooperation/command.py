"""`maillage cooperation`: is the trace what was written, are the rows what the trace says."""

import argparse
import asyncio
from collections.abc import Sequence

from cooperation.main import service
from cooperation.trace import verifying
from maillage.database import Database, UseCase
from maillage.installation import service_environment
from maillage.principal import system

_LOOKS: dict[str, UseCase[[], verifying.Findings]] = {"verify": verifying.verify, "rebuild": verifying.rebuild}


def main(arguments: Sequence[str]) -> int:
    """0: all holds; 1: what does not is printed, a line each."""
    parser = argparse.ArgumentParser(prog="maillage cooperation")
    parser.add_argument(
        "act", choices=sorted(_LOOKS), help="verify the trace against the audit; rebuild the rows from it"
    )
    act = parser.parse_args(arguments).act
    found = asyncio.run(_look(_LOOKS[act]))
    for sentence in found.wrong:
        print(f"cooperation: {sentence}")
    print(f"cooperation: {found.entries} entries, {len(found.wrong) or 'nothing'} wrong")
    return 1 if found.wrong else 0


async def _look(use_case: UseCase[[], verifying.Findings]) -> verifying.Findings:
    service_environment(service.name, "POSTGRES_URL")
    database = Database(service.settings(statement_timeout_s=86_400))
    await database.open()
    try:
        return await database.run(system(service.name), use_case)
    finally:
        await database.close()
