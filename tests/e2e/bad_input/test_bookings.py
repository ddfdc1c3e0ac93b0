"""Bad bookings and their exact answers, through the door (design: appointments, section 7)."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from maillage import clock
from maillage.ids import new_id
from tests.e2e.bad_input.conftest import CANARY, refuse
from tests.harness.appointments_world import rule, world
from tests.harness.front import API
from tests.harness.place import Place, ok

Watch = Callable[[], AbstractAsyncContextManager[None]]
BOOK, HOLD = f"{API}/appointments", f"{API}/holds"


@pytest_asyncio.fixture(scope="session")
async def reasons(place: Place) -> dict[str, UUID]:
    """One reason for each rule that a booking can break."""
    made = {
        "adult": {"min_age": 18},
        "follow-up": {"first_visit": "never"},
        "by-phone": {"bookable_by": ["secretariat"]},
        "slow": {"min_notice_minutes": 8 * 24 * 60},
        "near": {"max_ahead_days": 3},
        "rare": {"min_gap_days": 30},
    }
    async with world(place.door.cluster.role_url("appointments")) as w:
        return {code: await w.reason(place.org, code, **fields) for code, fields in made.items()}  # type: ignore[arg-type]


TIMES: dict[str, Callable[[Place], object]] = {
    "past": lambda p: (clock.now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0).isoformat(),
    "off the grid of five minutes": lambda p: p.moment("09:03", 10).isoformat(),
    "half a minute": lambda p: p.moment("09:00", 10).replace(second=30).isoformat(),
    "30 February": lambda p: "2027-02-30T09:00:00+01:00",
    "no offset": lambda p: p.moment("09:00", 10).replace(tzinfo=None).isoformat(),
    "an hour that the clocks skip": lambda p: "2027-03-28T02:30:00+01:00",
    "hour 25": lambda p: "2026-12-01T25:00:00+01:00",
    "offset 25:00": lambda p: "2026-12-01T09:00:00+25:00",
    "year 9999": lambda p: "9999-12-31T23:59:00Z",
    "year 0000": lambda p: "0000-01-01T00:00:00Z",
    "a number": lambda p: 1790000000,
    "words": lambda p: f"demain {CANARY}",
}


@pytest.mark.parametrize("which", TIMES)
async def test_a_start_that_is_no_time_to_come_is_refused(place: Place, unchanged: Watch, which: str) -> None:
    wish = {**place.wish("09:00", 10), "start": TIMES[which](place)}
    held = {name: value for name, value in wish.items() if name != "patient_id"}
    desk = place.staff["telesecretary"]
    async with unchanged():
        await refuse(desk.post(BOOK, json=wish), 422, "TIME_INVALID", "/start")
        await refuse(desk.post(HOLD, json=held), 422, "TIME_INVALID", "/start")


async def test_an_end_before_its_start_is_refused(place: Place, unchanged: Watch) -> None:
    manager = place.staff["manager"]
    span = {"start": place.moment("12:00", 10).isoformat(), "end": place.moment("11:00", 10).isoformat()}
    async with unchanged():
        absence = {**span, "practitioner_id": str(place.bob)}
        await refuse(manager.post(f"{API}/absences", json=absence), 422, "TIME_INVALID")
        await refuse(manager.post(f"{API}/closures", json={**span, "site_id": str(place.site)}), 422, "TIME_INVALID")
        asked = {"reason": "consultation", "from": span["start"], "to": span["end"]}
        await refuse(manager.get(f"{API}/slots", params=asked), 422, "TIME_INVALID")
        wide = {**asked, "to": place.moment("11:00", 100).isoformat()}
        await refuse(manager.get(f"{API}/slots", params=wide), 422, "RANGE_TOO_WIDE")


async def test_a_time_outside_every_window_or_closed_to_the_caller_is_not_open(place: Place, unchanged: Watch) -> None:
    async with world(place.door.cluster.role_url("appointments")) as w:
        closed = await w.practitioner(place.org)
        await w.schedule(closed, place.site, rule("09:00", "12:00", audiences=["secretariat"]))
    visitor = await place.door.visitor()
    async with unchanged():
        for wish in (place.slot("13:00", 10), place.slot("11:50", 10), place.slot("03:00", 10)):
            await refuse(visitor.post(HOLD, json=wish), 409, "SLOT_NOT_OPEN")
            body = {**wish, "patient_id": str(place.patient)}
            await refuse(place.staff["telesecretary"].post(BOOK, json=body), 409, "SLOT_NOT_OPEN")
        await refuse(visitor.post(HOLD, json=place.slot("09:00", 10, practitioner_id=closed)), 409, "SLOT_NOT_OPEN")
        wish = place.slot("09:00", 10, mode="teleconsultation")
        await refuse(visitor.post(HOLD, json=wish), 409, "SLOT_NOT_OPEN")


async def test_an_absent_doctor_is_not_open_and_nobody_hears_why(place: Place, unchanged: Watch) -> None:
    manager, visitor = place.staff["manager"], await place.door.visitor()
    span = {"start": place.moment("09:00", 11).isoformat(), "end": place.moment("12:00", 11).isoformat()}
    await ok(manager.post(f"{API}/absences", json={**span, "practitioner_id": str(place.bob), "kind": "sick"}), 201)
    outside = place.slot("13:00", 11, practitioner_id=place.bob)
    async with unchanged():
        ill = await refuse(
            visitor.post(HOLD, json=place.slot("09:00", 11, practitioner_id=place.bob)), 409, "SLOT_NOT_OPEN"
        )
        never = await refuse(visitor.post(HOLD, json=outside), 409, "SLOT_NOT_OPEN")
    assert {**ill, "instance": ""} == {**never, "instance": ""}


async def test_the_age_on_the_day_of_the_visit_counts(place: Place, reasons: dict[str, UUID], unchanged: Watch) -> None:
    day = place.moment("09:00", 10).date()
    young = await place.person("Mineure", born=str(day.replace(year=day.year - 18) + timedelta(days=1)))
    grown = await place.person("Majeure", born=str(day.replace(year=day.year - 18)))
    desk, wish = place.staff["telesecretary"], {"reason_id": reasons["adult"]}
    async with unchanged():
        await refuse(desk.post(BOOK, json=place.wish("09:00", 10, patient_id=young, **wish)), 422, "AGE_NOT_ALLOWED")
    await ok(desk.post(BOOK, json=place.wish("09:00", 10, patient_id=grown, **wish)), 201)


async def test_a_follow_up_is_not_for_who_has_never_come(
    place: Place, reasons: dict[str, UUID], unchanged: Watch
) -> None:
    async with unchanged():
        wish = place.wish("09:20", 10, reason_id=reasons["follow-up"])
        await refuse(place.staff["telesecretary"].post(BOOK, json=wish), 422, "FIRST_VISIT_RULE")


async def test_a_reason_closed_to_the_public_does_not_exist_for_it(
    place: Place, reasons: dict[str, UUID], unchanged: Watch
) -> None:
    visitor = await place.door.visitor()
    async with unchanged():
        wish = place.slot("09:20", 10, reason_id=reasons["by-phone"])
        await refuse(visitor.post(HOLD, json=wish), 404, "NOT_FOUND")
        await refuse(visitor.post(HOLD, json={**wish, "reason_id": str(new_id())}), 404, "NOT_FOUND")
        await refuse(visitor.get(f"{API}/slots", params={"reason": "by-phone"}), 404, "NOT_FOUND")


async def test_too_soon_and_too_far_ahead_are_told_apart(
    place: Place, reasons: dict[str, UUID], unchanged: Watch
) -> None:
    desk = place.staff["telesecretary"]
    async with unchanged():
        soon = place.wish("09:20", 4, reason_id=reasons["slow"])
        await refuse(desk.post(BOOK, json=soon), 422, "NOTICE_TOO_SHORT", "/start")
        far = place.wish("09:20", 5, reason_id=reasons["near"])
        await refuse(desk.post(BOOK, json=far), 422, "TOO_FAR_AHEAD", "/start")


async def test_a_second_visit_of_a_rare_reason_is_too_near(
    place: Place, reasons: dict[str, UUID], unchanged: Watch
) -> None:
    desk, who = place.staff["telesecretary"], await place.person("Rare")
    rare = {"patient_id": who, "reason_id": reasons["rare"]}
    first = await ok(desk.post(BOOK, json=place.wish("09:40", 10, **rare)), 201)
    async with unchanged():
        said = await refuse(desk.post(BOOK, json=place.wish("09:40", 12, **rare)), 409, "GAP_TOO_SHORT")
    assert said["appointment_id"] == first["id"]


async def test_a_patient_is_not_in_two_places(place: Place, unchanged: Watch) -> None:
    who = await place.person("Ubiquiste")
    first = await place.book("telesecretary", "10:00", 10, patient_id=who)
    async with unchanged():
        wish = place.wish("10:10", 10, patient_id=who, practitioner_id=place.bob)
        said = await refuse(place.staff["telesecretary"].post(BOOK, json=wish), 409, "PATIENT_BUSY")
    assert said["appointment_id"] == first["id"]


async def test_a_hold_is_confirmed_in_time_once_and_by_its_owner(place: Place, unchanged: Watch) -> None:
    desk, other = place.staff["telesecretary"], place.staff["front_desk"]
    who = await place.person("Retardataire")
    hold = await ok(desk.post(HOLD, json=place.slot("10:40", 10)), 201)
    body = {"hold_id": hold["id"], "patient_id": str(who)}
    async with unchanged():
        await refuse(other.post(BOOK, json=body), 404, "NOT_FOUND")
    key = {"Idempotency-Key": str(new_id())}
    first = await desk.post(BOOK, json=body, headers=key)
    async with unchanged():
        again = await desk.post(BOOK, json=body, headers=key)
        used = await refuse(desk.post(BOOK, json=body, headers={"Idempotency-Key": str(new_id())}), 409, "HOLD_USED")
        await refuse(desk.post(BOOK, json={**body, "note": "other"}, headers=key), 422, "KEY_REUSED")
        await refuse(desk.post(BOOK, json=body, headers={"Idempotency-Key": "k" * 300}), 400, "KEY_INVALID")
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert used["appointment_id"] == first.json()["id"]


async def test_a_hold_is_dead_one_second_after_its_deadline(place: Place) -> None:
    desk, who = place.staff["telesecretary"], await place.person("Tardive")
    hold = await ok(desk.post(HOLD, json=place.slot("11:00", 10)), 201)
    for table, key in (("hold", "id"), ("busy", "hold_id")):
        past = f"UPDATE {table} SET expires_at = kit_now() - interval '1 s' WHERE {key} = $1"
        await place.door.cluster.rows("appointments", past, UUID(str(hold["id"])))
    body = {"hold_id": hold["id"], "patient_id": str(who)}
    await refuse(desk.post(BOOK, json=body), 410, "HOLD_EXPIRED")
    await refuse(desk.post(f"{HOLD}/{hold['id']}/extend"), 410, "HOLD_EXPIRED")
    assert await place.count("SELECT count(*) FROM appointment WHERE patient_id = $1", who) == 0
    await ok(desk.post(BOOK, json=place.wish("11:00", 10, patient_id=who)), 201)


FORBIDDEN = {
    "audience": "regulator",
    "organisation_id": str(new_id()),
    "status": "fulfilled",
    "booked_by": CANARY,
    "overbooked": True,
}


@pytest.mark.parametrize("field", FORBIDDEN)
async def test_what_is_derived_from_the_caller_is_not_taken_from_the_body(
    place: Place, unchanged: Watch, field: str
) -> None:
    wish = {**place.wish("11:20", 10), field: FORBIDDEN[field]}
    async with unchanged():
        await refuse(place.staff["telesecretary"].post(BOOK, json=wish), 422, "FIELD_NOT_ALLOWED", f"/{field}")


async def test_a_booking_names_one_time_and_one_person(place: Place, unchanged: Watch) -> None:
    desk, wish = place.staff["telesecretary"], place.wish("11:20", 10)
    without = {name: value for name, value in wish.items() if name != "patient_id"}
    identity = {"birth_family_name": CANARY, "birth_given_names": CANARY, "birth_date": "1980-01-01"}
    async with unchanged():
        for body in (
            {},
            without,
            {**wish, "identity": identity},
            {**wish, "hold_id": str(new_id())},
            {"hold_id": str(new_id())},
        ):
            await refuse(desk.post(BOOK, json=body), 422, "INVALID")
        for name in ("patient_id", "reason_id", "site_id"):
            await refuse(desk.post(BOOK, json={**wish, name: str(new_id())}), 404, "NOT_FOUND")
        await refuse(
            desk.post(BOOK, json={"hold_id": str(new_id()), "patient_id": str(place.patient)}), 404, "NOT_FOUND"
        )


async def test_who_may_not_book_is_told_so(place: Place, unchanged: Watch) -> None:
    visitor, nobody = await place.door.visitor(), place.door.browser()
    async with unchanged():
        await refuse(visitor.post(BOOK, json=place.wish("11:20", 10)), 401, "NOT_SIGNED_IN")
        await refuse(nobody.post(BOOK, json=place.wish("11:20", 10)), 401, "NOT_SIGNED_IN")
        await refuse(visitor.get(f"{API}/patients"), 401, "NOT_SIGNED_IN")
        await refuse(place.staff["practitioner"].post(f"{API}/sites", json={}), 403, "NOT_ALLOWED")


async def test_versions_are_said_rightly_or_not_at_all(place: Place, unchanged: Watch) -> None:
    booked = await place.book("front_desk", "11:20", 12)
    path = f"{BOOK}/{booked['id']}/cancel"
    async with unchanged():
        for value, status, code in (('"7"', 412, "VERSION_STALE"), ("seven", 400, "VERSION_UNREADABLE")):
            await refuse(place.staff["front_desk"].post(path, headers={"If-Match": value}), status, code)
