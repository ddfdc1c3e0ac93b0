"""Scenario 13 of the design: a client's rows are there until the instant of the end. And when lines say they open."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import asyncpg

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.lines.telling import tell_openings
from tests.harness.days import today
from tests.harness.floor import Floor
from tests.harness.people import professional


async def test_at_the_end_of_an_assignment_calls_are_gone_and_the_centre_keeps_them(floor: Floor) -> None:
    agent = await floor.agent(assigned=False)
    call = await floor.waiting()
    manager = professional("manager", floor.firm, floor.centre, service="telesecretariat")
    async with floor.http(manager) as setup, floor.http(floor.telesecretary(agent)) as desk:
        made = await setup.post(
            "/v1/agent-assignments", json={"client_id": str(floor.client_id), "agent_id": str(agent)}
        )
        assert made.status_code == 201, made.text
        again = {"client_id": str(floor.client_id), "agent_id": str(agent)}
        assert (await setup.post("/v1/agent-assignments", json=again)).json()["code"] == "CONTRACT_OVERLAP"
        assert (await desk.get(f"/v1/calls/{call}")).status_code == 200
        path = f"/v1/agent-assignments/{made.json()['id']}"
        ended = await setup.patch(path, json={"valid_to": clock.now().isoformat()})
        assert ended.status_code == 200, ended.text
        assert (await desk.get(f"/v1/calls/{call}")).status_code == 404
        assert (await desk.get("/v1/calls")).json()["items"] == []
        late = await setup.patch(path, json={"valid_to": (clock.now() + timedelta(days=1)).isoformat()})
        assert (late.status_code, late.json()["code"]) == (422, "TIME_INVALID"), "what is over stays over"
        assert (await setup.get("/v1/agent-assignments")).json()["items"][0]["valid_to"] is not None
    told = await floor.connection.fetch(
        "SELECT payload::jsonb AS event FROM kit.outbox WHERE type = 'telesecretariat.assignment_changed.v1'"
        " ORDER BY sequence"
    )
    assert [(row["event"]["version"], row["event"]["valid_to"] is None) for row in told] == [(1, True), (2, False)]


async def test_at_the_end_of_a_contract_the_firm_sees_nothing_and_the_centre_all(floor: Floor) -> None:
    agent = await floor.agent()
    call = await floor.waiting()
    async with floor.http(floor.manager()) as centre:
        ending = {"valid_to": (clock.now() - timedelta(seconds=1)).isoformat()}
        assert (await centre.patch(f"/v1/clients/{floor.client_id}", json=ending)).status_code == 200
        assert (await centre.get(f"/v1/lines/{floor.line_id}")).status_code == 200, "its own rows stay"
    for caller in (floor.telesecretary(agent), floor.supervisor()):
        async with floor.http(caller) as client:
            assert (await client.get(f"/v1/calls/{call}")).status_code == 404, caller.role
    screen = professional("wall_screen", floor.firm, floor.centre, service="telesecretariat")
    machine = replace(screen, sub=f"client:{new_id()}", kind="partner", role=None, perms={"floor.watch": "d"})
    for nobody in (replace(screen, sub=f"device:{new_id()}"), machine):
        async with floor.http(nobody) as client:
            shown = (await client.get("/v1/board")).json()
            assert (shown["lines"], len(shown["agents"])) == ([], 1), nobody.kind
    firm = professional("manager", floor.firm, floor.centre, service="telesecretariat")
    async with floor.http(firm) as client:
        assert (await client.get("/v1/lines")).json()["items"] == []
        body = {"client_id": str(floor.client_id), "name": "Heures", "weekly": []}
        assert (await client.post("/v1/calendars", json=body)).json()["code"] == "REFERENCE_UNKNOWN"


async def test_a_contract_of_another_firm_opens_nothing_to_the_one_before(floor: Floor) -> None:
    """Both are delegated by the centre at the gateway; only one answers for it now."""
    call, doctor, former = await floor.waiting(), await floor.doctor(), new_id()
    await floor.site()
    since = clock.now() - timedelta(days=400)
    own = await floor.client(provider_id=former, valid=asyncpg.Range(since, since + timedelta(days=30)))
    agent = await floor.agent(organisation_id=former)
    for role in ("telesecretary", "supervisor", "manager"):
        person = agent if role == "telesecretary" else None
        caller = professional(role, former, floor.centre, person=person, service="telesecretariat")
        async with floor.http(caller) as client:
            if role == "manager":
                assert [each["id"] for each in (await client.get("/v1/clients")).json()["items"]] == [str(own)]
                assert (await client.get("/v1/agent-assignments")).json()["items"] == []
                points = f"/v1/practitioners/{doctor}/contact-points"
                assert (await client.get(points)).status_code == 404
                theirs = f"/v1/clients/{floor.client_id}"
                assert (await client.patch(theirs, json={"name": "Le mien"})).status_code == 404
                other = {"organisation_id": str(floor.centre), "provider_id": str(floor.firm), "name": "Leur",
                         "valid_from": clock.now().isoformat()}  # fmt: skip
                assert (await client.post("/v1/clients", json=other)).json()["code"] == "REFERENCE_UNKNOWN"
            else:
                assert (await client.get(f"/v1/calls/{call}")).status_code == 404, role
                assert (await client.get("/v1/directory")).json() == {"sites": [], "practitioners": []}, role


async def test_a_call_about_another_says_nothing_of_a_patient_of_another_centre(floor: Floor) -> None:
    agent = await floor.agent(presence="online", work_state="ready")
    elsewhere, patient = Floor(floor.connection, floor.running), new_id()
    elsewhere.firm = floor.firm
    other = await elsewhere.client(elsewhere.client_id)
    await floor.assign(agent, other)
    about = await floor.call(state="completed", patient_id=patient, client_id=other, organisation_id=elsewhere.centre)
    both = professional(
        "telesecretary", floor.firm, floor.centre, elsewhere.centre, person=agent, service="telesecretariat"
    )
    async with floor.http(both) as desk:
        assert (await desk.get(f"/v1/calls/{about}")).status_code == 200
        body = {"line_id": str(floor.line_id), "to": "+33639980124", "about_call_id": str(about)}
        assert (await desk.post("/v1/calls", json=body)).status_code == 404


async def test_a_line_says_once_when_it_opens_and_closes_also_by_a_new_calendar(floor: Floor) -> None:
    database = Database(cast(Any, floor.running).settings)
    await database.open()
    try:
        for _ in range(2):
            await database.run(system("telesecretariat"), tell_openings)
        closing = [{"date": today().isoformat(), "ranges": [], "reason": "formation"}]
        async with floor.http(floor.manager()) as client:
            body = {"exceptions": closing, "weekly": []}
            assert (await client.patch(f"/v1/calendars/{floor.calendar_id}", json=body)).status_code == 200
        for _ in range(2):
            await database.run(system("telesecretariat"), tell_openings)
    finally:
        await database.close()
    told = await floor.connection.fetch(
        "SELECT type, payload::jsonb AS event FROM kit.outbox WHERE type LIKE 'telesecretariat.line%' ORDER BY sequence"
    )
    assert [row["type"].split(".")[1] for row in told] == ["line_opened", "line_closed"]
    assert (told[0]["event"]["cause"], told[1]["event"]["next_opening"]) == ("open", None)
