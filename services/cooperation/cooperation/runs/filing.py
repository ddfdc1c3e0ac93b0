"""The file of a run, and that of a set: everything on one page, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from asyncpg import Record

from cooperation.blocks.looking import Block, blocks_of, blocks_of_things
from cooperation.custody.moving import where
from cooperation.loads.schemas import ControlOut, FileIssue, FileRecord, FileTest
from cooperation.members.keeping import wire
from cooperation.members.parameters import group
from cooperation.runs import queries
from cooperation.runs.file_schemas import (
    FileBlock,
    FileDecision,
    FileEntry,
    FileInstrument,
    FileLine,
    FileLoad,
    FileRecall,
    FileStay,
    FileUse,
    RunFile,
    SetFile,
    SetInstrument,
    SetPlace,
    SetTurn,
)
from cooperation.runs.rows import Run
from cooperation.runs.schemas import RunOut
from cooperation.trace.reading import entries
from cooperation.trace.schemas import TraceEntry
from maillage.database import Tx
from maillage.refusals import NotFound

CONTROL = ("id", "load_id", "kind", "result", "read_by", "read_at")
OF_DEVICE = ("station", "place_id", "place_name")


async def run_file(tx: Tx, run_id: UUID) -> RunFile:
    """The page of a run. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.RUN, run_id)
    if row is None:
        raise NotFound
    run = Run.among(row)
    loads = await tx.fetch(queries.FILE_LOADS, run_id)
    load_ids = [each["load_id"] for each in loads]
    use = await tx.fetchrow(queries.FILE_USE, run_id)
    issues = await tx.fetch(queries.FILE_ISSUES, [run_id, *load_ids], load_ids)
    recalls = await tx.fetch(queries.FILE_RECALLS, run_id)
    of_group = await group(tx, run.group_id)
    subjects = [run_id, *load_ids, *(each["load_run_id"] for each in loads), *(each["id"] for each in issues)]
    subjects += [each["line_id"] for each in recalls] + ([use["id"]] if use is not None else [])
    told = await _told(tx, await entries(tx, subjects))
    began = min([run.created_at, *(each.occurred_at for each in told if each.subject_id == run_id)])
    return RunFile(
        run=wire(RunOut, row),
        lines=await _lines(tx, run),
        loads=await _loads(tx, loads, load_ids),
        use=None if use is None else wire(FileUse, use),
        stays=[wire(FileStay, each) for each in await tx.fetch(queries.FILE_STAYS, run.set_id, began, run.ended_at)],
        blocks=_blocks(await blocks_of(tx, [run], of_group.day(tx.now))),
        recalls=[wire(FileRecall, each) for each in recalls],
        issues=[wire(FileIssue, each) for each in issues],
        entries=told,
    )


async def set_file(tx: Tx, set_id: UUID) -> SetFile:
    """The page of a set. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.SET_FILE, set_id)
    if row is None:
        raise NotFound
    turns = await tx.fetch(queries.SET_RUNS, set_id)
    live = [run for run in map(Run.among, turns) if run.live]
    of_group = await group(tx, row["group_id"])
    blocks = await blocks_of_things(tx, [set_id]) + await blocks_of(tx, live, of_group.day(tx.now))
    plain = {name: row[name] for name in SetFile.model_fields if name in row}
    return SetFile(
        **plain,
        places=[
            SetPlace(**{name: getattr(at, name) for name in SetPlace.model_fields}) for at in await where(tx, set_id)
        ],
        blocks=_blocks(blocks),
        instruments=[wire(SetInstrument, each) for each in await tx.fetch(queries.SET_INSTRUMENTS, set_id)],
        issues=[wire(FileIssue, each) for each in await tx.fetch(queries.FILE_ISSUES, [set_id], [])],
        runs=[wire(SetTurn, each) for each in turns],
    )


def _blocks(found: Iterable[Block]) -> list[FileBlock]:
    told = [FileBlock(kind=each.kind, code=each.code, cause_id=each.cause_id) for each in found]
    return list(dict.fromkeys(told))


async def _lines(tx: Tx, run: Run) -> list[FileLine]:
    content = _by(await tx.fetch(queries.FILE_CONTENT, run.id), "line_id")
    gaps = {UUID(str(gap["line_id"])): gap for gap in run.gaps}
    lines = await tx.fetch(queries.FILE_LINES, run.composition_version_id)
    return [_line(line, content[line["line_id"]], gaps.get(line["line_id"], {}), run) for line in lines]


def _line(line: Record, content: Sequence[Record], gap: Mapping[str, object], run: Run) -> FileLine:
    told = [each["used"] for each in content if each["used"] is not None]
    counted = sum(each["counted"] for each in content)
    return FileLine(
        **dict(line),
        counted=counted if content or run.gaps or run.label is not None else None,
        missing=int(str(gap.get("missing", 0))),
        missing_reason=str(gap["reason"]) if "reason" in gap else None,
        used=any(told) if told else None,
        instruments=[
            FileInstrument(id=each["instrument_id"], code=each["code"], used=each["used"])
            for each in content
            if each["instrument_id"] is not None
        ],
    )


async def _loads(tx: Tx, loads: Sequence[Record], ids: Sequence[UUID]) -> list[FileLoad]:
    records = _by(await tx.fetch(queries.FILE_RECORDS, ids), "load_id")
    controls = _by(await tx.fetch(queries.FILE_CONTROLS, ids), "load_id")
    decisions = _by(await tx.fetch(queries.FILE_DECISIONS, ids), "load_id")
    return [
        FileLoad(
            **{name: load[name] for name in FileLoad.model_fields if name in load},
            tests=[FileTest.model_validate(each) for each in load["tests_at_start"] or []],
            records=[wire(FileRecord, each) for each in records[load["load_id"]]],
            controls=[ControlOut(**{name: each[name] for name in CONTROL}) for each in controls[load["load_id"]]],
            decision=next((wire(FileDecision, each) for each in decisions[load["load_id"]]), None),
        )
        for load in loads
    ]


def _by(rows: Iterable[Record], name: str) -> "defaultdict[UUID, list[Record]]":
    found: defaultdict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


async def _told(tx: Tx, found: Sequence[TraceEntry]) -> list[FileEntry]:
    """Entries with the station and the place of their device."""
    devices = {each.device_id for each in found if each.device_id is not None}
    known = {row["device_id"]: row for row in await tx.fetch(queries.FILE_DEVICES, list(devices))}
    names = [name for name in FileEntry.model_fields if name not in OF_DEVICE]
    told = []
    for each in found:
        device = known.get(each.device_id)
        stood = {name: None if device is None else device[name] for name in OF_DEVICE}
        told.append(FileEntry.model_validate({name: getattr(each, name) for name in names} | stood))
    return told
