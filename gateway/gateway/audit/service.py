"""Use cases of reading the audit. Reading it is itself an act that the audit keeps."""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from gateway.audit import queries
from gateway.audit.schemas import Audit, Keys, Line, Source
from gateway.keys import queries as keys
from gateway.platform import PLATFORM
from maillage import audit_reading, cursor
from maillage.audit_reading import Entries, Entry, Filters, Wanted
from maillage.database import Tx

OWN: Final = "gateway"
_NAMED: Final = frozenset({"person", "client"})


async def own_page(tx: Tx, wanted: Wanted) -> Entries:
    """A page of the gateway's own rows; says that the audit was asked, and for what."""
    note(tx, "audit.read", wanted, continued=wanted.cursor is not None)
    return await audit_reading.entries(tx, wanted)


def note(tx: Tx, action: str, wanted: Filters, *, continued: bool = False) -> None:
    """Who asked for the audit of what: it appears where the record's own audit is read."""
    org = tx.principal.org or PLATFORM
    told = wanted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"cursor", "limit", "record"})
    facts = {f"asked_{name}": str(value) for name, value in told.items()}
    tx.audit(action, "audit", wanted.record or org, org, continued=continued, **facts)


async def note_export(tx: Tx, wanted: Filters) -> None:
    """An export begins; written before its first line leaves."""
    note(tx, "audit.export", wanted)


async def names(tx: Tx, actors: Sequence[str]) -> Mapping[str, str]:
    """The names of those who acted, by actor. Whoever may read that somebody opened a record of his organisation may
    know who it was, be he of another organisation that acts for it."""
    split = (actor.partition(":") for actor in actors)
    ids = [_uuid(value) for kind, _, value in split if kind in _NAMED]
    rows = await queries.names(tx, [each for each in ids if each is not None])
    return {row["sub"]: row["name"] for row in rows}


async def public_keys(tx: Tx) -> Keys:
    """With what an export may have been signed."""
    return Keys(keys=[json.loads(row["public_jwk"]) for row in await keys.every_public(tx)])


def merged(pages: Mapping[str, Entries | None], limit: int) -> tuple[Sequence[tuple[str, Entry]], str | None]:
    """One page of the pages of all sources, newest first, and the cursor that continues all of them: they have the same
    sort key, and no two rows have the same id."""
    known = {name: page for name, page in pages.items() if page is not None}
    rows = [(name, row) for name, page in known.items() for row in page.items]
    rows.sort(key=lambda each: (each[1].at, each[1].id), reverse=True)
    more = len(rows) > limit or any(page.next_cursor for page in known.values())
    last = rows[:limit][-1][1] if rows else None
    return rows[:limit], cursor.encode(last.at, last.id) if more and last is not None else None


def shown(
    pages: Mapping[str, Entries | None],
    rows: Sequence[tuple[str, Entry]],
    next_cursor: str | None,
    called: Mapping[str, str],
) -> Audit:
    """The answer."""
    return Audit(
        items=[Line(service=name, actor_name=called.get(row.actor), **dict(row)) for name, row in rows],
        next_cursor=next_cursor,
        sources=[Source(service=name, state="away" if page is None else "ok") for name, page in pages.items()],
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
