"""By when a message must be acknowledged, whom it goes to next, and when somebody may be written to. Pure.

Level 0: the practitioner's inbox, an urgent one by SMS too. 1: the desk phones him. 2: his backup. 3: the supervisor,
who is told again at each further level: nothing is ever left to itself.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from telesecretariat.lines.domain import Calendar, opening

Urgency = Literal["urgent", "same_day", "routine"]
URGENT_FIRST: Final = timedelta(minutes=7)
# From the deadline of a level to that of the next (parameters): urgent 7, 15 and 25 minutes after it was sent.
GAPS: Final[Mapping[Urgency, Sequence[timedelta]]] = {
    "urgent": (timedelta(minutes=8), timedelta(minutes=10)),
    "same_day": (timedelta(minutes=30), timedelta(minutes=30)),
    "routine": (timedelta(hours=4), timedelta(hours=4)),
}
A_DAYS_WORK: Final = timedelta(hours=8)
"""Instead of a closing or a next opening day, for a line that has none."""
AGAIN: Final[Mapping[Urgency, timedelta]] = {
    "urgent": timedelta(minutes=30), "same_day": timedelta(hours=4), "routine": timedelta(days=1),
}  # fmt: skip
"""Until the supervisor is told once more (parameter)."""
DESK_ACTS: Final = frozenset({"call_patient", "give_advice", "prescription_ready", "appointment", "refer_15"})
"""What a practitioner decides that somebody of the desk has to tell the patient."""
DESK_WITHIN: Final[Mapping[Urgency, timedelta]] = {
    "urgent": timedelta(0), "same_day": timedelta(minutes=30), "routine": timedelta(hours=2),
}  # fmt: skip
TRIES: Final = 5
LOST_AFTER: Final = timedelta(minutes=2)
"""Longer than a provider can take: what is still `sending` then was left by a crash."""
ALWAYS: Final = Calendar(ZoneInfo("Europe/Paris"), {})


def first_deadline(urgency: Urgency, calendar: Calendar, sent_at: datetime) -> datetime:
    """Urgent: 7 min. Same day: when the line closes, today or, sent while it is closed, at its next closing. Routine:
    noon of the next day on which it opens."""
    if urgency == "urgent":
        return sent_at + URGENT_FIRST
    if urgency == "same_day":
        now = opening(calendar, sent_at)
        then = now if now.open or now.next_opening is None else opening(calendar, now.next_opening)
        return then.until or sent_at + A_DAYS_WORK
    today = sent_at.astimezone(calendar.zone).date()
    for begins, _ in calendar.following(sent_at):
        day = begins.astimezone(calendar.zone).date()
        if day > today:
            return datetime.combine(day, time(12), calendar.zone).astimezone(UTC)
    return sent_at + A_DAYS_WORK


def next_deadline(urgency: Urgency, level: int, passed: datetime, now: datetime) -> datetime:
    """When the next one is told, once `level` has been reached at the deadline `passed`. The ladder is made good at
    once after an interruption, the supervisor's reminders are not."""
    gaps = GAPS[urgency]
    return passed + gaps[level - 1] if level <= len(gaps) else now + AGAIN[urgency]


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait when nothing was handed over: 10 s, doubled each time; None after five tries."""
    return None if attempts >= TRIES else timedelta(seconds=10 * 2 ** (attempts - 1))


def within(hours: Sequence[Mapping[str, object]], zone: ZoneInfo, at: datetime) -> bool:
    """Whether somebody may be written to now: `hours` are local {weekday, opens, closes}; none: at any hour."""
    local = at.astimezone(zone)
    minute = f"{local:%H:%M}"
    today = [each for each in hours if each["weekday"] == local.weekday()]
    return not hours or any(str(each["opens"]) <= minute < str(each["closes"]) for each in today)
