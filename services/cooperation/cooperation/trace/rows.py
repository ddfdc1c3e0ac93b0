"""Rows that are traced: each change of one is an entry, and the entries folded are the row again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

import asyncpg
from pydantic import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One row of TABLE, whole; `version` counts its changes from 1. KIND is its subject's kind in the trace."""

    TABLE: ClassVar[str]
    KIND: ClassVar[str]

    id: UUID
    organisation_id: UUID
    version: int = 1
    created_at: datetime

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        """From `SELECT *`."""
        return cls(**row)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Every column, in one order."""
        return tuple(field.name for field in fields(cls))


def as_json(value: object) -> JsonValue:
    """A column's value as an entry keeps it, such that PostgreSQL reads the same value back from it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): as_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    assert value is None or isinstance(value, str | int | float | bool), type(value)
    # PostgreSQL writes such a number without exponent, and it is read back as an integer.
    return int(value) if isinstance(value, float) and abs(value) >= 1e16 else value


def patch(before: Traced | None, after: Traced) -> dict[str, JsonValue]:
    """The columns that differ; all of them for a new row."""
    return {
        name: as_json(getattr(after, name))
        for name in after.columns()
        if before is None or getattr(before, name) != getattr(after, name)
    }
