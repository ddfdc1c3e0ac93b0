"""When a room is open."""

from datetime import UTC, datetime, timedelta

import pytest

from appointments.teleconsultation.domain import hosts_door, is_given_up, patients_door

TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "patient", "host", "given_up"),
    [
        (-31, "early", "early", False),
        (-30, "early", "open", False),
        (-16, "early", "open", False),
        (-15, "open", "open", False),
        (-10, "open", "open", True),
        (29, "open", "open", True),
        (30, "over", "open", True),
        (134, "over", "open", True),
        (135, "over", "over", True),
    ],
)
def test_doors(minutes: int, patient: str, host: str, given_up: bool) -> None:
    now = TEN + timedelta(minutes=minutes)
    assert patients_door(TEN, now) == patient
    assert hosts_door(TEN, TEN + timedelta(minutes=15), now) == host
    assert is_given_up(TEN, now) is given_up
