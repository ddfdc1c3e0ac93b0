"""Accounts through the real door: an administrator's own organisation, and nothing else (design: gateway 4, 7)."""

import json
from uuid import uuid4

from gateway.demo import CENTRE, FIRM, rpps
from tests.e2e.gateway.conftest import Desk

PERSONS = "/api/gateway/v1/persons"
MEMBERSHIPS = "/api/gateway/v1/memberships"
ORGANISATIONS = "/api/gateway/v1/organisations"
PASSWORD = "quatre chevaux lents"


async def test_an_invited_person_sets_a_password_and_works(desk: Desk) -> None:
    """Created with a role, invited once, signs in; the others hear of it by events without login or address."""
    async with desk.browser("administrateur") as admin:
        wanted = {"login": "nouvelle", "display_name": "Démonstration Nouvelle", "role": "front_desk"}
        made = await admin.post(PERSONS, json={**wanted, "phone": "+33639980044"})
        assert made.status_code == 201, made.text
        person = made.json()
        assert person["status"] == "invited"
        taken = await admin.post(PERSONS, json={**wanted, "login": " NOUVELLE "})
        assert (taken.status_code, taken.json()["code"]) == (409, "LOGIN_TAKEN")
        again = (await admin.post(f"{PERSONS}/{person['id']}/invite")).json()["invitation"]
    async with desk.browser() as client:
        old = await client.post(f"/auth/invitations/{person['invitation']}", json={"password": PASSWORD})
        assert (old.status_code, old.json()["code"]) == (410, "INVITATION_GONE")
        weak = await client.post(f"/auth/invitations/{again}", json={"password": "nouvelle2026"})
        assert weak.json()["code"] == "PASSWORD_WEAK"
        assert (await client.post(f"/auth/invitations/{again}", json={"password": PASSWORD})).status_code == 200
        twice = await client.post(f"/auth/invitations/{again}", json={"password": PASSWORD})
        assert twice.json()["code"] == "INVITATION_GONE"
        assert (await desk.sign_in(client, "Nouvelle", PASSWORD)).status_code == 200
    rows = await desk.sql(
        "SELECT type, payload, organisation_id FROM kit.outbox WHERE payload LIKE $1 ORDER BY sequence",
        f"%{person['id']}%",
    )
    assert {row["organisation_id"] for row in rows} == {CENTRE}, "the centre's administrators hear of it"
    assert [row["type"] for row in rows] == [
        "gateway.person_changed.v1",
        "gateway.membership_changed.v1",
        "gateway.person_changed.v1",
    ]
    assert [json.loads(row["payload"]).get("status") for row in rows] == ["invited", None, "active"]
    assert "+33639980044" not in " ".join(row["payload"] for row in rows)


async def test_an_administrator_reaches_the_own_organisation_only(desk: Desk) -> None:
    """Another organisation's things do not exist; a role it cannot have, his own account: refused."""
    foreign = (await desk.sql("SELECT person_id, id FROM membership WHERE organisation_id = $1", FIRM))[0]
    own = (await desk.sql("SELECT id FROM person WHERE login = 'administrateur'"))[0]["id"]
    nurse = (await desk.sql("SELECT id FROM person WHERE login = 'infirmier'"))[0]["id"]
    async with desk.browser("administrateur") as admin:
        logins = {person["login"] for person in (await admin.get(PERSONS)).json()["items"]}
        assert "medecin" in logins
        assert "secretaire1" not in logins
        organisations = (await admin.get(ORGANISATIONS)).json()["items"]
        assert [each["id"] for each in organisations] == [str(CENTRE)]
        because = {"reason": "left"}
        cases = [
            ("post", f"{PERSONS}/{foreign['person_id']}/suspend", because, 404, "NOT_FOUND"),
            ("post", f"{PERSONS}/{uuid4()}/suspend", because, 404, "NOT_FOUND"),
            ("patch", f"{PERSONS}/{foreign['person_id']}", {"display_name": "x"}, 404, "NOT_FOUND"),
            ("patch", f"{MEMBERSHIPS}/{foreign['id']}", {"valid_to": "2026-12-31T00:00:00+01:00"}, 404, "NOT_FOUND"),
            ("patch", f"{ORGANISATIONS}/{FIRM}", {"name": "x"}, 404, "NOT_FOUND"),
            ("post", f"{PERSONS}/{own}/suspend", because, 409, "OWN_ACCOUNT"),
            ("post", f"{PERSONS}/{nurse}/reinstate", because, 409, "WRONG_STATE"),
            ("post", MEMBERSHIPS, {"person_id": str(nurse), "role": "regulator"}, 422, "ROLE_NOT_FOR_KIND"),
            ("post", MEMBERSHIPS, {"person_id": str(nurse), "role": "nurse"}, 409, "MEMBERSHIP_EXISTS"),
            ("post", MEMBERSHIPS, {"person_id": str(foreign["person_id"]), "role": "nurse"}, 404, "NOT_FOUND"),
            ("patch", f"{PERSONS}/{nurse}", {"rpps": rpps(1)}, 409, "LOGIN_TAKEN"),
            ("patch", f"{PERSONS}/{nurse}", {"rpps": "12345678901"}, 422, "TEXT_INVALID"),
            ("patch", f"{PERSONS}/{nurse}", {"status": "active"}, 422, "FIELD_NOT_ALLOWED"),
            ("post", f"{PERSONS}/{nurse}/suspend", {"reason": "she is ill"}, 422, "INVALID"),
        ]
        for method, path, body, status, code in cases:
            answer = await admin.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), (method, path, body, answer.text)


async def test_a_suspended_person_is_out_and_may_come_back(desk: Desk) -> None:
    """Sessions end with the reason, the epoch grows; a stale version changes nothing; the same key acts once."""
    nurse = (await desk.sql("SELECT id FROM person WHERE login = 'infirmier'"))[0]["id"]
    async with desk.browser("infirmier") as client, desk.browser("administrateur") as admin:
        key = {"Idempotency-Key": "suspension-1"}
        first = await admin.post(f"{PERSONS}/{nurse}/suspend", json={"reason": "left"}, headers=key)
        again = await admin.post(f"{PERSONS}/{nurse}/suspend", json={"reason": "left"}, headers=key)
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert first.headers["etag"] == '"2"'
        stale = await admin.patch(f"{PERSONS}/{nurse}", json={"display_name": "x"}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
        assert (await desk.sign_in(client, "infirmier", desk.passwords["infirmier"])).status_code in (401, 403)
        assert (await admin.post(f"{PERSONS}/{nurse}/reinstate", json={"reason": "mistake"})).status_code == 200
    async with desk.browser("infirmier"):
        pass
    ended = await desk.sql("SELECT end_reason FROM session WHERE person_id = $1 AND ended_at IS NOT NULL", nurse)
    assert [row["end_reason"] for row in ended] == ["suspended"]
    assert (await desk.sql("SELECT epoch FROM person WHERE id = $1", nurse))[0]["epoch"] == 1
