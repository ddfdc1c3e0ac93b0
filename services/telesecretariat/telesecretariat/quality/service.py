"""Use cases of quality: a grid says what is looked at, a supervisor scores, the agent reads and answers."""

from datetime import date
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, VersionStale, WrongState
from maillage.wire import Page
from telesecretariat.keeping import after, paged, wire
from telesecretariat.quality import queries
from telesecretariat.quality.domain import COMMENT_WITHIN, NEXT, State, total
from telesecretariat.quality.errors import CommentPending, ReviewFinal, ReviewOfOther, ReviewOwn, ScoresIncomplete
from telesecretariat.quality.schemas import CommentIn, GridIn, GridOut, ReviewItem, ReviewOut, ScoreIn
from telesecretariat.vault import vault


async def grids(tx: Tx, given: str | None, limit: int) -> Page[GridOut]:
    """Grids in reach, retired ones too."""
    return paged(GridOut, await tx.fetch(queries.GRIDS, after(given), limit + 1), limit)


async def add_grid(tx: Tx, body: GridIn) -> GridOut:
    """The grid of the caller's organisation from now on; the one before retires."""
    organisation_id = tx.principal.org
    if organisation_id is None:
        raise NotAllowed
    await tx.execute(queries.ALONE, organisation_id)
    await tx.execute(queries.RETIRE, organisation_id)
    criteria = [each.model_dump() for each in body.criteria]
    row = await tx.fetchrow(queries.ADD_GRID, new_id(), organisation_id, body.name, criteria, tx.now)
    made = wire(GridOut, row)
    tx.audit("quality_grid.create", "quality_grid", made.id, organisation_id)
    return made


async def reviews(
    tx: Tx,
    month: date | None,
    agent_id: UUID | None,
    client_id: UUID | None,
    state: State | None,
    given: str | None,
    limit: int,
) -> Page[ReviewItem]:
    """Reviews in reach; an agent's own once they are shared."""
    rows = await tx.fetch(queries.REVIEWS, month, agent_id, client_id, state, after(given), limit + 1)
    return paged(ReviewItem, rows, limit)


async def review(tx: Tx, review_id: UUID) -> ReviewOut:
    """One review; audited. Refused: `NOT_FOUND`, to an agent also before it is shared."""
    row = await tx.fetchrow(queries.REVIEW, review_id)
    if row is None:
        raise NotFound
    tx.audit("review.read", "quality_review", review_id, row["organisation_id"])
    return _out(tx, row)


async def score(tx: Tx, review_id: UUID, body: ScoreIn, if_match: int | None) -> ReviewOut:
    """Scores a call, or scores it again before it is shared. Refused: `REVIEW_OWN`, `SCORES_INCOMPLETE`, `WRONG_STATE`,
    `REVIEW_FINAL`."""
    row = await _before(tx, review_id, "score", if_match)
    if row["agent_id"] == tx.principal.person_id:
        raise ReviewOwn
    grid = wire(GridOut, await tx.fetchrow(queries.GRID, row["grid_id"]))
    weights = {each.code: each.weight for each in grid.criteria}
    if set(weights) != set(body.scores):
        raise ScoresIncomplete(pointer="/scores")
    sealed, reached = vault(tx).seal(body.comment), total(weights, body.scores)
    scores, who = dict(body.scores), tx.principal.person_id
    return _done(tx, "score", await tx.fetchrow(queries.SCORE, review_id, scores, reached, sealed, who))


async def share(tx: Tx, review_id: UUID, if_match: int | None) -> ReviewOut:
    """The agent sees it from now on. Refused: `REVIEW_OWN`, `WRONG_STATE`, `REVIEW_FINAL`."""
    row = await _before(tx, review_id, "share", if_match)
    if row["agent_id"] == tx.principal.person_id:
        raise ReviewOwn
    return _done(tx, "share", await tx.fetchrow(queries.SHARE, review_id, tx.now))


async def comment(tx: Tx, review_id: UUID, body: CommentIn, if_match: int | None) -> ReviewOut:
    """What the agent says of it, once. Refused: `REVIEW_OF_OTHER`, `WRONG_STATE`, `REVIEW_FINAL`."""
    row = await _before(tx, review_id, "comment", if_match)
    if row["agent_id"] != tx.principal.person_id:
        raise ReviewOfOther
    return _done(tx, "comment", await tx.fetchrow(queries.COMMENT, review_id, vault(tx).seal(body.comment)))


async def finish(tx: Tx, review_id: UUID, if_match: int | None) -> ReviewOut:
    """Ends it: after the agent's comment, or without one once the time for it is over. Refused: `REVIEW_OWN`,
    `COMMENT_PENDING`, `WRONG_STATE`, `REVIEW_FINAL`."""
    row = await _locked(tx, review_id, if_match)
    if row["agent_id"] == tx.principal.person_id:
        raise ReviewOwn
    if row["state"] == "shared" and tx.now < (until := row["shared_at"] + COMMENT_WITHIN):
        raise CommentPending(until=until.isoformat())
    if row["state"] != "shared":
        _allow(row, "finish")
    return _done(tx, "finish", await tx.fetchrow(queries.FINISH, review_id))


async def _locked(tx: Tx, review_id: UUID, if_match: int | None) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LOCK, review_id)
    if row is None:
        raise NotFound
    if row["state"] == "final":
        raise ReviewFinal
    if if_match is not None and if_match != row["version"]:
        raise VersionStale(version=row["version"])
    return row


async def _before(tx: Tx, review_id: UUID, event: str, if_match: int | None) -> asyncpg.Record:
    row = await _locked(tx, review_id, if_match)
    _allow(row, event)
    return row


def _allow(row: asyncpg.Record, event: str) -> None:
    state: State = row["state"]
    if event not in NEXT[state]:
        raise WrongState(state=state, allowed=list(NEXT[state]))


def _done(tx: Tx, event: str, row: asyncpg.Record | None) -> ReviewOut:
    assert row is not None
    tx.audit(f"review.{event}", "quality_review", row["id"], row["organisation_id"])
    return _out(tx, row)


def _out(tx: Tx, row: asyncpg.Record) -> ReviewOut:
    safe = vault(tx)
    words = {"comment": safe.open(row["comment_sealed"]), "agent_comment": safe.open(row["agent_comment_sealed"])}
    return ReviewOut.model_validate({name: row[name] for name in ReviewOut.model_fields if name not in words} | words)
