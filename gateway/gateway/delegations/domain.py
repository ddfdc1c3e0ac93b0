"""Rules of delegations. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

ALL: Final = ":*"


def first_unknown(wanted: Iterable[str], known: Collection[str]) -> int | None:
    """The place of the first that cannot be given: exact permissions of the table, or `service:*` for a service that
    has some. The gateway's own are never given: an account is administered from within."""
    services = {name.partition(":")[0] for name in known} - {"gateway"}
    for place, name in enumerate(wanted):
        service = name.partition(":")[0]
        if service not in services or (name not in known and name != f"{service}{ALL}"):
            return place
    return None


def may_end(ends: datetime, present: datetime | None, *, is_client: bool) -> bool:
    """Either end may shorten it; only the one whose rows they are may prolong it."""
    return is_client or present is None or ends <= present
