"""Wire types of blocks."""

from typing import Literal
from uuid import UUID

from maillage.wire import Instant, Wire


class BlockedThing(Wire):
    """A pack, set or instrument that must not be used. `uri`: the name that its code reads as; `label`: the 18 digits
    of a pack's SSCC. `cause_id`: the hold or recall; null for an expiry. `since`: from when on it is blocked."""

    kind: Literal["run", "set", "instrument"]
    id: UUID
    uri: str
    label: str | None
    code: Literal["ON_HOLD", "RECALLED", "EXPIRED"]
    reason: str
    cause_id: UUID | None
    since: Instant


class BlockList(Wire):
    """What a theatre keeps to check packs off line. Whole without `since`; with it, what became blocked since then,
    and in `lifted` the names of what is blocked no more. Ask again with `as_of`; older than five minutes it proves
    nothing."""

    as_of: Instant
    blocked: list[BlockedThing]
    lifted: list[str]
