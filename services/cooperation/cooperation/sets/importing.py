"""Sets from a file: checked whole, then written whole or not at all."""

from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record
from pydantic import ValidationError

from cooperation.members.collections import Making, owner_of
from cooperation.members.marks import set_mark
from cooperation.members.parameters import staffed_group
from cooperation.runs.rows import InstrumentSet
from cooperation.sets import queries
from cooperation.sets.domain import REQUIRED, Fault, File
from cooperation.sets.errors import SAID, ImportRefused
from cooperation.sets.schemas import SetFault, SetImportOut, SetIn
from cooperation.sets.service import put
from maillage.database import Tx
from maillage.ids import new_id
from maillage.words import Language, Words


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines name, by code or mark."""

    compositions: dict[str, Record]
    places: dict[str, Record]
    marks: dict[str, Record]


async def import_sets(tx: Tx, owner_id: UUID | None, file: File, dry_run: bool, language: Language) -> SetImportOut:
    """The sets of one owner. A set that is there already, of the same composition, is left as it is: the same file
    again changes nothing. Refused: `IMPORT_REFUSED` with every fault, unless it is a dry run, `REFERENCE_UNKNOWN`."""
    group = await staffed_group(tx)
    owner = await owner_of(Making(tx=tx, group=group, given={"owner_id": owner_id}, row=None))
    known = await _known(tx, owner, group.id, file)
    new: list[tuple[InstrumentSet, UUID]] = []
    faults, unchanged, seen = list(file.faults), 0, set[str]()
    for number, line in file.lines:
        wrong, body = _read(number, line, known, owner, seen)
        faults += wrong
        if body is None or wrong:
            continue
        if body.tag in known.marks:
            unchanged += 1
            continue
        version_id = known.compositions[line["composition"]]["version_id"]
        made = InstrumentSet(
            id=new_id(), organisation_id=owner, created_at=tx.now, group_id=group.id,
            composition_version_id=version_id, **body.model_dump(exclude={"place_id"}),
        )  # fmt: skip
        new.append((made, body.place_id))
    told = [_told(fault, language) for fault in faults[:500]]
    if told and not dry_run:
        raise ImportRefused(lines=[fault.model_dump() for fault in told])
    if not dry_run:
        for made, place_id in new:
            await put(tx, made, place_id)
    return SetImportOut(dry_run=dry_run, added=len(new), unchanged=unchanged, faults=told)


async def _known(tx: Tx, owner: UUID, group_id: UUID, file: File) -> _Known:
    codes = {line.get(name, "") for _, line in file.lines for name in ("place", "home_place")}
    tags = {tag for _, line in file.lines if (tag := _canonical(line.get("tag", "")))}
    return _Known(
        {row["code"]: row for row in await tx.fetch(queries.COMPOSITIONS, owner, group_id)},
        {row["code"]: row for row in await tx.fetch(queries.PLACES, group_id, sorted(codes))},
        {row["tag"]: row for row in await tx.fetch(queries.MARKS, sorted(tags))},
    )


def _read(
    number: int, line: dict[str, str], known: _Known, owner: UUID, seen: set[str]
) -> tuple[list[Fault], SetIn | None]:  # fmt: skip
    """The line as a set, or what is wrong with it."""
    faults = [Fault(number, name, "MISSING") for name in REQUIRED if not line.get(name)]
    composition = known.compositions.get(line.get("composition", ""))
    place, home = known.places.get(line.get("place", "")), known.places.get(line.get("home_place", ""))
    if line.get("composition") and composition is None:
        faults.append(Fault(number, "composition", "COMPOSITION_UNKNOWN"))
    if line.get("place") and place is None:
        faults.append(Fault(number, "place", "PLACE_UNKNOWN"))
    if line.get("home_place") and (home is None or home["organisation_id"] != owner):
        faults.append(Fault(number, "home_place", "PLACE_UNKNOWN"))
    if faults or composition is None or place is None:
        return faults, None
    try:
        body = SetIn(
            tag=line["tag"], name=line["name"], composition_id=composition["id"],
            home_place_id=home["id"] if home else None, place_id=place["id"],
        )  # fmt: skip
    except ValidationError as invalid:
        columns = sorted({str(error["loc"][0]) for error in invalid.errors()})
        return [Fault(number, name, "MARK_INVALID" if name == "tag" else "TEXT_INVALID") for name in columns], None
    return _marked(number, body, known, owner, seen), body


def _marked(number: int, body: SetIn, known: _Known, owner: UUID, seen: set[str]) -> list[Fault]:
    """A mark is in the file once, and nobody else's."""
    if body.tag in seen:
        return [Fault(number, "tag", "TAG_TWICE")]
    seen.add(body.tag)
    there = known.marks.get(body.tag)
    if there is not None and (there["organisation_id"], there["composition_id"]) != (owner, body.composition_id):
        return [Fault(number, "tag", "TAG_TAKEN")]
    return []


def _canonical(text: str) -> str | None:
    try:
        return set_mark(text)
    except ValueError:
        return None


def _told(fault: Fault, language: Language) -> SetFault:
    said = SAID.get(fault.code, Words(fault.code, fault.code))
    return SetFault(line=fault.line, column=fault.column, code=fault.code, detail=said.in_(language))
