"""Signing in, sessions, contexts and the forged requests of other sites (design: gateway 3.3, 3.5, 7)."""

import json
from base64 import urlsafe_b64decode
from uuid import uuid5

from gateway.demo import CENTRE, FIRM
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk

APPOINTMENTS = "/api/appointments/v1/appointments"
HOLDS = "/api/appointments/v1/holds"


def _claims(desk: Desk) -> dict[str, object]:
    token = desk.house.upstream.last["headers"]["authorization"].split(".")[1]
    said: dict[str, object] = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return said


async def test_signing_in_gives_a_session_its_rights_and_its_reach(desk: Desk) -> None:
    """One membership is taken at once; a telesecretary reaches the firm and the centre that delegates to it."""
    async with desk.browser("secretaire1") as client:
        session = (await client.get("/auth/session")).json()
        assert session["kind"] == "professional"
        assert session["context"]["role"] == "telesecretary"
        assert session["permissions"]["appointments:slot.read"] == "d"
        assert (await client.get(APPOINTMENTS)).status_code == 200
        claims = _claims(desk)
    assert claims["kind"] == "professional"
    assert claims["role"] == "telesecretary"
    assert claims["org"] == str(FIRM)
    assert claims["orgs"] == sorted([str(FIRM), str(CENTRE)])
    assert claims["perms"]["appointment.write"] == "d"  # type: ignore[index]
    assert claims["sid"]
    async with desk.browser("accueil") as client:
        await client.get(APPOINTMENTS)
        assert _claims(desk)["orgs"] == [str(CENTRE)]


async def test_the_cookie_is_for_this_site_only_and_the_base_keeps_its_hash(desk: Desk) -> None:
    """HttpOnly, SameSite=Lax, whole site; the secret is in no row; a stolen row opens nothing."""
    async with desk.browser() as client:
        answer = await desk.sign_in(client, "medecin", desk.passwords["medecin"])
        cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("session="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    secret = cookie.partition("=")[2].partition(";")[0]
    rows = await desk.sql("SELECT encode(id_hash, 'hex') AS hash, sid FROM session")
    assert all(secret not in (row["hash"], row["sid"]) for row in rows)
    async with desk.house.browser(Cookie=f"session={rows[0]['hash']}") as client:
        assert (await client.get(APPOINTMENTS)).json()["code"] == "SESSION_ENDED"


async def test_unknown_login_wrong_password_and_suspended_person_get_one_answer(desk: Desk) -> None:
    """The body is the same but for its reference; the base counts all three alike."""
    await desk.sql("UPDATE person SET status = 'suspended' WHERE login = 'infirmier'")
    bodies = set()
    async with desk.browser() as client:
        for login, password in (
            ("nobody-of-that-name", "a password of some length"),
            ("medecin", "a password of some length"),
            ("infirmier", desk.passwords["infirmier"]),
        ):
            answer = await desk.sign_in(client, login, password)
            assert answer.status_code == 401
            body = {name: value for name, value in answer.json().items() if name != "instance"}
            bodies.add(json.dumps(body, sort_keys=True))
            assert login not in answer.text
    assert len(bodies) == 1
    assert [row["failures"] for row in await desk.sql("SELECT failures FROM sign_in_guard")] == [1, 1, 1]
    audit = await desk.sql("SELECT facts, organisation_id FROM kit.audit WHERE action = 'sign_in_refused'")
    assert len(audit) == 3
    assert len({(row["facts"], row["organisation_id"]) for row in audit}) == 1, "the audit tells them apart by id only"
    tries = await desk.sql("SELECT use_name, sum(n)::int AS n FROM attempt_count GROUP BY use_name ORDER BY use_name")
    assert [(row["use_name"], row["n"]) for row in tries] == [("sign-in", 3), ("sign-in failures", 3)]


async def test_five_failures_lock_a_login_whether_it_exists_or_not(desk: Desk) -> None:
    """429 with the time to wait, even for the right password; other logins are not concerned."""
    async with desk.browser() as client:
        for login in ("auditeur", "nobody-of-that-name"):
            for _ in range(5):
                assert (await desk.sign_in(client, login, "wrong but long enough")).status_code == 401
            slowed = await desk.sign_in(client, login, desk.passwords.get(login, "wrong but long enough"))
            assert (slowed.status_code, slowed.json()["code"]) == (429, "SIGN_IN_SLOWED")
            assert 290 <= int(slowed.headers["retry-after"]) <= 301
        assert (await desk.sign_in(client, "medecin", desk.passwords["medecin"])).status_code == 200
    await desk.sql("UPDATE sign_in_guard SET locked_until = now() - interval '1 second'")
    async with desk.browser("auditeur") as client:
        assert (await client.get("/auth/session")).json()["kind"] == "professional"


async def test_requests_that_another_site_made_are_refused(desk: Desk) -> None:
    """No token, another session's token, a foreign or null origin; a form's origin decides before its field does."""
    async with desk.browser("accueil") as mine, desk.browser("medecin") as other:
        right = mine.headers["X-CSRF-Token"]
        theirs = other.headers["X-CSRF-Token"]
        before = len(desk.house.upstream.requests)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        cases = [
            ("post", HOLDS, {"X-CSRF-Token": ""}),
            ("post", HOLDS, {"X-CSRF-Token": theirs}),
            ("post", HOLDS, {"X-CSRF-Token": right, "Origin": "null"}),
            ("post", HOLDS, {"X-CSRF-Token": right, "Origin": "https://evil.example"}),
            ("post", HOLDS, {**form, "X-CSRF-Token": "", "Origin": desk.house.url}),
            ("post", "/rdv/identite", {**form, "Origin": "https://evil.example"}),
            ("post", "/rdv/identite", form),
            ("delete", "/auth/session", {"X-CSRF-Token": ""}),
        ]
        for method, path, headers in cases:
            answer = await mine.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "CSRF"), (path, headers)
        assert len(desk.house.upstream.requests) == before
        assert (await mine.post(HOLDS, json={}, headers={"Origin": desk.house.url})).status_code == 200
        own = {**form, "X-CSRF-Token": "", "Origin": desk.house.url}
        assert (await mine.post("/rdv/identite", headers=own)).status_code == 200
        same = {**form, "X-CSRF-Token": "", "Sec-Fetch-Site": "same-origin"}
        assert (await mine.post("/rdv/identite", headers=same)).status_code == 200


async def test_rights_are_the_tables(desk: Desk) -> None:
    """401 for nobody, 403 for a role without the permission; an administrator sees no patient, a doctor no account."""
    async with desk.browser() as client:
        assert (await client.get(APPOINTMENTS)).json()["code"] == "NOT_SIGNED_IN"
        assert (await client.get("/auth/sessions")).json()["code"] == "NOT_SIGNED_IN"
    async with desk.browser("administrateur") as client:
        assert (await client.get(APPOINTMENTS)).json()["code"] == "NOT_ALLOWED"
        assert (await client.get("/api/gateway/v1/persons")).status_code == 200
    async with desk.browser("medecin") as client:
        assert (await client.get("/api/gateway/v1/persons")).json()["code"] == "NOT_ALLOWED"
        assert (await client.post("/api/appointments/v1/directory", json={})).json()["code"] == "NOT_ALLOWED"
    async with desk.house.browser(Authorization="Bearer eyJhbGciOiJub25lIn0.e30.") as client:
        assert (await client.get(APPOINTMENTS)).json()["code"] == "INVALID_TOKEN", "outside, no JWT means anything"
        both = await client.get(APPOINTMENTS, headers={"Cookie": "session=x"})
        assert (both.status_code, both.json()["code"]) == (400, "TWO_CREDENTIALS")


async def test_a_person_with_two_roles_chooses_and_no_act_runs_under_the_wrong_one(desk: Desk) -> None:
    """409 until one is chosen; a tab of the old context is refused; the secret changes with the context."""
    person = (await desk.sql("SELECT id FROM person WHERE login = 'accueil'"))[0]["id"]
    await desk.sql(
        "INSERT INTO membership (id, person_id, organisation_id, role, valid, source)"
        " VALUES ($1, $2, $3, 'supervisor', tstzrange(now(), null), 'admin')",
        uuid5(person, "second"),
        person,
        FIRM,
    )
    async with desk.browser() as client:
        answer = await desk.sign_in(client, "accueil", desk.passwords["accueil"])
        assert answer.json()["next"] == "context"
        await desk.refresh(client)
        assert (await client.get(APPOINTMENTS)).json()["code"] == "CONTEXT_REQUIRED"
        contexts = {each["role"]: each for each in (await client.get("/auth/session")).json()["contexts"]}
        old = client.cookies["session"]
        chosen = contexts["front_desk"]["membership_id"]
        assert (await client.put("/auth/session/context", json={"membership_id": chosen})).status_code == 200
        assert client.cookies["session"] != old
        await desk.refresh(client)
        assert (await client.get(APPOINTMENTS, headers={"Maillage-Context": chosen})).status_code == 200
        before = len(desk.house.upstream.requests)
        stale = {"Maillage-Context": contexts["supervisor"]["membership_id"]}
        answer = await client.post(HOLDS, json={}, headers=stale)
        assert (answer.status_code, answer.json()["code"]) == (409, "CONTEXT_CHANGED")
        assert len(desk.house.upstream.requests) == before
        foreign = (await desk.sql("SELECT id FROM membership WHERE role = 'auditor'"))[0]["id"]
        refused = await client.put("/auth/session/context", json={"membership_id": str(foreign)})
        assert refused.json()["code"] == "NO_MEMBERSHIP"


async def test_a_session_ends_when_it_is_told_to_and_when_rights_are_withdrawn(desk: Desk) -> None:
    """Sign-out, another browser's, a suspended person, a role that ended, the idle and the absolute end."""
    async with desk.browser("responsable") as first, desk.browser("responsable") as second:
        lines = (await first.get("/auth/sessions")).json()["items"]
        assert sorted(line["current"] for line in lines) == [False, True]
        other = next(line["sid"] for line in lines if not line["current"])
        assert (await first.delete(f"/auth/sessions/{other}")).status_code == 204
        assert (await first.delete("/auth/sessions/0123456789abcdef")).json()["code"] == "NOT_FOUND"

        async def refused() -> bool:
            return (await second.get(APPOINTMENTS)).status_code == 401

        await soon(refused)
        assert (await first.delete("/auth/session")).status_code == 204
        assert (await first.get(APPOINTMENTS)).json()["code"] == "NOT_SIGNED_IN"
    for statement in (
        "UPDATE person SET status = 'suspended' WHERE login = 'superviseur'",
        "UPDATE session SET idle_until = now() - interval '1 second'",
        "UPDATE session SET expires_at = now() - interval '1 second'",
    ):
        await desk.sql("UPDATE person SET status = 'active'")
        async with desk.browser("superviseur") as client:
            assert (await client.get(APPOINTMENTS)).status_code == 200
            await desk.sql(statement)

            async def ended() -> bool:
                return (await client.get(APPOINTMENTS)).status_code == 401

            await soon(ended)
    events = await desk.sql("SELECT payload FROM kit.outbox WHERE type = 'gateway.session_ended.v1'")
    assert {json.loads(row["payload"])["reason"] for row in events} == {"ended_by_owner", "signed_out"}


async def test_changing_the_password_asks_the_present_one_and_ends_other_sessions(desk: Desk) -> None:
    """A weak one is refused; afterwards only the new one opens."""
    async with desk.browser("secretaire2") as client, desk.browser("secretaire2") as elsewhere:
        fine = "une phrase que personne ne devine"
        wrong = await client.put("/auth/password", json={"current": "not the present one", "password": fine})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "SIGN_IN_REFUSED")
        current = desk.passwords["secretaire2"]
        for weak in ("short", "motdepasse123", "aaaaaaaaaaaaaa", "secretaire2222"):
            refused = await client.put("/auth/password", json={"current": current, "password": weak})
            assert (refused.status_code, refused.json()["code"]) == (422, "PASSWORD_WEAK"), weak
        assert (await client.put("/auth/password", json={"current": current, "password": fine})).status_code == 204

        async def out() -> bool:
            return (await elsewhere.get(APPOINTMENTS)).status_code == 401

        await soon(out)
        assert (await client.get(APPOINTMENTS)).status_code == 200
    async with desk.browser() as client:
        assert (await desk.sign_in(client, "secretaire2", current)).status_code == 401
        assert (await desk.sign_in(client, "secretaire2", fine)).status_code == 200


async def test_every_sign_in_and_refusal_is_in_the_audit_without_the_login(desk: Desk) -> None:
    """G13: who, when, from where; the login and the password are nowhere in it."""
    async with desk.browser("auditeur") as client:
        await client.get(APPOINTMENTS)
        await desk.sign_in(client, "auditeur", "wrong but long enough")
    rows = await desk.sql("SELECT action, actor, ip, facts FROM kit.audit ORDER BY at")
    assert {"signed_in", "sign_in_refused", "refused.not_allowed"} <= {row["action"] for row in rows}
    signed = next(row for row in rows if row["action"] == "signed_in")
    assert signed["actor"].startswith("visitor:")
    assert signed["ip"] == "127.0.0.1"
    assert "auditeur" not in " ".join(row["facts"] for row in rows)
