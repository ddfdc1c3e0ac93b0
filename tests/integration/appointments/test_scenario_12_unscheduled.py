"""Scenario 12, unscheduled care: the 15 sees the afternoon from two days before, the public from 10:00 of the day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic, Json
from tests.harness.driven_clock import driven

pytestmark = pytest.mark.gated
TWO_O_CLOCK = datetime(2026, 12, 8, 14, tzinfo=PARIS)
"""A Tuesday."""
REASON = "besoin-rapide"
RELEASES = [
    {"audience": "regulator", "days_before": 2, "local_time": "00:00"},
    {"audience": "public", "days_before": 0, "local_time": "10:00"},
]


async def _seen(clinic: Clinic, doctor: UUID, by: Principal) -> list[str]:
    """The local times of that afternoon that this caller is offered by the doctor."""
    window = {"from": TWO_O_CLOCK.isoformat(), "to": (TWO_O_CLOCK + timedelta(hours=2)).isoformat()}
    # The door shares an answer for a second of the machine's time, which the clock of the test leaps over.
    window["limit"] = str(20 + clock.now().minute)
    answer = await clinic.get("slots", by=by, reason=REASON, practitioner=str(doctor), **window)
    assert answer.status_code == 200, answer.text
    starts = [datetime.fromisoformat(item["start"]) for item in answer.json()["items"]]
    return [f"{start.astimezone(PARIS):%H:%M}" for start in starts]


async def test_at_ten_the_public_sees_what_the_15_has_left(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    reason = await clinic.w.reason(clinic.org, REASON, unscheduled=True)
    window = rule("14:00", "16:00", kind="unscheduled", reason_ids=[reason], releases=RELEASES, step_minutes=20)
    doctor = await clinic.doctor(window | {"audiences": []})
    regulator, visitor = people.professional("regulator", new_id(), clinic.org), people.visitor()
    caller = {"birth_family_name": "Quinze", "birth_given_names": "Camille", "birth_date": "1961-05-04"}
    wish: Json = {"reason_id": str(reason), "site_id": str(clinic.site), "practitioner_id": str(doctor)}
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(datetime(2026, 12, 5, 23, 59, tzinfo=PARIS))
        assert await _seen(clinic, doctor, regulator) == []

        await time.to(datetime(2026, 12, 6, 0, 0, 1, tzinfo=PARIS))
        assert await _seen(clinic, doctor, regulator) == ["14:00", "14:20", "14:40", "15:00", "15:20", "15:40"]

        await time.to(datetime(2026, 12, 8, 9, 30, tzinfo=PARIS))
        start = (TWO_O_CLOCK + timedelta(minutes=40)).isoformat()
        placed = await clinic.post("appointments", wish | {"start": start, "identity": caller}, by=regulator)
        assert placed.status_code == 201, placed.text
        assert placed.json()["channel"] == "sas"

        await time.to(datetime(2026, 12, 8, 9, 59, tzinfo=PARIS))
        assert await _seen(clinic, doctor, visitor) == []
        early = await clinic.post("holds", wish | {"start": TWO_O_CLOCK.isoformat()}, by=visitor)
        assert (early.status_code, early.json()["code"]) == (409, "SLOT_NOT_OPEN")

        await time.to(datetime(2026, 12, 8, 10, 0, 1, tzinfo=PARIS))
        assert await _seen(clinic, doctor, visitor) == ["14:00", "14:20", "15:00", "15:20", "15:40"]
        held = await clinic.post("holds", wish | {"start": TWO_O_CLOCK.isoformat()}, by=visitor)
        assert held.status_code == 201, held.text
