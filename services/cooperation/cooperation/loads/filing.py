"""The load file: everything about a load on one page, in a fixed number of queries."""

from uuid import UUID

from cooperation.loads import queries
from cooperation.loads.rows import Load
from cooperation.loads.schemas import ControlOut, FileIssue, FileRecord, FileRun, FileTest, LoadFile
from cooperation.loads.service import show
from cooperation.members.keeping import wire
from maillage.database import Tx


async def load_file(tx: Tx, load_id: UUID) -> LoadFile:
    """The page. Refused: `NOT_FOUND`, also for a member none of whose packs was in."""
    load = await show(tx, load_id)
    row = await tx.fetchrow(queries.LOAD, load_id)
    head = await tx.fetchrow(queries.FILE_HEAD, load.machine_id, load.programme_id)
    assert head is not None
    assert row is not None
    controls = await tx.fetch(queries.CONTROLS_ALL, load_id)
    return LoadFile(
        load=load,
        **{name: head[name] for name in HEAD},
        tests=[FileTest.model_validate(each) for each in Load.of(row).tests_at_start or []],
        runs=[wire(FileRun, each) for each in await tx.fetch(queries.FILE_RUNS, load_id)],
        records=[wire(FileRecord, each) for each in await tx.fetch(queries.FILE_RECORDS, load_id)],
        controls=[ControlOut(**{name: each[name] for name in CONTROL}) for each in controls],
        issues=[wire(FileIssue, each) for each in await tx.fetch(queries.FILE_ISSUES, load_id)],
    )


HEAD = (
    "machine_name", "machine_kind", "programme_code", "programme_no", "programme_name", "temp_c", "band_k", "plateau_s",
    "a0_min",
)  # fmt: skip
CONTROL = ("id", "load_id", "kind", "result", "read_by", "read_at")
