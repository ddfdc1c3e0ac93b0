"""Both changes of the clock, through the door of a platform whose own clock is set to 18 October 2026."""

import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest_asyncio

from maillage import clock
from tests.harness.appointments_world import world
from tests.harness.cluster import cluster
from tests.harness.front import API, front
from tests.harness.place import ok, refused

PARIS = ZoneInfo("Europe/Paris")
TODAY = datetime(2026, 10, 18, 10, tzinfo=UTC)


class Night:
    """A centre with a doctor who is there from 0:00 to 8:00 every day, and one who is there on Mondays from 9:00."""

    def __init__(self, manager: httpx.AsyncClient) -> None:
        self.manager = manager
        self.site = self.reason = self.night = self.monday = ""

    async def build(self) -> "Night":
        """All of it by the API, as a manager does."""
        self.site = await self._made("sites", {"code": "digoin", "name": "Digoin", "city": "Digoin"})
        mode = {"mode": "on_site", "minutes": 20}
        reason = {
            "code": "nuit",
            "label": "Nuit",
            "public_label": "Nuit",
            "professions": ["physician"],
            "modes": [mode],
        }
        self.reason = await self._made(
            "visit-reasons", {**reason, "bookable_by": ["public", "secretariat"], "max_ahead_days": 200}
        )
        self.night = await self._doctor("00:00", "08:00", "FREQ=DAILY")
        self.monday = await self._doctor("09:00", "10:00", "FREQ=WEEKLY;BYDAY=MO")
        return self

    async def _made(self, noun: str, body: dict[str, object]) -> str:
        return str((await ok(self.manager.post(f"{API}/{noun}", json=body), 201))["id"])

    async def _doctor(self, start: str, end: str, rrule: str) -> str:
        doctor = await self._made(
            "practitioners", {"profession": "physician", "family_name": "Essai", "given_name": rrule[5:9]}
        )
        agenda = await self._made("schedules", {"practitioner_id": doctor, "site_id": self.site})
        hours = {
            "local_start": start,
            "local_end": end,
            "rrule": rrule,
            "first_date": "2026-10-19",
            "on_holidays": True,
        }
        await ok(self.manager.put(f"{API}/schedules/{agenda}/rules", json={"rules": [hours]}))
        return doctor

    async def times(self, doctor: str, day: str) -> list[datetime]:
        """What is offered on a local day, as instants."""
        start = datetime.fromisoformat(day).replace(tzinfo=PARIS)
        end = datetime.fromisoformat(f"{day}T23:59").replace(tzinfo=PARIS)
        asked = {
            "reason": self.reason,
            "practitioner": doctor,
            "from": start.isoformat(),
            "to": end.isoformat(),
            "limit": "200",
        }
        items = (await ok(self.manager.get(f"{API}/slots", params=asked)))["items"]
        assert isinstance(items, list)
        return [datetime.fromisoformat(item["start"]) for item in items]

    def wish(self, start: str) -> dict[str, object]:
        """A time with the doctor of the night, written as given."""
        return {"reason_id": self.reason, "site_id": self.site, "practitioner_id": self.night, "start": start}


@pytest_asyncio.fixture(scope="module")
async def night() -> AsyncIterator[Night]:
    """A platform of its own, because the clock is one for all of its processes."""
    with (
        tempfile.TemporaryDirectory(prefix="maillage-clock-", ignore_cleanup_errors=True) as directory,
        cluster(Path(directory) / "cluster") as running,
    ):
        async with front(running, offset_s=(TODAY - clock.now()).total_seconds()) as door:
            async with world(running.role_url("appointments")) as w:
                centre = await w.organisation()
            yield await Night((await door.staff(centre, "manager"))["manager"]).build()


async def test_nine_in_the_morning_stays_nine_in_the_morning(night: Night) -> None:
    for day, instant in (("2026-10-19", "07:00"), ("2026-10-26", "08:00")):
        first = (await night.times(night.monday, day))[0]
        assert first == datetime.fromisoformat(f"{day}T{instant}").replace(tzinfo=UTC)
        assert first.strftime("%H:%M") == "09:00"


async def test_a_night_holds_24_visits_one_more_hour_of_them_in_autumn_one_hour_less_in_spring(night: Night) -> None:
    for day, many in (("2026-10-24", 24), ("2026-10-25", 27), ("2027-03-28", 21)):
        offered = await night.times(night.night, day)
        assert len(offered) == len(set(offered)) == many
        assert {b - a for a, b in pairwise(offered)} == {timedelta(minutes=20)}


async def test_the_hour_that_comes_twice_holds_two_visits_at_the_same_wall_time(night: Night) -> None:
    summer, winter = "2026-10-25T02:20:00+02:00", "2026-10-25T02:20:00+01:00"
    for start in (summer, winter):
        held = await ok(night.manager.post(f"{API}/holds", json=night.wish(start)), 201)
        assert held["start"] == start
    left = await night.times(night.night, "2026-10-25")
    assert len(left) == 25
    assert not {datetime.fromisoformat(summer), datetime.fromisoformat(winter)} & set(left)


async def test_the_hour_that_is_missing_holds_no_visit(night: Night) -> None:
    """Neither offered nor accepted, whichever offset is written beside it; without an offset no hour is accepted."""
    assert not [t for t in await night.times(night.night, "2027-03-28") if t.astimezone(PARIS).hour == 2]
    for start in ("2027-03-28T02:30:00+01:00", "2027-03-28T02:30:00+02:00", "2027-03-28T02:30:00"):
        for noun, more in (("holds", {}), ("appointments", {"patient_id": night.site})):
            said = await refused(
                night.manager.post(f"{API}/{noun}", json={**night.wish(start), **more}), 422, "TIME_INVALID"
            )
            assert [error["pointer"] for error in said["errors"]] == ["/start"]  # type: ignore[attr-defined]
