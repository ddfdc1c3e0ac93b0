"""What the lines of a centre come to: a word that has run out says nothing."""

from datetime import UTC, datetime, timedelta

from appointments.lines.domain import Answering, Told, answering

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
LATER, LATEST, PAST = NOW + timedelta(hours=1), NOW + timedelta(hours=9), NOW - timedelta(minutes=1)


def test_one_line_that_answers_is_enough_and_the_last_one_to_close_counts() -> None:
    lines = [Told(open=True, until=LATER, next_opening=None), Told(open=True, until=LATEST, next_opening=None)]
    assert answering(NOW, lines) == Answering(open=True, until=LATEST)


def test_closed_lines_open_when_the_first_of_them_does() -> None:
    lines = [Told(open=False, until=None, next_opening=LATEST), Told(open=False, until=None, next_opening=LATER)]
    assert answering(NOW, lines) == Answering(open=False, opens=LATER)
    assert answering(NOW, [Told(open=False, until=None, next_opening=None)]) == Answering(open=False)


def test_what_is_past_its_own_end_says_nothing() -> None:
    """The hour has come and the event has not: the hours of the parameters are the better witness."""
    assert answering(NOW, []) is None
    assert answering(NOW, [Told(open=True, until=PAST, next_opening=LATER)]) is None
    assert answering(NOW, [Told(open=False, until=None, next_opening=NOW)]) is None


def test_a_line_without_known_end_is_open() -> None:
    lines = [Told(open=True, until=None, next_opening=None), Told(open=True, until=LATER, next_opening=None)]
    assert answering(NOW, lines) == Answering(open=True)
