"""Whether the trace is what was written, and the rows what the trace says. An operator asks; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from cooperation.trace import queries
from cooperation.trace.recording import digest_of
from cooperation.trace.rows import Traced
from maillage import audit
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class Findings:
    """How many entries were looked at, and what is wrong, a sentence each."""

    entries: int
    wrong: Sequence[str]


async def verify(tx: Tx) -> Findings:
    """Each entry is hashed again and compared with the line of the audit that tells of it, and the audit's own chain is
    verified. Named are entries that were altered, slipped in past the audit, or removed."""
    wrong: list[str] = []
    count = 0
    for hour in await tx.fetch(queries.HOURS):
        rows = await tx.fetch(queries.OF_HOUR, hour["hour"])
        wrong += [why for row in rows if (why := _wrong(row))]
        count += sum(row["id"] is not None for row in rows)
    broken = await audit.verify(tx)
    if broken is not None:
        wrong.append(f"the audit, at line {broken.audit_id} of {broken.organisation_id}: {broken.why}")
    return Findings(count, wrong)


def _wrong(row: asyncpg.Record) -> str | None:
    *entry, digest, told, told_entry, told_subject = row.values()
    if entry[0] is None:
        return f"entry {told_entry} of {told_subject} is gone"
    if digest_of(entry) != digest or (told is not None and told != digest.hex()):
        return f"entry {entry[0]} of {entry[4]} was altered"
    return None if told is not None else f"entry {entry[0]} of {entry[4]} was slipped in past the audit"


async def rebuild(tx: Tx) -> Findings:
    """The rows of every traced table, folded anew from the trace and compared with those that are there."""
    wrong: list[str] = []
    for kind in traced():
        rows = await tx.fetch(queries.DIFFERENCES, kind.KIND, kind.TABLE)
        wrong += [f"{kind.TABLE} {row['id']} {row['detail']}" for row in rows]
    count = await tx.fetchval(queries.COUNT)
    assert isinstance(count, int)
    return Findings(count, wrong)


def traced() -> list[type[Traced]]:
    """Every kind of row that is traced, by name of table, once the service is loaded."""
    # A class with slots is made twice; the first is there until it is collected.
    kinds = {kind.TABLE: kind for kind in Traced.__subclasses__()}
    return [kinds[table] for table in sorted(kinds)]
