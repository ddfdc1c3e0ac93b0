"""The reception of a site: arrivals, visits done and missed, mistakes taken back, times booked twice on purpose."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from maillage import clock
from tests.harness.front import API
from tests.harness.place import Json, Place, ok, refused


async def _soon(place: Place) -> Json:
    """The next free time of the doctor who is there at all hours."""
    window = {"from": clock.now().isoformat(), "to": (clock.now() + timedelta(hours=3)).isoformat()}
    asked = {"reason": "consultation", "site": "autun", "practitioner": str(place.cyr), **window}
    free = (await ok(place.staff["front_desk"].get(f"{API}/slots", params=asked)))["items"]
    assert isinstance(free, list)
    start = next(each["start"] for each in free if datetime.fromisoformat(each["start"]) > clock.now())
    return {**place.wish("09:00", 3), "practitioner_id": str(place.cyr), "start": start}


async def test_a_visit_is_noted_from_arrival_to_end_and_taken_back(place: Place) -> None:
    desk, doctor = place.staff["front_desk"], place.staff["practitioner"]
    booked = await ok(desk.post(f"{API}/appointments", json=await _soon(place)), 201)
    path = f"{API}/appointments/{booked['id']}"
    await refused(desk.post(f"{path}/miss"), 409, "MISS_TOO_EARLY")
    await refused(desk.post(f"{path}/fulfil"), 409, "NOT_STARTED")
    assert (await ok(desk.post(f"{path}/arrive")))["status"] == "arrived"
    stale = await refused(desk.post(f"{path}/fulfil", headers={"If-Match": '"1"'}), 412, "VERSION_STALE")
    assert stale["version"] == 2
    assert (await ok(doctor.post(f"{path}/fulfil")))["status"] == "fulfilled"
    wrong = await refused(desk.post(f"{path}/arrive"), 409, "WRONG_STATE")
    assert (wrong["state"], wrong["allowed"]) == ("fulfilled", ["reopen", "void"])
    assert (await ok(desk.post(f"{path}/reopen")))["status"] == "booked"

    await _begun(place, booked)
    assert (await ok(desk.post(f"{path}/miss", json={"excused": True})))["status"] == "noshow"
    assert (await ok(desk.post(f"{path}/reopen")))["status"] == "booked"
    await refused(desk.post(f"{path}/void"), 422, "REASON_REQUIRED")
    await refused(doctor.post(f"{path}/void", json={"reason": "keyed twice"}), 403, "NOT_ALLOWED")
    voided = await ok(desk.post(f"{path}/void", json={"reason": "keyed twice"}))
    assert voided["status"] == "entered-in-error"
    assert await place.count("SELECT count(*) FROM busy WHERE appointment_id = $1", UUID(str(booked["id"]))) == 0


async def _begun(place: Place, appointment: Json) -> None:
    """Plants that the visit should have begun 20 minutes ago; its busy row follows."""
    ids = UUID(str(appointment["id"]))
    late = datetime.fromisoformat(str(appointment["start"])) - clock.now() + timedelta(minutes=20)
    shift = "SET during = tstzrange(lower({0}) - $2::interval, upper({0}) - $2::interval)"
    await place.door.cluster.rows(
        "appointments",
        "UPDATE appointment " + shift.format("during") + ", occupied = tstzrange(lower(occupied) - $2::interval,"
        " upper(occupied) - $2::interval) WHERE id = $1",
        ids,
        late,
    )
    await place.door.cluster.rows(
        "appointments", "UPDATE busy " + shift.format("during") + " WHERE appointment_id = $1", ids, late
    )


async def test_a_time_is_given_twice_with_a_reason_and_never_a_third_overbooking_in_a_half_day(place: Place) -> None:
    desk = place.staff["front_desk"]
    await place.book("front_desk", "10:00", 6)
    others = [await place.person(f"Surnombre {name}") for name in ("Un", "Deux", "Trois")]

    def over(n: int, **fields: object) -> Awaitable[httpx.Response]:
        wish = place.wish("10:00", 6, patient_id=others[n], start=place.moment(f"10:{10 * n:02d}", 6), **fields)
        return desk.post(f"{API}/appointments", json=wish)

    await refused(over(0), 409, "SLOT_TAKEN")
    await refused(over(0, overbook=True), 422, "REASON_REQUIRED")
    secretary = place.wish("10:00", 6, patient_id=others[0], overbook_reason="fever")
    await refused(place.staff["telesecretary"].post(f"{API}/appointments", json=secretary), 403, "NOT_ALLOWED")
    for n in (0, 1):
        made = await ok(over(n, overbook_reason="fever"), 201)
        assert made["overbooked"] is True
    limit = await refused(over(2, overbook_reason="fever"), 409, "OVERBOOK_LIMIT")
    assert limit["limit"] == 2
    count = "SELECT count(*) FROM busy WHERE resource_id = $1 AND overbooked AND lower(during)::date = $2"
    assert await place.count(count, place.ada, place.moment("10:00", 6).date()) == 2
