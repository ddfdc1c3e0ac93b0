"""The demonstration as its own people find it: a telesecretary her line, a caller the hours."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from maillage.service import DemoContext
from telesecretariat.demo import loading, words
from telesecretariat.lifetime import opened
from telesecretariat.main import service
from telesecretariat.settings import TelesecretariatSettings
from tests.harness.floor import SETTINGS
from tests.harness.people import professional


async def loaded(running: Any) -> None:
    database = Database(running.settings)
    await database.open()
    try:
        await loading.load(DemoContext(database, running.settings))
        assert await loading.load(DemoContext(database, running.settings)) == ()
        lines = await database.run(system("telesecretariat"), lambda tx: tx.fetchval("SELECT count(*) FROM line"))
        assert lines == 1, "a second time changes nothing"
    finally:
        await database.close()


async def test_a_telesecretary_finds_her_line_and_its_instructions(running_service: Callable[..., Any]) -> None:
    running = running_service(service, **SETTINGS)
    await loaded(running)
    who = professional(
        "telesecretary", loading.FIRM, loading.CENTRE, person=loading.SECRETARIES[0], service="telesecretariat"
    )
    async with running.client(who) as client:
        desk = {"desk_id": str(new_id()), "device": {"kind": "phone", "address": "poste-1"}}
        opened = await client.post("/v1/agents/me/session", json=desk)
        assert opened.status_code == 200, opened.text
        words_of_pauses = await client.get("/v1/catalogues", params={"kind": "pause_reason"})
        assert {row["code"] for row in words_of_pauses.json()["items"]} == {entry.code for entry in words.PAUSES}
        opening = await client.get(f"/v1/lines/{loading.LINE}/opening", params={"at": "2026-11-11T10:15:00+01:00"})
    said = [part["text"] for part in opening.json()["announcement_parts"]]
    assert said[1:] == [words.ANNOUNCEMENTS["closed"].text, "La ligne rouvre jeudi 12 novembre à 8 heures."]
    supervisor = professional("supervisor", loading.FIRM, loading.CENTRE, service="telesecretariat")
    async with running.client(supervisor) as client:
        grids = (await client.get("/v1/quality/grids")).json()["items"]
        assert [each["weight"] for each in grids[0]["criteria"]] == [25, 25, 25, 15, 10]
    manager = professional("manager", loading.CENTRE, service="telesecretariat")
    async with running.client(manager) as client:
        line = (await client.get("/v1/lines")).json()["items"][0]
        assert (line["number"], line["adapter_id"]) == ("+33385347100", "simulated")
        assert (await client.get(f"/v1/clients/{loading.CLIENT}")).json()["provider_id"] == str(loading.FIRM)
        assigned = (await client.get("/v1/agent-assignments")).json()["items"]
    assert {row["agent_id"] for row in assigned} == {str(person) for person in loading.SECRETARIES}


async def test_without_a_key_to_seal_with_the_service_does_not_start() -> None:
    app = FastAPI()
    app.state.settings = TelesecretariatSettings(key="short")
    with pytest.raises(ValueError, match="MAILLAGE_TELESECRETARIAT_KEY"):
        await opened(app)
