"""A phone line set up by its manager alone, a caller on it, and all that a telesecretary does with him, at the door."""

from uuid import UUID, uuid5

import httpx

from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.place import Json, Place, ok
from tests.harness.screens import Screen, watching

LINE = "/api/telesecretariat/v1"
ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(7)]


async def test_a_call_is_answered_booked_written_up_and_counted(place: Place) -> None:
    """Manager: system, contract, hours, line, words. Supervisor: a caller. Telesecretary: stream, claim, file, booking,
    outcome. Then the report counts one call, answered."""
    manager, desk, floor = (place.staff[role] for role in ("manager", "telesecretary", "supervisor"))
    agent_id = str((await ok(desk.get("/auth/session")))["person"]["id"])  # type: ignore[index]
    line_id = await _line(place, manager, agent_id)
    desk_id = str(new_id())
    await ok(desk.post(f"{LINE}/agents/me/session", json={"desk_id": desk_id, "device": _phone(agent_id)}))
    async with watching(desk, topics="telesecretariat") as screen:
        await screen.hears("ready")
        await ok(desk.put(f"{LINE}/agents/me/state", json={"work_state": "ready"}))
        simulated = {"line_id": line_id, "calls": 1, "seed": 5, "profile": "patient"}
        await ok(floor.post(f"{LINE}/telephony/simulations", json=simulated), 201)
        call_id = await _offered(screen)
        shown = await ok(desk.get(f"{LINE}/desk"))
        assert shown["offer"]["call_id"] == call_id  # type: ignore[index]
        taken = await ok(desk.post(f"{LINE}/calls/{call_id}/claim"))
        assert taken["number"], "she sees who calls"
        await _becomes(screen, call_id, "talking")

    await ok(desk.get(f"{LINE}/calls/{call_id}/context"))
    booked = await place.book("telesecretary", "11:00", 5, call_id=call_id)
    file = await ok(desk.get(f"{LINE}/calls/{call_id}"))
    assert (file["state"], file["line_id"]) == ("talking", line_id)
    await ok(desk.post(f"{LINE}/calls/{call_id}/hang-up"))

    async def known() -> bool:
        """The booking has been heard of over the broker."""
        sql = "SELECT count(*) FROM call_appointment WHERE call_id = $1 AND appointment_id = $2"
        rows = await place.door.cluster.rows("telesecretariat", sql, UUID(call_id), UUID(str(booked["id"])))
        return bool(rows[0][0])

    await soon(known, seconds=30)
    ended = await ok(desk.post(f"{LINE}/calls/{call_id}/wrap-up", json={"act": "finish"}))
    assert ended["state"] == "completed"
    file = await ok(floor.get(f"{LINE}/calls/{call_id}"))
    assert file["outcome"] == "booked", "what was booked during the call is its outcome"
    await _counted(place, manager, line_id)
    assert (await desk.delete(f"{LINE}/agents/me/session")).status_code == 204


async def _line(place: Place, manager: httpx.AsyncClient, agent_id: str) -> str:
    """All that a line needs, by the API; its id."""
    firm = uuid5(place.org, "firm")
    adapter = f"sim-{place.org.hex[-12:]}"
    await ok(manager.post(f"{LINE}/telephony/adapters", json={"id": adapter, "kind": "simulated"}), 201)
    contract = {
        "organisation_id": str(place.org),
        "provider_id": str(firm),
        "name": "Centre",
        "valid_from": place.moment("00:00", -1).isoformat(),
    }
    client = await ok(manager.post(f"{LINE}/clients", json=contract), 201)
    of = {"client_id": client["id"]}
    calendar = await ok(manager.post(f"{LINE}/calendars", json={**of, "name": "toujours", "weekly": ALWAYS}), 201)
    outcome = {"kind": "outcome", "code": "booked", "label_fr": "Rendez-vous pris", "label_en": "Appointment booked"}
    await ok(manager.post(f"{LINE}/catalogues", json=outcome), 201)
    body = {
        "client_id": client["id"],
        "name": "Ligne",
        "number": "+33199000001",
        "calendar_id": calendar["id"],
        "adapter_id": adapter,
    }
    line = await ok(manager.post(f"{LINE}/lines", json=body), 201)
    assignment = {"client_id": client["id"], "agent_id": agent_id}
    await ok(manager.post(f"{LINE}/agent-assignments", json=assignment), 201)
    hears = await ok((await place.door.visitor()).get(f"{LINE}/lines/{line['id']}/opening"))
    assert hears["open"] is True
    return str(line["id"])


def _phone(agent_id: str) -> Json:
    return {"kind": "phone", "address": f"SIP/{agent_id[-6:]}"}


async def _offered(screen: Screen) -> str:
    await screen.hears("telesecretariat.offer_opened")
    return str(screen.named("telesecretariat.offer_opened")[0].data["facts"]["call_id"])


async def _becomes(screen: Screen, call_id: str, state: str) -> None:
    async def so() -> bool:
        changes = [each.data["facts"] for each in screen.named("telesecretariat.call_changed")]
        return any(each["call_id"] == call_id and each["state"] == state for each in changes)

    await soon(so, seconds=30)


async def _counted(place: Place, manager: httpx.AsyncClient, line_id: str) -> None:
    period = {
        "from": place.moment("00:00", -1).isoformat(),
        "until": place.moment("00:00", 2).isoformat(),
        "line_id": line_id,
    }
    total = (await ok(manager.get(f"{LINE}/reports/calls", params=period)))["total"]
    assert isinstance(total, dict)
    assert (total["received"], total["answered"]) == (1, 1)
