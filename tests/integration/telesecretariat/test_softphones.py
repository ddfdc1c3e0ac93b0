"""The telephone in a browser: whose it is, what it registers with, and when it is rung."""

import base64
import hmac
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import pytest

from maillage.ids import new_id
from telesecretariat.main import service
from tests.harness.floor import SETTINGS, Floor

SECRET = "what-the-telephone-system-shares-with-us"
SIP = {"sip_wss_url": "wss://sip.maillage.example:7443/ws", "sip_realm": "maillage.example", "sip_secret": SECRET}
BROWSER = {"kind": "browser", "address": "whatever the window says"}
PHONE = {"kind": "phone", "address": "poste-1"}


@pytest.fixture
async def heard(running_service: Any, admin_of: Callable[[str], str]) -> AsyncIterator[Floor]:
    """A floor whose telephone system takes telephones in a browser."""
    running = running_service(service, **SETTINGS, **SIP)
    async with await Floor.on(admin_of(running.database_url), running) as made:
        yield made


async def test_a_browser_registers_as_its_own_agent_with_a_password_that_ends(heard: Floor) -> None:
    person, desk = new_id(), new_id()
    await heard.assign(person)
    session = {"desk_id": str(desk), "device": BROWSER}
    async with heard.http(heard.telesecretary(person)) as client:
        assert (await client.get("/v1/agents/me/softphone")).json()["code"] == "AGENT_OFFLINE"
        opened = (await client.post("/v1/agents/me/session", json=session)).json()
        assert opened["softphone"] == SIP["sip_wss_url"]
        address = opened["agent"]["device"]["address"]
        assert address == f"w-{person.hex}-{desk.hex[:8]}"
        read = await client.get("/v1/agents/me/softphone")
        told = read.json()
        assert told["uri"] == f"sip:{address}@maillage.example"
        ends, _, whose = told["user"].partition(":")
        assert whose == address
        signed = hmac.new(SECRET.encode(), told["user"].encode(), "sha1").digest()
        assert told["password"] == base64.b64encode(signed).decode()
        assert int(ends) == int(datetime.fromisoformat(told["until"]).timestamp())
        assert (await client.get("/v1/desk")).json()["softphone"] is True


async def test_it_is_rung_only_while_it_is_registered(heard: Floor) -> None:
    person, desk = new_id(), str(new_id())
    await heard.assign(person)
    session = {"desk_id": desk, "device": BROWSER}
    async with heard.http(heard.telesecretary(person)) as client:
        await client.post("/v1/agents/me/session", json=session)
        wish = {"work_state": "ready", "desk_id": desk}
        assert (await client.put("/v1/agents/me/state", json=wish)).json()["code"] == "DEVICE_UNREGISTERED"
        for ready in (True, None):  # a beat that says nothing of it changes nothing
            beat = {"desk_id": desk, "telephone_ready": ready}
            assert (await client.put("/v1/agents/me/session", json=beat)).json()["agent"]["device_ready"] is True
        assert (await client.put("/v1/agents/me/state", json=wish)).status_code == 200
        # The desk is loaded again: its telephone is in another window, and still there.
        again = (await client.post("/v1/agents/me/session", json=session)).json()["agent"]
        assert (again["device_ready"], again["work_state"]) == (True, "ready")
        await heard.waiting(pick=True)
        await client.put("/v1/agents/me/session", json={"desk_id": desk, "telephone_ready": False})
        assert (await client.post("/v1/calls/next", json={"desk_id": desk})).json()["code"] == "DEVICE_UNREGISTERED"


async def test_another_telephone_or_none_set_up_has_no_credentials(heard: Floor) -> None:
    person = new_id()
    await heard.assign(person)
    async with heard.http(heard.telesecretary(person)) as client:
        session = {"desk_id": str(new_id()), "device": PHONE}
        opened = (await client.post("/v1/agents/me/session", json=session)).json()
        assert (opened["softphone"], opened["agent"]["device"]) == (None, PHONE)
        beat = {"desk_id": session["desk_id"], "telephone_ready": False}
        assert (await client.put("/v1/agents/me/session", json=beat)).json()["agent"]["device_ready"] is True
        assert (await client.get("/v1/agents/me/softphone")).json()["code"] == "SOFTPHONE_OFF"


async def test_where_none_is_set_up_no_desk_offers_one(floor: Floor) -> None:
    person = new_id()
    await floor.assign(person)
    async with floor.http(floor.telesecretary(person)) as client:
        opened = (await client.post("/v1/agents/me/session", json={"desk_id": str(new_id()), "device": BROWSER})).json()
        assert opened["softphone"] is None
        assert (await client.get("/v1/agents/me/softphone")).json()["code"] == "SOFTPHONE_OFF"
        assert (await client.get("/v1/desk")).json()["softphone"] is False


async def test_colleagues_who_are_ready_are_named_by_their_posts(floor: Floor) -> None:
    me = await floor.agent("poste 1", presence="online")
    call = await floor.talking(me)
    ready = await floor.agent("poste 2", presence="online", work_state="ready")
    await floor.agent("poste 3", presence="online", work_state="not_ready")
    await floor.agent("poste 4", presence="online", work_state="ready", device_ready=False)
    await floor.agent("poste 5", presence="online", work_state="ready", assigned=False)
    async with floor.http(floor.telesecretary(me)) as client:
        items = (await client.get(f"/v1/calls/{call}/colleagues")).json()["items"]
        assert [(each["id"], each["label"]) for each in items] == [(str(ready), "poste 2")]
        assert (await client.get(f"/v1/calls/{new_id()}/colleagues")).status_code == 404
        assert (await client.get("/v1/desk")).json()["calls"][0]["agent_label"] == "poste 1"
    async with floor.http(floor.telesecretary(ready)) as client:
        assert (await client.get(f"/v1/calls/{call}/colleagues")).json()["code"] == "NOT_YOUR_CALL"
