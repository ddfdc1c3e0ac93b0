"""Days on which a practitioner from elsewhere receives at a site."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic, Json
from tests.harness.days import today
from tests.integration.appointments.test_rounds import hours


class Visiting:
    """A cardiologist from elsewhere, without an agenda yet; a room; a manager."""

    def __init__(self, clinic: Clinic, doctor: UUID, room: UUID) -> None:
        self.clinic, self.doctor, self.room = clinic, doctor, room
        self.manager = people.manager(clinic.org)

    def session(self, *days: int, start: str = "09:00", end: str = "12:00", **fields: Any) -> Json:
        """The same hours on some days ahead."""
        who = {"practitioner_id": str(self.doctor), "site_id": str(self.clinic.site)}
        dates = [self.clinic.day(day).isoformat() for day in days]
        return {**who, "local_start": start, "local_end": end, "dates": dates, **fields}

    async def plan(self, *days: int, by: Any = None, **fields: Any) -> httpx.Response:
        """By the manager, unless told otherwise."""
        return await self.clinic.post("sessions", self.session(*days, **fields), by=by or self.manager)

    async def change(self, session: Json, by: Any = None, **fields: Any) -> httpx.Response:
        """Some of its fields changed."""
        kept = ("local_date", "local_start", "local_end", "reason_ids", "room_id", "note")
        body = {**{name: session[name] for name in kept}, **fields}
        async with self.clinic.running.client(by or self.manager) as client:
            return await client.put(
                f"/v1/sessions/{session['id']}", json=body, headers={"If-Match": f'"{session["version"]}"'}
            )

    async def listed(self, by: Any = None, **asked: Any) -> list[dict[str, Any]]:
        """What everybody may read."""
        answer = await self.clinic.get("sessions", by=by or people.visitor(), site=str(self.clinic.site), **asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def offered(self, days: int) -> str:
        """The public's first times of a day."""
        asked = {"from": self.clinic.at("00:00", days), "to": self.clinic.at("23:55", days)}
        found = await self.clinic.get(
            "slots",
            by=people.visitor(),
            reason=str(self.clinic.reason),
            practitioner=str(self.doctor),
            limit=3,
            **asked,
        )
        return hours({"stops": found.json()["items"]})


@pytest_asyncio.fixture
async def visiting(clinic: Clinic) -> Visiting:
    """See `Visiting`."""
    doctor = await clinic.w.practitioner(clinic.org, external=True)
    return Visiting(clinic, doctor, await clinic.w.room(clinic.org, clinic.site))


async def test_sessions_open_days_that_the_public_can_book(clinic: Clinic, visiting: Visiting) -> None:
    reason = str(clinic.reason)
    answer = await visiting.plan(3, 10, reason_ids=[reason], room_id=str(visiting.room), note="Échographe")
    assert answer.status_code == 201, answer.text
    one, two = answer.json()["items"]
    assert (one["local_date"], two["local_date"]) == (clinic.day(3).isoformat(), clinic.day(10).isoformat())
    assert await visiting.offered(3) == "09:00 09:20 09:40"
    assert await visiting.offered(4) == ""
    shown = await visiting.listed()
    assert [(item["local_date"], item["local_start"], item["note"]) for item in shown] == [
        (one["local_date"], "09:00", None),
        (two["local_date"], "09:00", None),
    ]
    assert shown[0]["practitioner"].startswith("Camille")
    assert [item["note"] for item in await visiting.listed(visiting.manager)] == ["Échographe"] * 2
    page = (await clinic.get("sessions", site=str(clinic.site), limit=1)).json()
    rest = (await clinic.get("sessions", site=str(clinic.site), limit=1, cursor=page["next_cursor"])).json()
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [one["id"], two["id"]]
    assert await visiting.listed(**{"from": clinic.day(11).isoformat()}) == []

    later = await visiting.change(one, local_start="14:00", local_end="15:00", note=None)
    assert (later.status_code, later.json()["version"]) == (200, 2)
    assert await visiting.offered(3) == "14:00 14:20 14:40"
    assert (await visiting.change(one)).json()["code"] == "VERSION_STALE"


async def test_several_days_are_all_or_nothing(clinic: Clinic, visiting: Visiting) -> None:
    async def refused(code: str, pointer: str | None, *days: int, **fields: Any) -> None:
        answer = await visiting.plan(*days, **fields)
        assert (answer.status_code in (404, 409, 422), answer.json()["code"]) == (True, code), answer.text
        if pointer:
            assert answer.json()["errors"][0]["pointer"] == pointer

    assert (await visiting.plan(5, room_id=str(visiting.room))).status_code == 201
    await refused("WINDOW_CLASH", "/dates/1", 3, 5)
    other = await clinic.w.practitioner(clinic.org, external=True)
    await refused("ROOM_CLASH", "/dates/1", 4, 5, practitioner_id=str(other), room_id=str(visiting.room))
    await refused("INVALID", "/dates/0", -1)
    await refused("INVALID", "/dates/1", 3, 200)
    await refused("INVALID", None, 3, 3)
    await refused("INVALID", None, 3, room_id=str(new_id()))
    await refused("NOT_EXTERNAL", None, 3, practitioner_id=str(clinic.ada))
    await refused("NOT_FOUND", None, 3, practitioner_id=str(new_id()))
    await refused("TIME_INVALID", None, 3, start="25:00")
    assert len(await visiting.listed()) == 1
    both = await asyncio.gather(visiting.plan(20), visiting.plan(20, start="11:00", end="13:00"))
    assert sorted(answer.status_code for answer in both) == [201, 409]


async def test_a_cancelled_session_says_who_must_be_told(clinic: Clinic, visiting: Visiting) -> None:
    (session,) = (await visiting.plan(3)).json()["items"]
    booked = await clinic.book("09:00", practitioner_id=visiting.doctor)
    gone = await clinic.delete(f"sessions/{session['id']}", by=visiting.manager)
    assert (gone.status_code, gone.json()["state"], gone.json()["conflicts"]) == (200, "cancelled", 1)
    assert await visiting.offered(3) == ""
    assert await visiting.listed() == []
    assert (await clinic.get(f"appointments/{booked['id']}")).json()["conflict"] == "schedule"
    campaign = await clinic.w.connection.fetchrow(
        "SELECT c.cause, c.state, i.appointment_id FROM campaign c JOIN campaign_item i ON i.campaign_id = c.id"
    )
    assert campaign is not None
    assert (campaign["cause"], campaign["state"], str(campaign["appointment_id"])) == (
        "schedule",
        "draft",
        booked["id"],
    )
    again = await clinic.delete(f"sessions/{session['id']}", by=visiting.manager)
    assert (again.status_code, again.json()["state"]) == (200, "cancelled")
    assert (await visiting.change({**session, "version": 2})).json()["code"] == "SESSION_OVER"
    # He comes after all: nobody needs to be told anything.
    assert (await visiting.plan(3)).status_code == 201
    assert (await clinic.get(f"appointments/{booked['id']}")).json()["conflict"] is None
    assert await clinic.w.connection.fetchval("SELECT state FROM campaign_item") == "kept"


async def test_a_session_that_is_over_stays(clinic: Clinic, visiting: Visiting) -> None:
    (session,) = (await visiting.plan(3)).json()["items"]
    await clinic.w.connection.execute("UPDATE visiting_session SET local_date = $1", today() - timedelta(days=2))
    for answer in (
        await visiting.change(session),
        await clinic.delete(f"sessions/{session['id']}", by=visiting.manager),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "SESSION_OVER")


async def test_who_may_plan_sessions(clinic: Clinic, visiting: Visiting) -> None:
    me = new_id()
    await clinic.w.connection.execute("UPDATE practitioner SET person_id = $1 WHERE id = $2", me, visiting.doctor)
    (session,) = (await visiting.plan(3, by=people.practitioner(clinic.org, me))).json()["items"]
    for who, status in (
        (clinic.desk, 403),
        (people.practitioner(clinic.org, new_id()), 403),
        (people.visitor(), 403),
        (people.manager(new_id()), 404),
        (clinic.front, 201),
    ):
        assert (await visiting.plan(6, by=who)).status_code == status, who
        if status != 201:
            assert (await visiting.change(session, who)).status_code == status
            assert (await clinic.delete(f"sessions/{session['id']}", by=who)).status_code == status
