"""A telephone system as the base holds it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg


@dataclass(frozen=True, slots=True)
class Adapter:
    """One row of `telephony_adapter`. `settings` are the adapter's own; its secrets stay sealed until it needs them."""

    id: str
    organisation_id: UUID
    kind: str
    settings: dict[str, object]
    state: str
    since: datetime
    capabilities: list[str]
    lease_owner: UUID | None
    lease_until: datetime | None
    version: int
    secrets_sealed: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Adapter":
        """From `SELECT *`."""
        return cls(**row)
