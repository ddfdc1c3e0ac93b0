"""Wire types of known numbers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from maillage.wire import Line, Patch, Phone, Wire

Kind = Literal["professional", "barred"]


class KnownNumberIn(Wire):
    """A number that a client knows: `professional` is served a little earlier, `barred` is told 15 and hung up."""

    client_id: UUID
    number: Phone
    kind: Kind
    label: Line | None = None


class KnownNumberPatch(Patch):
    """What changes; the number stays."""

    EMPTIABLE = frozenset({"label"})

    kind: Kind | None = None
    label: Line | None = None


class KnownNumberOut(Wire):
    """A known number in clear, for who sets it up."""

    id: UUID
    client_id: UUID
    number: str
    kind: Kind
    label: str | None
    version: int
    created_at: datetime
