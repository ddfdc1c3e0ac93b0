"""Use cases of labels."""

from typing import Final, Literal
from uuid import UUID

import asyncpg

from cooperation.labels import queries, wording
from cooperation.labels.errors import ReprintReason
from cooperation.labels.layout import Label
from cooperation.runs.changing import locked, must_be
from cooperation.runs.errors import NotReleased
from cooperation.runs.rows import Run
from cooperation.trace.recording import note
from maillage.database import Tx
from maillage.words import Language

Kind = Literal["pack", "release"]
Format = Literal["svg", "pdf", "zpl"]
Reprint = Literal["damaged", "lost", "printer_fault", "misprinted"]
NONE: Final = "-"


async def print_label(
    tx: Tx, run_id: UUID, kind: Kind, format_: Format, why: Reprint | None, language: Language
) -> Label:
    """What the label says, noted in the trace as printed. Refused: `WRONG_STAGE` before packing and after the end,
    `NOT_RELEASED` (a release label), `REPRINT_REASON` for a second print without one."""
    run = await locked(tx, run_id)
    must_be(run, "packed", "sterilising", "released")
    if kind == "release" and run.stage != "released":
        raise NotReleased(stage=run.stage)
    row = await tx.fetchrow(queries.PACK, run_id, kind)
    assert row is not None
    assert run.label is not None
    if row["printed"] and why is None:
        raise ReprintReason(pointer="?reprint_reason", printed=row["printed"])
    facts = {"label": kind, "format": format_, "reprint_reason": why if row["printed"] else None}
    await note(tx, run, "run.label_printed", facts=facts)
    head = [row["set_name"], row["composition_name"], _composition(row, language)]
    if kind == "release":
        return Label(run.label, head, _dates(run, language), [_cycle(row, language)])
    gaps = await _gaps(tx, run, language)
    plain = [wording.OWNER.in_(language).format(name=row["owner_name"] or NONE)]
    if row["packaging_name"] is not None:
        plain.append(wording.PACKAGING.in_(language).format(name=row["packaging_name"]))
    return Label(run.label, head, gaps, plain)


def _composition(row: asyncpg.Record, language: Language) -> str:
    return wording.COMPOSITION.in_(language).format(code=row["composition_code"], no=row["composition_no"])


def _dates(run: Run, language: Language) -> list[str]:
    assert run.sterile_on is not None
    assert run.expires_on is not None
    return [
        wording.STERILE.in_(language).format(day=wording.day(run.sterile_on, language)),
        wording.EXPIRES.in_(language).format(day=wording.day(run.expires_on, language)),
    ]


def _cycle(row: asyncpg.Record, language: Language) -> str:
    cycle = NONE if row["cycle_no"] is None else row["cycle_no"]
    return wording.CYCLE.in_(language).format(machine=row["machine_name"] or NONE, cycle=cycle)


async def _gaps(tx: Tx, run: Run, language: Language) -> list[str]:
    """Each gap by name: who opens the pack must not look for what is not in it."""
    lines = [UUID(str(gap["line_id"])) for gap in run.gaps]
    names = {row["id"]: row["alias"] for row in await tx.fetch(queries.MODELS_OF_LINES, lines)} if lines else {}
    told = [
        wording.MISSING.in_(language).format(number=gap["missing"], name=names[line])
        for gap, line in zip(run.gaps, lines, strict=True)
    ]
    return told or [wording.COMPLETE.in_(language)]
