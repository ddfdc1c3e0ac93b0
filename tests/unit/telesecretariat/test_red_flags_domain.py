"""Whom the emergency key rings."""

from telesecretariat.red_flags.domain import FICTION, all_tried, target

TARGETS = ["+33300000000", "15"]


def test_targets_ring_in_turn_and_again() -> None:
    assert [target(TARGETS, attempt, real=True) for attempt in range(3)] == ["+33300000000", "15", "+33300000000"]
    assert [all_tried(TARGETS, attempt) for attempt in range(4)] == [False, True, False, True]
    assert target([], 0, real=True) == "15"


def test_nothing_real_is_rung_unless_it_is_allowed() -> None:
    assert {target(TARGETS, attempt, real=False) for attempt in range(4)} == {FICTION}
    assert not any(sign.isdigit() for sign in FICTION)
