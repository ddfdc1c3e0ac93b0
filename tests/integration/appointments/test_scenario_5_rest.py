"""Scenario 5: a doctor gets a duty, and with it rest by law. Time closes, patients wait in a draft; a swap reopens it.

Thursday 7 Jan 2027 18:40 a doctor gets the duty Mon 11 Jan 20:00 - Tue 12 Jan 1:00: Monday before 13:00 (amplitude) and
Tuesday before 12:00 (rest) close.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from appointments.demo.ids import rpps
from contracts.base import Event
from contracts.permanence import RestWindowPublished, RestWindowWithdrawn
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven
from tests.harness.publishing import Publisher

pytestmark = pytest.mark.gated
BEFORE, AFTER = new_id(), new_id()
THURSDAY = datetime(2027, 1, 7, 18, 40, tzinfo=PARIS)
MONDAY, TUESDAY = 4, 5
"""Days after that Thursday."""


def at(day: int, hour: int) -> datetime:
    return datetime(2027, 1, 7 + day, hour, tzinfo=PARIS)


def rests(kind: type[RestWindowPublished], revision: int) -> list[Event]:
    """What the duty asks for: nothing before 13:00 on Monday, nothing before 12:00 on Tuesday."""
    amplitude = kind(
        rest_window_id=BEFORE, rpps=rpps(7), starts_at=at(MONDAY, 0), ends_at=at(MONDAY, 13), rule="AMPLITUDE",
        revision=revision,
    )  # fmt: skip
    rest = kind(
        rest_window_id=AFTER, rpps=rpps(7), starts_at=at(TUESDAY, 1), ends_at=at(TUESDAY, 12), rule="REST",
        revision=revision,
    )  # fmt: skip
    return [amplitude, rest]


async def test_the_rest_of_a_duty(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    person = new_id()
    manager, herself = people.manager(clinic.org), people.practitioner(clinic.org, person)
    publisher = Publisher(clinic.running.settings)

    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(THURSDAY)
        doctor = await clinic.doctor(rule("08:00", "12:00"), rule("14:00", "18:00"), rpps=rpps(7), person_id=person)
        booked = {
            (day, hour): await clinic.book(
                hour, day, practitioner_id=doctor, patient_id=await clinic.w.patient(clinic.org)
            )
            for day, hour in ((MONDAY, "08:20"), (MONDAY, "15:00"), (TUESDAY, "11:40"), (TUESDAY, "14:00"))
        }
        held = await clinic.post("holds", clinic.slot("09:00", TUESDAY, practitioner_id=doctor))
        assert held.status_code == 201, held.text

        clinic.running.work()
        await publisher.bus.open()
        await publisher.send(*[(event, new_id()) for event in rests(RestWindowPublished, 1)])
        await soon(lambda: is_free(clinic, doctor, (MONDAY, "14:00-15:00 15:20-18:00"), (TUESDAY, "14:20-18:00")))

        assert await in_conflict(clinic) == {booked[MONDAY, "08:20"]["id"], booked[TUESDAY, "11:40"]["id"]}
        drafts = (await clinic.get("campaigns", by=manager)).json()["items"]
        assert [(each["cause"], each["state"], each["size"]) for each in drafts] == [("rest", "draft", 1)] * 2

        await nobody_can_book_tuesday_at_eight(clinic, doctor, manager, herself)
        late = await clinic.post("appointments", {"hold_id": held.json()["id"], "patient_id": str(clinic.pat)})
        assert (late.status_code, late.json()["code"]) == (410, "HOLD_EXPIRED")
        await nobody_can_lift_it(clinic, doctor, manager)
        await sound(clinic)

        # The duty is swapped: told twice, and the first word comes once more, late.
        withdrawn = rests(RestWindowWithdrawn, 2)
        late_again = rests(RestWindowPublished, 1)
        await publisher.send(*[(event, new_id()) for event in (*withdrawn, *late_again, *withdrawn)])
        await soon(
            lambda: is_free(
                clinic, doctor,
                (MONDAY, "08:00-08:20 08:40-12:00 14:00-15:00 15:20-18:00"),
                (TUESDAY, "08:00-11:40 14:20-18:00"),
            )
        )  # fmt: skip
        assert await in_conflict(clinic) == set()
        assert await offered_on_tuesday_morning(clinic, doctor) == 11
        again = await clinic.post("appointments", clinic.wish("08:00", TUESDAY, practitioner_id=doctor))
        assert again.status_code == 201, again.text
        await sound(clinic)
    await publisher.bus.close()


async def nobody_can_book_tuesday_at_eight(clinic: Clinic, doctor: UUID, manager: Any, herself: Any) -> None:
    """Whoever asks, in the ordinary way or over the schedule."""
    for who in (clinic.desk, clinic.front, manager, herself):
        plain = await clinic.post("appointments", clinic.wish("08:00", TUESDAY, practitioner_id=doctor), by=who)
        assert (plain.status_code, plain.json()["code"]) == (409, "SLOT_NOT_OPEN")
    for who in (clinic.front, manager, herself):
        wish = clinic.wish("08:00", TUESDAY, practitioner_id=doctor, overbook_reason="fièvre")
        over = await clinic.post("appointments", wish, by=who)
        assert (over.status_code, over.json()["code"]) == (409, "SLOT_NOT_OPEN")
    online = await clinic.post("holds", clinic.slot("08:00", TUESDAY, practitioner_id=doctor), by=people.visitor())
    assert (online.status_code, online.json()["code"]) == (409, "SLOT_NOT_OPEN")
    assert await offered_on_tuesday_morning(clinic, doctor) == 0


async def nobody_can_lift_it(clinic: Clinic, doctor: UUID, manager: Any) -> None:
    """Nor write one by hand."""
    absences = (await clinic.get("absences", by=manager, practitioner=str(doctor))).json()["items"]
    assert [(each["kind"], each["source"]) for each in absences] == [("rest", "permanence")] * 2
    for each in absences:
        lifted = await clinic.delete(f"absences/{each['id']}", by=manager)
        assert (lifted.status_code, lifted.json()["code"]) == (409, "REST_IS_LAW")
    span = {"start": at(TUESDAY, 14).isoformat(), "end": at(TUESDAY, 18).isoformat()}
    by_hand = await clinic.post("absences", {"practitioner_id": str(doctor), "kind": "rest", **span}, by=manager)
    assert by_hand.status_code == 422


async def offered_on_tuesday_morning(clinic: Clinic, doctor: UUID) -> int:
    span = {"from": at(TUESDAY, 7).isoformat(), "to": at(TUESDAY, 12).isoformat()}
    answer = await clinic.get("slots", reason="consultation", practitioner=str(doctor), **span)  # type: ignore[arg-type]
    return len(answer.json()["items"])


async def is_free(clinic: Clinic, doctor: UUID, *expected: tuple[int, str]) -> bool:
    return [await clinic.free(doctor, day) for day, _ in expected] == [text for _, text in expected]


async def in_conflict(clinic: Clinic) -> set[object]:
    found = await clinic.get("appointments", conflict="true", limit=50)
    assert found.status_code == 200, found.text
    return {each["id"] for each in found.json()["items"]}


async def sound(clinic: Clinic) -> None:
    names = ("I2", "I11", "appointments.11")
    findings = await check_invariants(clinic.running.database_url, "appointments", "appointments", names)
    assert {f.name: (f.state, f.first) for f in findings} == dict.fromkeys(names, ("ok", ""))
