"""Use cases of finding people: by words, dates and numbers. Everyone who was shown is in the audit."""

from collections.abc import Sequence
from uuid import UUID

from appointments.patients import domain, queries
from appointments.patients.errors import CriterionRequired, SearchTooWide
from appointments.patients.schemas import Candidates, PatientItem, Search
from appointments.patients.service import reachable_ids
from appointments.patients.shown import candidate, item
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotAllowed
from maillage.wire import Page


async def search(tx: Tx, wish: Search) -> Page[PatientItem]:
    """People by words of their names, birth date, number; one page. A patient caller sees his own people only."""
    own = await reachable_ids(tx) if tx.principal.reach("patient.read") == "s" else None
    words = domain.search_words(wish.q or "")
    if own is None and not (words or wish.birth_date or wish.phone):
        raise CriterionRequired(pointer="?q")
    last = cursor.decode(wish.cursor, UUID)
    alone = words and own is None and not wish.birth_date and not wish.phone
    first = await _rarest(tx, words) if alone else None
    others = [word for word in words if word != first]
    position = (last[0] if last else None, wish.limit + 1)
    rows = await tx.fetch(queries.SEARCH, first, others, wish.birth_date, wish.phone, own, *position)
    page, more = rows[: wish.limit], len(rows) > wish.limit
    for row in page:
        tx.audit("patient.list", "patient", row["id"], row["organisation_id"])
    return Page(items=[item(row) for row in page], next_cursor=cursor.encode(page[-1]["id"]) if more else None)


async def _rarest(tx: Tx, words: Sequence[str]) -> str:
    rows = await tx.fetch(queries.WIDTHS, list(words), domain.WIDEST + 1)
    people = {row["word"]: row["people"] for row in rows}
    word = domain.rarest(people)
    if people[word] > domain.WIDEST:
        raise SearchTooWide(pointer="?q")
    return word


async def candidates(tx: Tx, phone: str) -> Candidates:
    """Who may be calling from this number. For professionals: the display of a number proves nothing."""
    if tx.principal.reach("patient.read") == "s":
        raise NotAllowed
    rows = await tx.fetch(queries.CANDIDATES, phone, tx.now)
    for row in rows:
        tx.audit("patient.candidate", "patient", row["id"], row["organisation_id"], via=row["via"])
    return Candidates(items=[candidate(row) for row in rows])
