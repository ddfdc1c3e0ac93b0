"""Instructions: published by who answers for them, shown with a proof, acknowledged, and never changed afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from maillage import clock
from maillage.ids import new_id
from tests.harness.floor import Floor

Body = dict[str, Any]


@dataclass
class Writers:
    """Who writes, and the floor they write for."""

    floor: Floor
    manager: httpx.AsyncClient
    doctor: httpx.AsyncClient
    practitioner: UUID
    site: UUID

    async def place(self, scope: str, scope_id: UUID, by: httpx.AsyncClient | None = None, **more: object) -> str:
        body: Body = {"client_id": str(self.floor.client_id), "scope": scope, "scope_id": str(scope_id), **more}
        made = await (by or self.manager).post("/v1/instructions", json=body)
        assert made.status_code == 201, made.text
        return f"/v1/instructions/{made.json()['id']}"

    async def draft(self, place: str, by: httpx.AsyncClient | None = None, **content: object) -> str:
        made = await (by or self.manager).post(f"{place}/versions", json=content)
        assert made.status_code == 201, made.text
        return f"{place}/versions/{made.json()['id']}"

    async def published(self, place: str, *, replacing: bool = False, **content: object) -> str:
        """By the doctor for himself, else by the centre, who names him."""
        own = await self.doctor.get(place)
        by = self.doctor if own.json()["scope"] == "practitioner" else self.manager
        version = await self.draft(place, by, **content)
        body = {"validator_id": str(self.practitioner), "ends_previous": replacing}
        done = await by.post(f"{version}/publish", json=body)
        assert done.status_code == 200, done.text
        return version


@pytest.fixture
async def writers(floor: Floor) -> AsyncIterator[Writers]:
    person = new_id()
    practitioner, site = await floor.doctor(person), await floor.site()
    await floor.catalogue("motive", "result", "appointment")
    async with AsyncExitStack() as stack:
        manager = await stack.enter_async_context(floor.http(floor.manager()))
        doctor = await stack.enter_async_context(floor.http(floor.practitioner(person)))
        yield Writers(floor, manager, doctor, practitioner, site)


def of(version: str) -> str:
    return version.rsplit("/", 1)[1]


async def test_the_nearest_level_speaks_and_every_level_forbids(floor: Floor, writers: Writers) -> None:
    w, (site, doctor) = writers, (str(writers.site), str(writers.practitioner))
    centre = await w.published(
        await w.place("client", floor.client_id), text="Le centre", allowed=["message", "give_result"], forbidden=["x"]
    )
    await w.published(await w.place("site", w.site), text="Le site")
    own = await w.published(await w.place("practitioner", w.practitioner), forbidden=["give_result"])
    result = await w.published(await w.place("practitioner", w.practitioner, motive="result"), text="Mes résultats")
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        place = {"site_id": site, "practitioner_id": doctor, "motive": "result"}
        shown = (await desk.post(f"/v1/calls/{call_id}/instructions", json=place)).json()
        assert (shown["text"], shown["allowed"]) == ("Mes résultats", ["message"])
        assert shown["forbidden"] == ["give_result", "x"]
        assert shown["sources"] == {
            "text": [of(result)],
            "allowed": [of(centre)],
            "forbidden": [of(own), of(centre)],
        }
        assert shown["must_acknowledge"] is True
        assert set(shown["unacknowledged"]) == {of(result), of(own), of(centre)}
        at_site = (await desk.post(f"/v1/calls/{call_id}/instructions", json={"site_id": site})).json()
        assert at_site["text"] == "Le site"
        unknown = await desk.post(f"/v1/calls/{call_id}/instructions", json={"motive": "astrology"})
        assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/motive")
        preview = (await desk.post("/v1/instructions/resolve", json=place | {"client_id": str(floor.client_id)})).json()
        assert {name: preview[name] for name in preview} == {name: shown[name] for name in preview}


async def test_an_open_call_keeps_what_it_was_shown_and_each_text_can_be_shown_again(
    floor: Floor, writers: Writers
) -> None:
    place = await writers.place("practitioner", writers.practitioner, writers.doctor)
    second = await writers.published(place, text="Version deux")
    agent = await floor.agent()
    about = {"practitioner_id": str(writers.practitioner)}
    async with floor.http(floor.telesecretary(agent)) as desk:
        before = await floor.talking(agent)
        shown = (await desk.post(f"/v1/calls/{before}/instructions", json=about)).json()
        assert (shown["text"], shown["must_acknowledge"]) == ("Version deux", True)
        acknowledged = f"/v1/instruction-displays/{shown['display_id']}/acknowledge"
        assert [(await desk.post(acknowledged)).status_code for _ in range(2)] == [204, 204]

        await writers.published(place, replacing=True, text="Version trois")
        again = (await desk.post(f"/v1/calls/{before}/instructions", json=about)).json()
        assert (again["text"], again["display_id"]) == ("Version deux", shown["display_id"])
        assert again["must_acknowledge"] is False
        await floor.connection.execute("UPDATE call SET state = 'completed' WHERE id = $1", before)
        assert (await desk.post(f"/v1/calls/{before}/instructions", json=about)).json()["code"] == "WRONG_STATE"

        after = await floor.talking(agent, number="+33639980124")
        new = (await desk.post(f"/v1/calls/{after}/instructions", json=about)).json()
        assert (new["text"], new["must_acknowledge"]) == ("Version trois", True)

    for display, text in ((shown, "Version deux"), (new, "Version trois")):
        proof = (await writers.doctor.get(f"/v1/instruction-displays/{display['display_id']}")).json()
        assert (proof["text"], proof["intact"], proof["content_hash"]) == (text, True, display["content_hash"])
    readings = (await writers.doctor.get(f"{second}/acknowledgements")).json()["items"]
    assert [(item["agent_id"], item["acknowledged_at"] is not None) for item in readings] == [(str(agent), True)]


async def test_what_was_published_is_kept_by_the_base_itself(floor: Floor, writers: Writers) -> None:
    version = await writers.published(await writers.place("client", floor.client_id), text="Mot")
    with pytest.raises(asyncpg.RaiseError):
        await floor.connection.execute(
            "UPDATE instruction_version SET text = 'Autre mot' WHERE id = $1", UUID(of(version))
        )
    for sent in (
        writers.manager.patch(version, json={"text": "Autre"}),
        writers.manager.post(f"{version}/publish", json={"validator_id": str(writers.practitioner)}),
    ):
        assert (await sent).json()["code"] == "VERSION_PUBLISHED"


async def test_only_who_answers_for_it_publishes(floor: Floor, writers: Writers) -> None:
    w = writers
    centre, own = await w.place("client", floor.client_id), await w.place("practitioner", w.practitioner)
    other_person = new_id()
    other = await floor.doctor(other_person)
    for_centre, for_doctor = await w.draft(centre, text="a"), await w.draft(own, text="b")
    named = {"validator_id": str(w.practitioner)}
    async with floor.http(floor.practitioner(other_person)) as colleague:
        for by, version, body in (
            (w.manager, for_centre, {}),
            (w.manager, for_centre, {"validator_id": str(new_id())}),
            (w.manager, for_doctor, named),
            (w.doctor, for_centre, named),
            (colleague, for_doctor, named),
        ):
            refused = await by.post(f"{version}/publish", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "NOT_VALIDATOR")
        assert (await colleague.post(f"{own}/versions", json={"text": "x"})).json()["code"] == "NOT_YOUR_SCOPE"
        wish = {"client_id": str(floor.client_id), "scope": "practitioner", "scope_id": str(w.practitioner)}
        taken = await colleague.post("/v1/instructions", json=wish)
        assert taken.json()["code"] == "NOT_YOUR_SCOPE"
        mine = await w.place("practitioner", other, colleague)
        assert (await colleague.post(f"{await w.draft(mine, colleague, text='c')}/publish", json={})).status_code == 200
    assert (await w.manager.post("/v1/instructions", json=wish)).json()["instruction_id"] == own.rsplit("/", 1)[1]
    async with floor.http(floor.telesecretary(await floor.agent())) as desk:
        assert (await desk.post(f"{for_centre}/publish", json=named)).json()["code"] == "NOT_ALLOWED"
        assert (await desk.get(centre)).status_code == 200


async def test_two_versions_are_never_valid_at_one_time_however_many_publish(floor: Floor, writers: Writers) -> None:
    place = await writers.place("client", floor.client_id)
    drafts = [await writers.draft(place, text=f"n° {n}") for n in range(5)]
    body = {"validator_id": str(writers.practitioner)}
    answers = await asyncio.gather(*(writers.manager.post(f"{draft}/publish", json=body) for draft in drafts))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"VALIDITY_OVERLAP"}

    first = next(answer for answer in answers if answer.status_code == 200).json()
    start = clock.now() + timedelta(days=1)
    coming = await writers.draft(place, text="demain", valid_from=start.isoformat())
    assert (await writers.manager.post(f"{coming}/publish", json=body)).json()["code"] == "VALIDITY_OVERLAP"
    done = await writers.manager.post(f"{coming}/publish", json=body | {"ends_previous": True})
    assert done.status_code == 200
    listed = (await writers.manager.get(place)).json()["versions"]
    ended = next(version for version in listed if version["id"] == first["id"])
    assert ended["valid_to"] == done.json()["valid_from"]

    asked: Body = {"client_id": str(floor.client_id)}
    for at, text in ((start - timedelta(hours=1), first["text"]), (start + timedelta(hours=1), "demain")):
        seen = await writers.manager.post("/v1/instructions/resolve", json=asked | {"at": at.isoformat()})
        assert seen.json()["text"] == text
    withdrawn = [await writers.manager.post(f"{place}/versions/{first['id']}/withdraw") for _ in range(2)]
    assert [answer.json()["state"] for answer in withdrawn] == ["withdrawn", "withdrawn"]
    assert (await writers.manager.post("/v1/instructions/resolve", json=asked)).json()["text"] is None
    told = await floor.connection.fetch("SELECT type FROM kit.outbox WHERE type LIKE '%instruction%' ORDER BY sequence")
    assert [row["type"].split(".")[1] for row in told] == [
        "instruction_published",
        "instruction_published",
        "instruction_withdrawn",
    ]


async def test_drafts_change_with_the_tag_that_was_read_and_are_compared(floor: Floor, writers: Writers) -> None:
    place = await writers.place("client", floor.client_id)
    await writers.published(place, text="un\ndeux", allowed=["message"])
    draft = await writers.draft(place, text="un\n2", allowed=["message"])
    changed = await writers.manager.patch(draft, json={"forbidden": ["book"]}, headers={"If-Match": '"1"'})
    assert (changed.json()["text"], changed.json()["forbidden"]) == ("un\n2", ["book"])
    stale = await writers.manager.patch(draft, json={"text": "x"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    seen = (await writers.manager.get(f"{place}/differences", params={"before": 1, "after": 2})).json()
    assert seen["fields"] == ["text", "forbidden"]
    assert [(each["sign"], each["line"]) for each in seen["text"]] == [
        ("same", "un"),
        ("removed", "deux"),
        ("added", "2"),
    ]
    assert (await writers.manager.get(f"{place}/differences", params={"before": 1, "after": 9})).status_code == 404
    backwards = {"valid_from": "2027-01-02T00:00:00Z", "valid_to": "2027-01-01T00:00:00Z"}
    assert (await writers.manager.post(f"{place}/versions", json=backwards)).json()["code"] == "TIME_INVALID"


async def test_while_the_doctor_is_away_the_backup_comes_first(floor: Floor, writers: Writers) -> None:
    backup = await floor.doctor()
    await writers.published(
        await writers.place("practitioner", writers.practitioner),
        text="Je rappelle à midi",
        urgent_contacts=[{"role": "self", "channel": "phone"}, {"role": "backup", "channel": "sms"}],
        absence={"text": "Remplacé", "backup_practitioner_id": str(backup)},
    )
    agent = await floor.agent()
    call_id = await floor.talking(agent, practitioner_id=writers.practitioner)
    until = clock.now() + timedelta(days=3)
    async with floor.http(floor.telesecretary(agent)) as desk:
        there = (await desk.post(f"/v1/calls/{call_id}/instructions", json={})).json()
        assert (there["absence"], there["urgent_contacts"][0]["role"]) == (None, "self")
        await floor.insert(
            "absence_ref",
            {
                "absence_id": new_id(),
                "organisation_id": floor.centre,
                "practitioner_id": writers.practitioner,
                "during": asyncpg.Range(clock.now() - timedelta(hours=1), until),
                "state": "active",
                "version": 1,
            },
        )
        away = (await desk.post(f"/v1/calls/{call_id}/instructions", json={})).json()
        assert (away["absence"]["text"], away["absence"]["backup_practitioner_id"]) == ("Remplacé", str(backup))
        assert [contact["role"] for contact in away["urgent_contacts"]] == ["backup", "self"]
        await floor.connection.execute("DELETE FROM absence_ref")
        proof = (await desk.get(f"/v1/instruction-displays/{away['display_id']}")).json()
        assert (proof["intact"], proof["absence"]) == (True, away["absence"])


async def test_others_desks_clients_and_firms(floor: Floor, writers: Writers) -> None:
    place = await writers.place("client", floor.client_id)
    await writers.published(place, text="Du centre")
    agent, other = await floor.agent(), await floor.agent("poste 2")
    unassigned = await floor.agent("poste 3", assigned=False)
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        shown = (await desk.post(f"/v1/calls/{call_id}/instructions", json={})).json()
    path = f"/v1/instruction-displays/{shown['display_id']}"
    async with floor.http(floor.telesecretary(other)) as desk:
        assert (await desk.post(f"/v1/calls/{call_id}/instructions", json={})).json()["code"] == "NOT_YOUR_CALL"
        assert (await desk.post(f"{path}/acknowledge")).json()["code"] == "NOT_YOUR_CALL"
    for caller in (floor.telesecretary(unassigned), floor.stranger("manager")):
        async with floor.http(caller) as stranger:
            assert (await stranger.get(place)).status_code == 404
            assert (await stranger.get(path)).status_code == 404
            assert (await stranger.get("/v1/instructions")).json()["items"] == []
            asked = await stranger.post("/v1/instructions/resolve", json={"client_id": str(floor.client_id)})
            assert asked.status_code == 404


async def test_a_call_is_not_finished_before_its_agent_has_read_what_is_new_to_her(
    floor: Floor, writers: Writers
) -> None:
    await writers.published(await writers.place("client", floor.client_id), text="Nouveau")
    first, second = await floor.agent(), await floor.agent("poste 2", presence="online")
    call_id = await floor.talking(first)
    async with floor.http(floor.telesecretary(first)) as desk:
        await desk.post(f"/v1/calls/{call_id}/instructions", json={})
    await floor.connection.execute("UPDATE call SET agent_id = $2 WHERE id = $1", call_id, second)
    async with floor.http(floor.telesecretary(second)) as desk:
        shown = (await desk.post(f"/v1/calls/{call_id}/instructions", json={})).json()
        await floor.connection.execute("UPDATE call SET state = 'wrapping' WHERE id = $1", call_id)
        finish = {"act": "finish", "outcome": "information"}
        refused = (await desk.post(f"/v1/calls/{call_id}/wrap-up", json=finish)).json()
        assert (refused["code"], refused["display_id"]) == ("INSTRUCTION_NOT_ACKNOWLEDGED", shown["display_id"])
        await desk.post(f"/v1/instruction-displays/{shown['display_id']}/acknowledge")
        done = await desk.post(f"/v1/calls/{call_id}/wrap-up", json=finish)
        assert done.json()["state"] == "completed", "what the first agent has not read does not hold the second"


async def test_what_is_new_is_read_between_two_calls_and_no_call_asks_again(floor: Floor, writers: Writers) -> None:
    place = await writers.place("practitioner", writers.practitioner, writers.doctor)
    first = await writers.published(place, text="Version une")
    drafted = await writers.draft(place, writers.doctor, text="Pas encore")
    agent = await floor.agent()
    async with floor.http(floor.telesecretary(agent)) as desk, floor.http(floor.telesecretary(new_id())) as other:
        [item] = (await desk.get("/v1/instructions/unread")).json()["items"]
        assert (item["version_id"], item["text"], item["number"]) == (of(first), "Version une", 1)
        assert (await desk.post(f"{drafted}/acknowledge")).status_code == 404
        assert (await other.post(f"{first}/acknowledge")).status_code == 404, "she serves another client"
        for _ in range(2):
            assert (await desk.post(f"{first}/acknowledge")).status_code == 204
        assert (await desk.get("/v1/instructions/unread")).json()["items"] == []
        assert (await desk.get("/v1/desk")).json()["unread_instructions"] == 0
        call_id = await floor.talking(agent)
        about = {"practitioner_id": str(writers.practitioner)}
        shown = (await desk.post(f"/v1/calls/{call_id}/instructions", json=about)).json()
        assert shown["must_acknowledge"] is False
        [version] = shown["versions"]
        assert (version["id"], version["scope"], version["number"]) == (of(first), "practitioner", 1)
