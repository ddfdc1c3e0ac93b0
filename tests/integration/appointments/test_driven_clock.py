"""The clock that scenarios drive moves the process and the base together."""

from collections.abc import Callable
from datetime import datetime, timedelta

from maillage import clock
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
