"""What a call's lengths are, and where a caller stands. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

MOST_HEAD_START_S: Final = 3_600
_COUNTED: Final = {"talking": "talk_s", "transferring": "talk_s", "held": "hold_s", "wrapping": "wrap_s"}


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds spent talking, on hold, and in wrap-up."""

    talk_s: float
    hold_s: float
    wrap_s: float


def lengthened(known: Lengths, state: str, since: datetime, at: datetime) -> Lengths:
    """The lengths once the call has been in `state` from `since` to `at`; a clock that went back adds nothing."""
    spent = max(0.0, (at - since).total_seconds())
    name = _COUNTED.get(state)
    return Lengths(
        known.talk_s + (spent if name == "talk_s" else 0.0),
        known.hold_s + (spent if name == "hold_s" else 0.0),
        known.wrap_s + (spent if name == "wrap_s" else 0.0),
    )


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Why somebody is served as if he had called earlier, and by how many seconds."""

    reason: str
    seconds: int


def priority_at(queued_at: datetime, head_starts: list[HeadStart]) -> datetime:
    """Where a caller stands: by this instant, then by id. Head starts count an hour at most."""
    return queued_at - timedelta(seconds=min(MOST_HEAD_START_S, sum(each.seconds for each in head_starts)))


def estimated_wait_s(place: int, handling_s: float, agents: int) -> int | None:
    """Seconds that the caller at this place (1: next) still waits; a minute at least, None with nobody signed in."""
    if agents <= 0:
        return None
    return max(60, round(place * handling_s / agents))


def announced_minutes(estimate_s: int | None) -> tuple[int, int] | None:
    """What a caller is told of his wait: from half to one and a half times the estimate, in whole minutes, never under
    one; None when it is not known."""
    if estimate_s is None:
        return None
    return max(1, round(estimate_s * 0.5 / 60)), max(2, round(estimate_s * 1.5 / 60))


class Rule(Protocol):
    """What happens to who waits once `when` reaches `at_least`."""

    @property
    def when(self) -> str: ...
    @property
    def at_least(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Crowd:
    """What overflow rules look at: seconds waited by one caller, calls that wait on his line, agents signed in."""

    wait_s: float
    waiting: int
    agents: int

    def reaches(self, rule: Rule) -> bool:
        """Whether a rule counts now. With nobody signed in, any number of calls is too many for each agent."""
        if rule.when == "wait_s":
            return self.wait_s >= rule.at_least
        if rule.when == "waiting":
            return self.waiting >= rule.at_least
        return self.agents == 0 or self.waiting / self.agents >= rule.at_least


def next_rule(rules: Sequence[Rule], done: int, crowd: Crowd) -> int | None:
    """The first rule that counts for a call to which the first `done` were applied or passed over; None: none yet."""
    return next((n for n in range(done, len(rules)) if crowd.reaches(rules[n])), None)
