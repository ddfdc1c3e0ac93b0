"""What lines say of themselves, put together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a line last said: open until (None: no end known), or closed until the next opening (None: not known)."""

    open: bool
    until: datetime | None
    next_opening: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it still stands: past its own end, the next word is on its way and this one is no longer true."""
        ends = self.until if self.open else self.next_opening
        return ends is None or ends > now


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether some line answers, until when, or when the first opens again (None: not known)."""

    open: bool
    until: datetime | None = None
    opens: datetime | None = None


def answering(now: datetime, lines: Sequence[Told]) -> Answering | None:
    """What the lines of a centre come to at `now`; None when none says anything that still stands."""
    standing = [line for line in lines if line.holds(now)]
    if not standing:
        return None
    ends = [line.until for line in standing if line.open]
    if ends:
        known = [end for end in ends if end is not None]
        return Answering(open=True, until=max(known) if len(known) == len(ends) else None)
    opens = [line.next_opening for line in standing if line.next_opening is not None]
    return Answering(open=False, opens=min(opens, default=None))
