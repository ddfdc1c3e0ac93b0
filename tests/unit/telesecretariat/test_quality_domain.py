"""What a review comes to, and the month that is drawn."""

from datetime import UTC, date, datetime

import pytest

from telesecretariat.quality.domain import month_to_draw, total

WEIGHTS = {"identification": 25, "instruction": 25, "red_flags": 25, "trace": 15, "tone": 10}


def test_a_total_follows_the_weights() -> None:
    assert total(WEIGHTS, dict.fromkeys(WEIGHTS, 100)) == 100
    assert total(WEIGHTS, dict.fromkeys(WEIGHTS, 0)) == 0
    scores = {"identification": 100, "instruction": 80, "red_flags": 40, "trace": 0, "tone": 50}
    assert total(WEIGHTS, scores) == 25 + 20 + 10 + 5


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 12, 1, 10, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 1, 11, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2027, 1, 3, 12, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 4, 10, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 12, 4, 11, 0, tzinfo=UTC), None),
    ],
)
def test_the_month_before_is_drawn_from_noon_of_the_first_for_three_days(now: datetime, month: date | None) -> None:
    assert month_to_draw(now) == month
