"""Opaque cursors of lists: the sort key of the last row seen. Not secret, not trusted: every part is parsed again."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from maillage.refusals import CursorInvalid

Part = str | int | datetime | UUID
_readers: dict[type, Callable[[str], Part]] = {str: str, int: int, datetime: datetime.fromisoformat, UUID: UUID}


def encode(*parts: Part) -> str:
    """The cursor that continues after a row with this sort key."""
    text = json.dumps([p.isoformat() if isinstance(p, datetime) else str(p) for p in parts], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, *types: type[str] | type[int] | type[datetime] | type[UUID]) -> Sequence[Part] | None:
    """The sort key, in the asked types; None without cursor. Anything else: `CursorInvalid`."""
    if not cursor:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(raw, list) or len(raw) != len(types) or len(cursor) > 1024:
            raise CursorInvalid(pointer="?cursor")
        parts = [_readers[kind](str(value)) for kind, value in zip(types, raw, strict=True)]
    except (ValueError, binascii.Error) as wrong:
        raise CursorInvalid(pointer="?cursor") from wrong
    if any(isinstance(p, datetime) and p.tzinfo is None for p in parts):
        raise CursorInvalid(pointer="?cursor")
    return parts
