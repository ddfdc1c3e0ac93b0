"""Rows of instructions as wire types and as what decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID

import asyncpg

from telesecretariat.instructions.domain import Absence, Contact, Resolved, Version, Window
from telesecretariat.instructions.schemas import InstructionOut, InstructionText, VersionOut


def version_out(row: asyncpg.Record) -> VersionOut:
    """One version on the wire."""
    return VersionOut.model_validate(dict(row))


def instruction_out(row: asyncpg.Record, versions: Sequence[VersionOut]) -> InstructionOut:
    """A place for instructions with these versions."""
    names = ("id", "client_id", "scope", "scope_id", "motive", "channel", "windows")
    return InstructionOut.model_validate({name: row[name] for name in names} | {"versions": versions})


def version_of(row: asyncpg.Record) -> Version:
    """One version as far as it decides."""
    contacts, absence = row["urgent_contacts"], row["absence"]
    backup = absence and absence.get("backup_practitioner_id")
    return Version(
        row["id"],
        row["scope"],
        row["motive"],
        row["text"],
        row["allowed"],
        row["forbidden"],
        None if contacts is None else [Contact(each["role"], each["channel"]) for each in contacts],
        None if absence is None else Absence(absence.get("text"), UUID(backup) if backup else None),
        row["valid_until"],
    )


def windows_of(stored: Sequence[Mapping[str, object]]) -> list[Window]:
    """The hours of an instruction."""
    return [
        Window(
            [int(str(day)) for day in _list(window["weekdays"])],
            time.fromisoformat(str(window["since"])),
            time.fromisoformat(str(window["until"])),
        )
        for window in stored
    ]


def _list(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value


def text_of(resolved: Resolved) -> dict[str, object]:
    """The fields of `InstructionText`."""
    absence = resolved.absence
    return {
        "text": resolved.text,
        "allowed": list(resolved.allowed),
        "forbidden": list(resolved.forbidden),
        "urgent_contacts": [{"role": each.role, "channel": each.channel} for each in resolved.urgent_contacts],
        "absence": absence
        and {
            "text": absence.text,
            "backup_practitioner_id": absence.backup_practitioner_id,
            "until": absence.until,
        },
        "sources": dict(resolved.sources),
        "valid_until": resolved.valid_until,
    }


def preview_of(resolved: Resolved) -> InstructionText:
    """What an agent would read."""
    return InstructionText.model_validate(text_of(resolved))


def instant(value: object) -> datetime | None:
    """An instant out of stored facts."""
    return None if value is None else datetime.fromisoformat(str(value))
