"""The clock that scenarios drive moves the process and the base together."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from maillage import clock
from tests.harness import people
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven


async def test_a_hold_taken_next_week_lapses_by_the_driven_clock(
    clinic: Clinic, admin_of: Callable[[str], str]
) -> None:
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(datetime.combine(clinic.day(7), datetime.min.time(), PARIS) + timedelta(hours=7, minutes=10))
        held = await clinic.post("holds", clinic.slot("09:00"))
        assert held.status_code == 201, held.text
        until = datetime.fromisoformat(held.json()["expires_at"])
        assert timedelta(minutes=9) < until - clock.now() <= timedelta(minutes=10)
        await time.forward(timedelta(minutes=11))
        late = await clinic.post(f"holds/{held.json()['id']}/extend")
        assert late.json()["code"] == "HOLD_EXPIRED"
    assert abs(clock.offset()) == timedelta(0)


@pytest.mark.gated
async def test_the_same_through_the_gateway_by_staff_and_patient(
    clinic: Clinic, admin_of: Callable[[str], str]
) -> None:
    caller = people.patient("+33639980777")
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(datetime.combine(clinic.day(7), datetime.min.time(), PARIS) + timedelta(hours=7, minutes=10))
        booked = await clinic.book("09:00", by=clinic.front)
        assert booked["channel"] == "desk"
        await time.forward(timedelta(hours=13))
        seen = await clinic.get(f"appointments/{booked['id']}", by=clinic.desk)
        assert (seen.status_code, seen.json()["status"]) == (200, "booked")
        assert (await clinic.get(f"appointments/{booked['id']}", by=caller)).status_code == 404
        assert (await clinic.get("appointments", by=caller)).json()["items"] == []
