"""Pairs of files that may be one person: found by night, shown by likelihood, declared different."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import cast
from uuid import UUID

import asyncpg

from appointments.merges import queries
from appointments.merges.errors import SamePerson
from appointments.merges.schemas import DuplicatePair, DuplicatePerson, Duplicates, NotSameOut, PairIn
from appointments.patients.shown import following, item
from maillage import cursor
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import NotFound

_SERVICE = system("appointments")
_PIECE = 10_000
"""People compared in one transaction, with whoever was born on the same days."""


@dataclass(frozen=True, slots=True)
class Search:
    """One night of one organisation. `at` marks what it finds."""

    organisation_id: UUID
    night: date
    at: datetime


async def search_due(database: Database) -> None:
    """Timed job: between three and six in the morning, local time, once a night for each organisation.

    Each piece is a short transaction: whoever works by night waits for none of them.
    """
    for search in await database.run(_SERVICE, _due):
        for low, high in pairwise(await database.run(_SERVICE, _pieces, search)):
            await database.run(_SERVICE, _by_birth, search, low, high)
        await database.run(_SERVICE, _by_the_rest, search)


async def _due(tx: Tx) -> list[Search]:
    return [Search(row["id"], row["night"], tx.now) for row in await tx.fetch(queries.DUE, tx.now)]


async def _pieces(tx: Tx, search: Search) -> list[date]:
    cuts = [row["cut"] for row in await tx.fetch(queries.CUTS, search.organisation_id, _PIECE)]
    return [date.min, *cuts, date.max]


async def _by_birth(tx: Tx, search: Search, low: date, high: date) -> None:
    await tx.execute(queries.IN_TURN, search.organisation_id)
    await tx.execute(queries.BY_BIRTH, search.organisation_id, search.at, low, high)


async def _by_the_rest(tx: Tx, search: Search) -> None:
    await tx.execute(queries.IN_TURN, search.organisation_id)
    await tx.execute(queries.BY_CONTACT, search.organisation_id, search.at)
    await tx.execute(queries.BY_INS, search.organisation_id, search.at)
    await tx.execute(queries.SEARCHED, search.organisation_id, search.at, search.night)


async def pairs(tx: Tx, after: str | None, limit: int) -> Duplicates:
    """One page of pairs, the likeliest first. Everyone who is shown is in the audit."""
    last = cursor.decode(after, int, UUID, UUID)
    score, first, second = last or (None, None, None)
    seen = None if score is None else Decimal(cast(int, score)) / 1000
    rows = await tx.fetch(queries.PAIRS, tx.now, seen, first, second, limit + 1)
    found = list(zip(rows[::2], rows[1::2], strict=True))
    shown = found[:limit]
    for row in (person for pair in shown for person in pair):
        tx.audit("patient.list", "patient", row["id"], row["organisation_id"], via="duplicates")
    searched = cast(datetime | None, await tx.fetchval(queries.LAST_SEARCH))
    return Duplicates(
        items=[_pair(*pair) for pair in shown],
        next_cursor=_cursor(shown[-1][0]) if len(found) > limit else None,
        searched_at=searched,
    )


def _cursor(row: asyncpg.Record) -> str:
    return cursor.encode(int(row["score"] * 1000), row["first_id"], row["second_id"])


def _pair(first: asyncpg.Record, second: asyncpg.Record) -> DuplicatePair:
    return DuplicatePair(
        first=_person(first),
        second=_person(second),
        score=float(first["score"]),
        grounds=first["grounds"],
        found_at=first["found_at"],
    )


def _person(row: asyncpg.Record) -> DuplicatePerson:
    counted = {"contacts": row["contacts"], "appointments": row["appointments"], "next": following(row)}
    return DuplicatePerson.model_validate(item(row).model_dump() | counted)


async def declare_different(tx: Tx, body: PairIn) -> NotSameOut:
    """Two persons: the pair never comes back. Said twice, it stays as it was said first."""
    first, second, organisation_id = await _living(tx, body.first_id, body.second_id)
    row = await tx.fetchrow(queries.NOT_SAME, first, second, organisation_id, tx.principal.sub, tx.now)
    assert row is not None
    await tx.execute(queries.FORGET_PAIR, first, second)
    _note(tx, "patient.not_same", first, second, organisation_id)
    return NotSameOut(**dict(row))


async def take_back(tx: Tx, first_id: UUID, second_id: UUID) -> None:
    """The declaration is taken back: the next night may find the pair again."""
    first, second = sorted((first_id, second_id))
    organisation_id = cast(UUID | None, await tx.fetchval(queries.SAME_AGAIN, first, second))
    if organisation_id is None:
        raise NotFound
    _note(tx, "patient.not_same_undone", first, second, organisation_id)


async def _living(tx: Tx, one: UUID, other: UUID) -> tuple[UUID, UUID, UUID]:
    if one == other:
        raise SamePerson(pointer="/second_id")
    rows = await tx.fetch(queries.BOTH, one, other)
    organisations = {row["organisation_id"] for row in rows}
    if len(rows) != 2 or len(organisations) != 1 or any(row["merged_into_id"] for row in rows):
        raise NotFound
    return rows[0]["id"], rows[1]["id"], organisations.pop()


def _note(tx: Tx, action: str, first: UUID, second: UUID, organisation_id: UUID) -> None:
    for one, other in ((first, second), (second, first)):
        tx.audit(action, "patient", one, organisation_id, other=str(other))
