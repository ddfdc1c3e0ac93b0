"""Recomposition of a washed set: what was counted, what is missing by name, which marked instruments are in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from cooperation.blocks.looking import blocks_of_things, refuse_held
from cooperation.codes.domain import CodeRefused, read
from cooperation.loans.guard import refuse_unwashed
from cooperation.recalls.errors import RoleRequired
from cooperation.runs import queries
from cooperation.runs.changing import happen, must_be
from cooperation.runs.domain import Line, Open, judge
from cooperation.runs.errors import CriticalMissing, ForeignInstrument, LineOpen, SingleUse
from cooperation.runs.rows import Content, Instrument, Run
from cooperation.runs.schemas import CountedIn, GapIn
from cooperation.trace.recording import add_many, change_many
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid


@dataclass(frozen=True, slots=True)
class _Marked:
    """A scanned instrument and the line that it was counted on."""

    line: Line
    instrument: Instrument


AT_THE_TABLE = frozenset({"sterilisation_agent", "sterilisation_releaser", "gcs_manager"})


async def soiled(tx: Tx, run: Run, at: datetime) -> Run:
    """Soil was seen on a washed set: it goes back to washing. Refused: `ROLE_REQUIRED`, `WRONG_STAGE`, `ON_HOLD`."""
    _at_the_table(tx, run)
    must_be(run, "washed", "assembled")
    await refuse_held(tx, [run])
    again = replace(run, stage="received", rewash_count=run.rewash_count + 1, gaps=[])
    return await happen(tx, run, again, "run.soil_seen", at)


async def assemble(tx: Tx, run: Run, counted: Sequence[CountedIn], gaps: Sequence[GapIn], at: datetime) -> Run:
    """Closes the recomposition of a locked run, by the plant's staff. Refused: `ROLE_REQUIRED`, `WRONG_STAGE`,
    `ON_HOLD`, `SINGLE_USE`, `FOREIGN_INSTRUMENT`, `LOAN_WASHES_LEFT`, `CRITICAL_MISSING`, `LINE_OPEN`; `INVALID` for a
    line of another composition or named twice."""
    _at_the_table(tx, run)
    must_be(run, "washed")
    await refuse_held(tx, [run])
    await refuse_unwashed(tx, run.set_id)
    lines = {row["id"]: Line(**row) for row in await tx.fetch(queries.LINES_TO_COUNT, run.composition_version_id)}
    _refuse_unknown(lines, counted, gaps)
    marked = await _instruments(tx, run, lines, counted)
    await _refuse_open(tx, run, list(lines.values()), counted, gaps)
    for block in await blocks_of_things(tx, [each.instrument.id for each in marked]):
        raise block.refusal()
    named: list[dict[str, object]] = [gap.model_dump(mode="json") for gap in gaps]
    closed = await happen(tx, run, replace(run, stage="assembled", gaps=named), "run.assembled", at)
    await _keep_content(tx, run, counted, marked, at)
    taken = [each.instrument for each in marked]
    counts = [(one, replace(one, runs_count=one.runs_count + 1, set_id=run.set_id)) for one in taken]
    await change_many(tx, counts, "instrument.assembled", at=at, facts={"run_id": run.id})
    return closed


def _at_the_table(tx: Tx, run: Run) -> None:
    """Who has not the set before him has counted nothing: neither its hospital, nor the driver."""
    who = tx.principal
    if who.orgs is not None and (who.org != run.group_id or who.role not in AT_THE_TABLE):
        raise RoleRequired(roles=["sterilisation_agent"])


def _refuse_unknown(lines: dict[UUID, Line], counted: Sequence[CountedIn], gaps: Sequence[GapIn]) -> None:
    for name, told in (("counted", [one.line_id for one in counted]), ("gaps", [gap.line_id for gap in gaps])):
        for place, line_id in enumerate(told):
            if line_id not in lines or line_id in told[:place]:
                raise Invalid(pointer=f"/{name}/{place}/line_id")


async def _instruments(tx: Tx, run: Run, lines: dict[UUID, Line], counted: Sequence[CountedIn]) -> list[_Marked]:
    """The scanned instruments, locked; each belongs on its line."""
    told = [
        (f"/counted/{place}/instruments/{nth}", lines[one.line_id], _uri(text, f"/counted/{place}/instruments/{nth}"))
        for place, one in enumerate(counted)
        for nth, text in enumerate(one.instruments)
    ]
    rows = await tx.fetch(queries.LOCK_INSTRUMENTS, [uri for _, _, uri in told]) if told else []
    known = {row["code"]: Instrument.of(row) for row in rows}
    marked: list[_Marked] = []
    for pointer, line, uri in told:
        one = known.pop(uri, None)
        if one is None:
            twice = any(uri == each.instrument.code for each in marked)
            raise ForeignInstrument(pointer=pointer, why="twice" if twice else "unknown")
        why = _foreign(run, line, one)
        if why is not None:
            raise ForeignInstrument(pointer=pointer, why=why)
        marked.append(_Marked(line, one))
    return marked


def _uri(text: str, pointer: str) -> str:
    try:
        return read(text).uri
    except CodeRefused:
        raise ForeignInstrument(pointer=pointer, why="unknown") from None


def _foreign(run: Run, line: Line, one: Instrument) -> str | None:
    """Why it does not belong there: `other_set` also for what is another member's."""
    if one.model_id != line.model_id:
        return "other_model"
    if one.organisation_id != run.organisation_id or one.set_id not in (None, run.set_id):
        return "other_set"
    return None if one.status == "in_service" else "not_in_service"


async def _refuse_open(
    tx: Tx, run: Run, lines: Sequence[Line], counted: Sequence[CountedIn], gaps: Sequence[GapIn]
) -> None:
    found = judge(
        lines,
        {one.line_id: one.quantity for one in counted},
        {one.line_id: len(one.instruments) for one in counted},
        {gap.line_id: gap.missing for gap in gaps},
    )
    if found.single_use:
        raise SingleUse(line_ids=[str(line.id) for line in found.single_use])
    if found.critical:
        raise CriticalMissing(lines=await _substitutes(tx, run, found.critical))
    if found.open:
        raise LineOpen(
            lines=[
                {
                    "line_id": str(each.line.id),
                    "quantity": each.line.quantity,
                    "counted": each.counted,
                    "missing": each.missing,
                }
                for each in found.open
            ]
        )


async def _substitutes(tx: Tx, run: Run, short: Sequence[Open]) -> list[JsonValue]:
    """Each critical line that is short, with instruments that could take the place."""
    models = [each.line.model_id for each in short]
    rows = await tx.fetch(queries.SUBSTITUTES, models, run.organisation_id)
    return [
        {
            "line_id": str(each.line.id),
            "model_id": str(each.line.model_id),
            "missing": each.line.quantity - each.counted,
            "substitutes": [
                {"id": str(row["id"]), "code": str(row["code"])}
                for row in rows
                if row["model_id"] == each.line.model_id
            ],
        }
        for each in short
    ]


async def _keep_content(
    tx: Tx, run: Run, counted: Sequence[CountedIn], marked: Sequence[_Marked], at: datetime
) -> None:
    """What is in the pack. A run assembled a second time, after another wash, keeps its rows with the new counts."""
    want: Counter[tuple[UUID, UUID | None]] = Counter()
    for one in counted:
        want[one.line_id, None] = one.quantity - len(one.instruments)
    want.update((each.line.id, each.instrument.id) for each in marked)
    rows = [Content.of(row) for row in await tx.fetch(queries.LOCK_CONTENT, run.id)]
    there = {(row.line_id, row.instrument_id): row for row in rows}
    changed = [(row, replace(row, counted=want[key])) for key, row in there.items() if row.counted != want[key]]
    await change_many(tx, changed, "content.counted", at=at)
    new = [
        Content(
            id=new_id(),
            organisation_id=run.organisation_id,
            created_at=tx.now,
            run_id=run.id,
            line_id=line_id,
            instrument_id=instrument_id,
            counted=number,
        )
        for (line_id, instrument_id), number in want.items()
        if number and (line_id, instrument_id) not in there
    ]
    await add_many(tx, new, "content.counted", at=at)
