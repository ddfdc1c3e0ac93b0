"""Wire types of lines and of what a caller would hear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from maillage.wire import Wire
from telesecretariat.announcements.schemas import Part


class OpeningOut(Wire):
    """What a line does at an instant, and what its caller hears first. `until`: when that changes."""

    open: bool
    until: datetime | None
    next_opening: datetime | None
    reason: Literal["open", "hours", "holiday", "closed_day"]
    announcement_parts: Sequence[Part]
