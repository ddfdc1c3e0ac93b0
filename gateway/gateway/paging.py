"""Lists by id: where the last page ended, and where the next begins."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Query

from maillage import cursor
from maillage.refusals import VersionStale

Cursor = Annotated[str | None, Query(max_length=1024)]
Limit = Annotated[int, Query(ge=1, le=200)]


def after(text: str | None) -> UUID | None:
    """The id that a cursor names. Refused: `CURSOR_INVALID` 422."""
    parts = cursor.decode(text, UUID)
    return parts[0] if parts and isinstance(parts[0], UUID) else None


def next_of(rows: Sequence[asyncpg.Record], limit: int) -> str | None:
    """The cursor after `limit` rows, when one more was found."""
    return cursor.encode(rows[limit - 1]["id"]) if len(rows) > limit else None


def check_version(row: asyncpg.Record, version: int | None) -> None:
    """What `If-Match` named must be the present version. Refused: `VERSION_STALE` 412."""
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"])
