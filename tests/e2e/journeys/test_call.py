"""A telephone call, from the display of the number to the calendar file, through the door and over the broker."""

from uuid import UUID

from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.front import API
from tests.harness.place import SECRET_REASON, Json, Place, ok

NUMBER = "+33639980001"


async def test_a_call_leads_to_a_booking_that_the_second_service_hears_of_moved_and_cancelled_once(
    place: Place,
) -> None:
    desk, call_id = place.staff["telesecretary"], str(new_id())
    who = await _caller(place)
    found = await ok(desk.get(f"{API}/caller-candidates", params={"phone": "06 39 98 00 01"}))
    assert [each["patient_id"] for each in found["items"]] == [who]  # type: ignore[attr-defined]
    asked: dict[str, str | int] = {
        "reason": "consultation",
        "site": "autun",
        "practitioner": str(place.ada),
        "limit": 3,
    }
    day = {"from": place.moment("00:00", 3).isoformat(), "to": place.moment("23:59", 3).isoformat()}
    offered = (await ok(desk.get(f"{API}/slots", params={**asked, **day})))["items"]
    assert isinstance(offered, list)
    assert [each["start"] for each in offered] == [place.moment(h, 3).isoformat() for h in ("09:00", "09:20", "09:40")]
    hold = await ok(desk.post(f"{API}/holds", json=place.slot("09:20", 3, call_id=call_id)), 201)
    booked = await ok(desk.post(f"{API}/appointments", json={"hold_id": hold["id"], "patient_id": who}), 201)
    assert (booked["status"], booked["version"], booked["messages"], booked["call_id"]) == (
        "booked",
        1,
        ["sms"],
        call_id,
    )
    await _heard(place, booked, "booked", 1, call_id)

    path = f"{API}/appointments/{booked['id']}"
    moved = await ok(desk.post(f"{path}/move", json={"start": place.moment("10:20", 3).isoformat()}))
    assert (moved["id"], moved["version"], moved["start"]) == (booked["id"], 2, place.moment("10:20", 3).isoformat())
    await _heard(place, moved, "booked", 2, call_id)
    calendar = await desk.get(f"{path}.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "SEQUENCE:1" in calendar.text
    assert SECRET_REASON not in calendar.text

    first, second = await ok(desk.post(f"{path}/cancel")), await ok(desk.post(f"{path}/cancel"))
    assert [(each["status"], each["version"]) for each in (first, second)] == [("cancelled", 3)] * 2
    await _heard(place, first, "cancelled", 3, call_id)
    events = "SELECT count(*) FROM kit.outbox WHERE subject_id = $1 AND type = 'appointments.appointment_cancelled.v1'"
    assert await place.count(events, UUID(str(booked["id"]))) == 1
    assert "STATUS:CANCELLED" in (await desk.get(f"{path}.ics")).text
    history = await ok(desk.get(f"{path}/history"))
    assert [each["event"] for each in history["items"]] == ["book", "move", "cancel"]  # type: ignore[attr-defined]


async def _caller(place: Place) -> str:
    """A person of the centre who uses the number, made by the telesecretary."""
    who = {"birth_family_name": "Appelante", "birth_given_names": "Zoé", "birth_date": "1984-02-29"}
    body = {**who, "contacts": [{"kind": "mobile", "value": NUMBER}], "site_id": str(place.site)}
    made = await ok(place.staff["telesecretary"].post(f"{API}/patients", json=body), 201)
    assert made["identity_status"] == "PROV"
    return str(made["id"])


async def _heard(place: Place, appointment: Json, status: str, version: int, call_id: str) -> None:
    """The second service knows, once, what became of the appointment of this call."""
    sql = "SELECT status, version, call_id::text FROM call_appointment WHERE appointment_id = $1"

    async def arrived() -> bool:
        rows = await place.door.cluster.rows("telesecretariat", sql, UUID(str(appointment["id"])))
        return [tuple(row) for row in rows] == [(status, version, call_id)]

    await soon(arrived, seconds=30)
