"""A pack serves in an operation: guards, then run, use, next run, custody, in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cooperation.blocks.looking import Block, blocks_of
from cooperation.custody.moving import Subject, move, where
from cooperation.demand.allocating import release_allocation
from cooperation.issues.opening import Subject as About
from cooperation.issues.opening import open_issue
from cooperation.members.parameters import Group, group
from cooperation.runs.acts import next_run
from cooperation.runs.changing import happen, must_be
from cooperation.runs.errors import NotReleased, ReasonRequired
from cooperation.runs.rows import Content, Run, Use
from cooperation.trace.recording import add, change_many
from cooperation.uses import queries
from cooperation.uses.errors import AlreadyUsed, PackNotIntact, TimeInFuture
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid, NotAllowed

CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""How far a caller's clock may be ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """One use as it is told. `override`: why a blocked pack is taken all the same."""

    operation_ref: str
    used_at: datetime
    intact: bool
    unused: Collection[UUID] | None = None
    place_id: UUID | None = None
    override: str | None = None


async def use(tx: Tx, run: Run, how: How) -> Use:
    """The locked run ends `used`, its set's next run opens `returning`, no need keeps the pack any more. Refused:
    `ALREADY_USED`, `WRONG_STAGE`, `NOT_RELEASED`, `TIME_IN_FUTURE`, `PACK_NOT_INTACT`; and, but for an override,
    `ON_HOLD`, `RECALLED`, `EXPIRED`; `ON_HOLD` always under a prion hold."""
    of_group = await group(tx, run.group_id)
    await _good(tx, run, how, of_group)
    blocks = await _not_blocked(tx, run, how, of_group)
    at = min(how.used_at, tx.now)
    place_id = await _place(tx, run, how.place_id)
    made = Use(
        id=new_id(),
        organisation_id=run.organisation_id,
        created_at=tx.now,
        run_id=run.id,
        operation_ref=how.operation_ref,
        used_at=at,
        place_id=place_id,
        override_by=tx.principal.person_id if blocks else None,
        override_reason=how.override if blocks else None,
    )
    used = await happen(tx, run, replace(run, stage="used"), "run.used", at, facts={"use_id": made.id})
    await add(tx, made, "use.recorded", at=at, facts={"blocks": [block.kind for block in blocks]})
    await _served(tx, used, how.unused, at)
    await release_allocation(tx, run.id, "used")
    await next_run(tx, used, "returning", at)
    if place_id is not None:
        await move(tx, Subject("set", run.set_id, run.organisation_id, run.group_id), place_id, at)
    for block in blocks:
        about = About("run", run.id, run.organisation_id, run.group_id)
        await open_issue(tx, about, f"used_{block.kind}", "critical", stage_seen="released", words=how.override)
    return made


async def _good(tx: Tx, run: Run, how: How, of_group: Group) -> None:
    if run.stage == "used":
        used_at = await tx.fetchval(queries.USED_AT, run.id)
        assert isinstance(used_at, datetime)
        raise AlreadyUsed(used_on=of_group.day(used_at).isoformat())
    if run.stage == "aborted":
        must_be(run, "released")
    if run.released_at is None or how.used_at < run.released_at:
        raise NotReleased(stage=run.stage)
    if how.used_at > tx.now + CLOCKS_DIFFER:
        raise TimeInFuture(pointer="/used_at")
    if not how.intact:
        raise PackNotIntact


async def _not_blocked(tx: Tx, run: Run, how: How, of_group: Group) -> list[Block]:
    """What blocks the pack on the day of its use and is overridden; mostly nothing."""
    blocks = await blocks_of(tx, [run], of_group.day(how.used_at))
    if not blocks:
        return []
    if how.override is None or blocks[0].kind == "prion":
        raise blocks[0].refusal()
    for block in blocks:  # a thing that was to be destroyed and is still there is nobody's to take, emergency or not
        if block.code == "ON_HOLD" and await tx.fetchval(queries.DESTROYED, block.cause_id):
            raise block.refusal()
    return list({block.kind: block for block in blocks}.values())


async def _place(tx: Tx, run: Run, told: UUID | None) -> UUID | None:
    """The theatre told; else the only one of the site where the set is, or of the owner's sites when its way there was
    not scanned; else the place where it is, out of any crate."""
    if told is not None:
        if await tx.fetchval(queries.THEATRE_OF, told, run.organisation_id) is None:
            raise Invalid(pointer="/place_id")
        return told
    places = [place for place in await where(tx, run.set_id) if place.site_id is not None]
    if not places or places[0].kind == "theatre":
        return places[0].id if places else None
    theatres = await tx.fetch(queries.THEATRES, run.organisation_id, places[0].site_id)
    chosen: UUID = theatres[0]["id"] if len(theatres) == 1 else places[0].id
    return chosen


async def _served(tx: Tx, run: Run, unused: Collection[UUID] | None, at: datetime) -> None:
    """Which lines served, when somebody looked."""
    if unused is None:
        return
    lines = {row["id"] for row in await tx.fetch(queries.LINES, run.composition_version_id)}
    if not lines.issuperset(unused):
        raise Invalid(pointer="/unused")
    content = [Content.of(row) for row in await tx.fetch(queries.CONTENT, run.id)]
    told = [(each, replace(each, used=each.line_id not in unused)) for each in content]
    await change_many(tx, told, "content.used", at=at)


def may_override(tx: Tx, reason: str | None) -> str:
    """Only a clinician, under his own badge, with a reason. Refused: 403 `NOT_ALLOWED`, `REASON_REQUIRED`."""
    if tx.principal.reach("use.override") is None or tx.principal.person_id is None:
        raise NotAllowed
    if not reason:
        raise ReasonRequired(pointer="/override/reason")
    return reason
