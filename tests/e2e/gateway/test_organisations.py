"""Organisations and delegations through the real door: an operator's territory, an administrator's own one, and who may
act for whom (design: gateway 3.2, 4, 8)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from gateway.demo import CENTRE, FIRM, GROUP, HOSPITALS, OPERATOR, SUPPLIER
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk

ORGANISATIONS = "/api/gateway/v1/organisations"
DELEGATIONS = "/api/gateway/v1/delegations"
APPOINTMENTS = "/api/appointments/v1/appointments"
FINESS = {"system": "finess", "value": "710000001"}
SIRET = {"system": "siret", "value": "73282932000074"}


def hospital(login: str = "admin.ch", **more: object) -> dict[str, object]:
    """A new organisation as an operator asks for it."""
    first = {"login": login, "display_name": "Démonstration Hôpital"}
    return {"kind": "hospital", "name": "Hôpital (démonstration)", "administrator": first, **more}


async def types_about(desk: Desk, record: object) -> list[str]:
    """The events about one thing, in order."""
    rows = await desk.sql("SELECT type FROM kit.outbox WHERE subject_id = $1 ORDER BY sequence", record)
    return [row["type"] for row in rows]


async def test_an_operator_opens_an_organisation_and_its_administrator_comes_in(desk: Desk) -> None:
    """The whole territory is listed to the operator; the invited administrator sees the new organisation alone."""
    async with desk.browser("exploitant") as operator, desk.browser() as invited:
        made = await operator.post(ORGANISATIONS, json=hospital(identifiers=[FINESS, SIRET]))
        assert made.status_code == 201, made.text
        organisation = made.json()
        assert organisation["identifiers"] == [FINESS, SIRET]
        listed = {each["id"] for each in (await operator.get(ORGANISATIONS)).json()["items"]}
        known = (CENTRE, FIRM, OPERATOR, GROUP, SUPPLIER, *HOSPITALS)
        assert {*map(str, known), organisation["id"]} == listed
        token = organisation["administrator"]["invitation"]
        password = "trois mésanges bleues"
        assert (await invited.post(f"/auth/invitations/{token}", json={"password": password})).status_code == 200
        assert (await desk.sign_in(invited, "admin.ch", password)).status_code == 200
        await desk.second_factor("admin.ch")
        await desk.refresh(invited)
        (own,) = (await invited.get(ORGANISATIONS)).json()["items"]
        assert (own["id"], own["administrator"]) == (organisation["id"], None)
        assert (await invited.get("/auth/session")).json()["context"]["role"] == "administrator"
    assert await types_about(desk, organisation["id"]) == ["gateway.organisation_changed.v1"]
    audited = await desk.sql("SELECT action FROM kit.audit WHERE organisation_id = $1 ORDER BY id", organisation["id"])
    assert {"organisation_added", "person_added"} <= {row["action"] for row in audited}


async def test_numbers_are_checked_and_belong_to_one_organisation(desk: Desk) -> None:
    """Without key, in another organisation, told twice, and asked for by two at once: one has it."""
    async with desk.browser("exploitant") as operator, desk.browser("administrateur") as admin:
        for wrong in (
            {"system": "finess", "value": "710000002"},
            {"system": "finess", "value": "71000000"},
            {"system": "siret", "value": "73282932000075"},
            {"system": "siren", "value": "732829321"},
        ):
            answer = await operator.post(ORGANISATIONS, json=hospital(identifiers=[wrong]))
            assert (answer.status_code, answer.json()["code"]) == (422, "TEXT_INVALID"), wrong
            assert answer.json()["errors"][0]["pointer"] == "/identifiers/0"
        corsica = {"system": "finess", "value": "2A0000012"}
        twice = await operator.post(ORGANISATIONS, json=hospital(identifiers=[corsica, corsica]))
        assert (twice.status_code, twice.json()["code"]) == (409, "IDENTIFIER_TAKEN")
        both = await asyncio.gather(
            operator.post(ORGANISATIONS, json=hospital(identifiers=[FINESS])),
            admin.patch(f"{ORGANISATIONS}/{CENTRE}", json={"identifiers": [FINESS]}),
        )
        assert sorted(answer.status_code for answer in both) in ([200, 409], [201, 409])
        taken = next(answer for answer in both if answer.status_code == 409).json()
        assert (taken["code"], taken["errors"][0]["pointer"]) == ("IDENTIFIER_TAKEN", "/identifiers/0")
        again = await admin.patch(f"{ORGANISATIONS}/{CENTRE}", json={"identifiers": [SIRET]})
        assert again.status_code == 200, "and one's own number may be said again"
        assert (await admin.patch(f"{ORGANISATIONS}/{CENTRE}", json={"identifiers": [SIRET]})).status_code == 200


async def test_who_may_do_what_to_which_organisation(desk: Desk) -> None:
    """Administrators see and change their own one; only an operator opens and closes, never his own."""
    async with desk.browser("exploitant") as operator, desk.browser("administrateur") as admin:
        cases = [
            (admin, "post", ORGANISATIONS, hospital(), 403, "NOT_ALLOWED"),
            (admin, "patch", f"{ORGANISATIONS}/{FIRM}", {"name": "x"}, 404, "NOT_FOUND"),
            (admin, "patch", f"{ORGANISATIONS}/{CENTRE}", {"active": False}, 403, "NOT_ALLOWED"),
            (operator, "patch", f"{ORGANISATIONS}/{OPERATOR}", {"active": False}, 409, "OWN_ORGANISATION"),
            (operator, "patch", f"{ORGANISATIONS}/{uuid4()}", {"name": "x"}, 404, "NOT_FOUND"),
            (operator, "post", ORGANISATIONS, hospital("administrateur"), 409, "LOGIN_TAKEN"),
            (operator, "post", ORGANISATIONS, hospital(kind="bakery"), 422, "INVALID"),
        ]
        for client, method, path, body, status, code in cases:
            answer = await client.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), (method, path, body, answer.text)
        (own,) = (await admin.get(ORGANISATIONS)).json()["items"]
        assert own["id"] == str(CENTRE)
        stale = await admin.patch(f"{ORGANISATIONS}/{CENTRE}", json={"name": "x"}, headers={"If-Match": '"9"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
    known = list(HOSPITALS)
    assert await desk.sql("SELECT id FROM organisation WHERE kind = 'hospital' AND id <> ALL ($1::uuid[])", known) == []


async def test_a_closed_organisation_is_out_and_an_opened_one_works_again(desk: Desk) -> None:
    """Its sessions end, nobody signs in for it, its rows are out of its provider's reach; opened again, all works."""
    async with desk.browser("exploitant") as operator, desk.browser("accueil") as desk_at_centre:
        async with desk.browser("secretaire1") as provider:
            closed = await operator.patch(f"{ORGANISATIONS}/{CENTRE}", json={"active": False})
            assert (closed.status_code, closed.json()["active"]) == (200, False)
            await soon(lambda: _refused(desk_at_centre, 401))
            await soon(lambda: _reaches(desk, provider, {str(FIRM)}))
            await desk.refresh(desk_at_centre)
            shut = await desk.sign_in(desk_at_centre, "accueil", desk.passwords["accueil"])
            assert (shut.status_code, shut.json()["code"]) == (403, "NO_MEMBERSHIP")
            assert (await operator.patch(f"{ORGANISATIONS}/{CENTRE}", json={"active": True})).status_code == 200
            await soon(lambda: _reaches(desk, provider, {str(FIRM), str(CENTRE)}))
        assert (await desk.sign_in(desk_at_centre, "accueil", desk.passwords["accueil"])).status_code == 200
    payloads = await desk.sql("SELECT payload FROM kit.outbox WHERE subject_id = $1 ORDER BY sequence", CENTRE)
    assert [json.loads(row["payload"])["active"] for row in payloads] == [True, False, True]


async def _refused(client: httpx.AsyncClient, status: int) -> bool:
    return (await client.get(APPOINTMENTS)).status_code == status


async def _reaches(desk: Desk, client: httpx.AsyncClient, organisations: set[str]) -> bool:
    """Whether the token that reached the service named exactly these organisations."""
    await client.get(APPOINTMENTS)
    return set(desk.house.upstream.claims["orgs"]) == organisations


async def _hospital_admin(desk: Desk) -> str:
    """An administrator of a new hospital, who may sign in; returns the hospital's id."""
    async with desk.browser("exploitant") as operator, desk.browser() as invited:
        made = (await operator.post(ORGANISATIONS, json=hospital())).json()
        password = "trois mésanges bleues"
        await invited.post(f"/auth/invitations/{made['administrator']['invitation']}", json={"password": password})
        desk.passwords["admin.ch"] = password
    return str(made["id"])


async def test_the_organisation_whose_rows_they_are_gives_and_either_ends(desk: Desk) -> None:
    """Exact permissions or a whole service; both ends see it; the provider may only shorten; over is over."""
    at = await _hospital_admin(desk)
    async with desk.browser("administrateur") as client, desk.browser("admin.ch") as provider:
        wanted = {"provider_id": at, "permissions": ["appointments:slot.read", "telesecretariat:*"]}
        given = await client.post(DELEGATIONS, json=wanted | {"valid_to": "2099-12-31T00:00:00+01:00"})
        assert given.status_code == 201, given.text
        delegation = given.json()
        path = f"{DELEGATIONS}/{delegation['id']}"
        assert delegation["client_id"] == str(CENTRE)
        seen = (await provider.get(DELEGATIONS)).json()["items"]
        assert [each["id"] for each in seen] == [delegation["id"]]
        assert seen[0]["client_name"].startswith("Centre")
        longer = {"valid_to": "2100-01-01T00:00:00Z"}
        cases = [
            (client, "post", DELEGATIONS, wanted, 409, "DELEGATION_EXISTS"),
            (client, "post", DELEGATIONS, wanted | {"provider_id": str(CENTRE)}, 422, "PROVIDER_UNKNOWN"),
            (client, "post", DELEGATIONS, wanted | {"provider_id": str(uuid4())}, 422, "PROVIDER_UNKNOWN"),
            (client, "post", DELEGATIONS, wanted | {"permissions": ["bakery:*"]}, 422, "PERMISSION_UNKNOWN"),
            (
                client,
                "post",
                DELEGATIONS,
                wanted | {"permissions": ["appointments:no.one"]},
                422,
                "PERMISSION_UNKNOWN",
            ),
            (client, "post", DELEGATIONS, wanted | {"permissions": ["gateway:*"]}, 422, "PERMISSION_UNKNOWN"),
            (client, "post", DELEGATIONS, wanted | {"permissions": []}, 422, "INVALID"),
            (client, "post", DELEGATIONS, wanted | {"valid_to": "2020-01-01T00:00:00Z"}, 422, "TIME_INVALID"),
            (provider, "patch", path, longer, 403, "NOT_ALLOWED"),
        ]
        for who, method, where, body, status, code in cases:
            answer = await who.request(method, where, json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), (body, answer.text)
        stale = await client.patch(path, json=longer, headers={"If-Match": '"7"'})
        assert stale.json()["code"] == "VERSION_STALE"
        assert (await client.patch(path, json=longer, headers={"If-Match": '"1"'})).headers["etag"] == '"2"'
        async with desk.browser("exploitant") as stranger:
            assert (await stranger.patch(path, json=longer)).json()["code"] == "NOT_FOUND"
            assert (await stranger.get(DELEGATIONS)).json()["items"] == []
        over = await provider.patch(path, json={"valid_to": "2020-01-01T00:00:00Z"})
        assert over.status_code == 200
        assert datetime.fromisoformat(over.json()["valid_to"]) <= datetime.now(UTC) + timedelta(seconds=5)
        assert (await client.patch(path, json=longer)).json()["code"] == "WRONG_STATE"
        assert (await client.post(DELEGATIONS, json=wanted)).status_code == 201
    assert await types_about(desk, delegation["id"]) == ["gateway.delegation_changed.v1"] * 3
    audited = await desk.sql("SELECT organisation_id, action FROM kit.audit WHERE record_id = $1", delegation["id"])
    assert len([row for row in audited if row["action"] == "delegation_ended"]) == 4, "one for each side, each time"
    assert {str(row["organisation_id"]) for row in audited} == {str(CENTRE), at}


async def test_a_delegation_that_never_began_is_cancelled(desk: Desk) -> None:
    """It grants nothing before its day, and nothing after it was cancelled."""
    at = await _hospital_admin(desk)
    async with desk.browser("administrateur") as client:
        wanted = {"provider_id": at, "permissions": ["appointments:*"], "valid_from": "2098-01-01T00:00:00Z"}
        given = (await client.post(DELEGATIONS, json=wanted)).json()
        gone = await client.patch(f"{DELEGATIONS}/{given['id']}", json={"valid_to": "2026-01-01T00:00:00Z"})
        assert (gone.status_code, gone.json()["valid_to"]) == (200, given["valid_from"])
        assert (await client.patch(f"{DELEGATIONS}/{given['id']}", json={"valid_to": "2099-01-01T00:00:00Z"})).json()[
            "code"
        ] == "NOT_FOUND"
    rows = await desk.sql("SELECT payload FROM kit.outbox WHERE subject_id = $1 ORDER BY sequence", given["id"])
    last = json.loads(rows[-1]["payload"])
    assert last["valid_to"] == last["valid_from"]


async def test_at_the_end_of_a_delegation_the_providers_reach_ends_and_the_others_go_on(desk: Desk) -> None:
    """Scenario 10: it ends by itself at its instant; the firm's own rows and its other clients' stay reached."""
    at = await _hospital_admin(desk)
    async with desk.browser("secretaire1") as agent, desk.browser("admin.ch") as other:
        firm = {"provider_id": str(FIRM), "permissions": ["appointments:*"]}
        assert (await other.post(DELEGATIONS, json=firm)).status_code == 201
        await soon(lambda: _reaches(desk, agent, {str(FIRM), str(CENTRE), at}))
        await desk.sql(
            """UPDATE delegation SET valid = tstzrange(lower(valid), now() + interval '300 milliseconds')
               WHERE client_id = $1""",
            CENTRE,
        )
        await soon(lambda: _reaches(desk, agent, {str(FIRM), at}))
