"""Deadlines of messages and promises of callbacks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from telesecretariat.callbacks.domain import may_promise
from telesecretariat.lines.domain import Calendar, Range
from telesecretariat.messages.domain import Urgency, first_deadline, next_deadline, wait_after, within

PARIS = ZoneInfo("Europe/Paris")
WEEK = (Range(time(8), time(20)),)
LINE = Calendar(
    PARIS,
    dict.fromkeys(range(5), WEEK) | {5: (Range(time(8), time(12)),)},
    holidays=frozenset({date(2026, 11, 11)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("urgency", "sent", "due"),
    [
        ("urgent", "2026-11-16T10:03", "2026-11-16T10:10"),
        ("urgent", "2026-11-15T03:00", "2026-11-15T03:07"),
        ("same_day", "2026-11-16T10:03", "2026-11-16T20:00"),
        ("same_day", "2026-11-14T11:50", "2026-11-14T12:00"),
        ("same_day", "2026-11-14T12:05", "2026-11-16T20:00"),  # sent after closing: the next closing
        ("routine", "2026-11-16T10:03", "2026-11-17T12:00"),
        ("routine", "2026-11-16T23:30", "2026-11-17T12:00"),
        ("routine", "2026-11-14T10:00", "2026-11-16T12:00"),  # Saturday: Monday
        ("routine", "2026-11-10T10:00", "2026-11-12T12:00"),  # the eve of a holiday
        ("routine", "2026-10-24T10:00", "2026-10-26T12:00"),  # the clocks change between
    ],
)
def test_a_message_is_due_by_the_hours_of_its_line(urgency: Urgency, sent: str, due: str) -> None:
    assert first_deadline(urgency, LINE, at(sent)) == at(due)


def test_a_line_that_never_opens_still_gives_a_deadline() -> None:
    never = Calendar(PARIS, {})
    for urgency in ("same_day", "routine"):
        assert first_deadline(urgency, never, at("2026-11-16T10:00")) == at("2026-11-16T18:00")


def test_an_urgent_message_is_told_at_7_15_and_25_minutes_and_then_the_supervisor_again_and_again() -> None:
    sent = at("2026-11-16T10:03")
    due, told = first_deadline("urgent", LINE, sent), []
    for level in range(1, 5):
        told.append((due - sent) / timedelta(minutes=1))
        due = next_deadline("urgent", level, due, due)
    assert told == [7, 15, 25, 55]


def test_after_an_interruption_the_ladder_is_made_good_and_reminders_are_not() -> None:
    passed, now = at("2026-11-16T10:10"), at("2026-11-18T10:10")
    assert next_deadline("urgent", 1, passed, now) < now
    assert next_deadline("urgent", 3, passed, now) > now


def test_somebody_is_written_to_within_his_hours() -> None:
    monday = [{"weekday": 0, "opens": "08:00", "closes": "20:00"}]
    assert within(monday, PARIS, at("2026-11-16T08:00"))
    assert not within(monday, PARIS, at("2026-11-16T20:00"))
    assert not within(monday, PARIS, at("2026-11-17T10:00"))
    assert within([], PARIS, at("2026-11-17T03:00"))
    assert within([{"weekday": 1, "opens": "18:00", "closes": "24:00"}], PARIS, at("2026-11-17T23:59"))


def test_nothing_handed_over_is_tried_again_five_times() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 6)]
    assert waits == [*(timedelta(seconds=s) for s in (10, 20, 40, 80)), None]


@pytest.mark.parametrize(
    ("told", "estimate_s", "minutes_left", "promised"),
    [
        (False, 360, 60, True),
        (False, 179, 60, False),  # a short wait
        (False, 360, 6, False),  # his turn comes when the line has closed
        (False, None, 60, False),  # nobody is signed in
        (True, None, 60, True),  # it was offered before
        (False, 360, None, True),  # a line that never closes
    ],
)
def test_a_callback_is_promised_when_it_can_be_kept(
    told: bool, estimate_s: int | None, minutes_left: int | None, promised: bool
) -> None:
    now = at("2026-11-23T09:05")
    closes = None if minutes_left is None else now + timedelta(minutes=minutes_left)
    assert may_promise(180, told, estimate_s, closes, now) is promised
