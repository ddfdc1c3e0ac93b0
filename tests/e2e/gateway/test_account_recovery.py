"""The weakest door: invitations by mail, a reset second factor, temporary access (design: gateway 3.3, 4, 8.3, 10)."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from uuid import UUID, uuid5

import httpx
import pytest

from gateway.demo import FIRM
from maillage.testing import Logs, Mailbox, soon
from tests.e2e.gateway.conftest import Desk
from tests.harness.authenticator import Authenticator

APPOINTMENTS = "/api/appointments/v1/appointments"
PERSONS = "/api/gateway/v1/persons"
MAIL = "nouvelle@exemple.fr"
PASSWORD = "quatre chevaux lents"
NEW = {"login": "nouvelle", "display_name": "Démonstration Nouvelle", "role": "front_desk", "email": MAIL}


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def _browser(desk: Desk, stack: AsyncExitStack) -> httpx.AsyncClient:
    client = await stack.enter_async_context(desk.house.browser())
    await desk.refresh(client)
    return client


async def _person(desk: Desk, login: str) -> UUID:
    person_id: UUID = (await desk.sql("SELECT id FROM person WHERE login = $1", login))[0]["id"]
    return person_id


async def _token(mailbox: Mailbox, to: str, skip: int = 0) -> str:
    mail = await asyncio.to_thread(mailbox.wait, to, skip=skip)
    found = re.search(r"/console/invitation#(\S+)", mail.body)
    assert found, mail.body
    return found[1]


async def test_an_invitation_is_mailed_and_the_account_is_active_with_its_second_factor_only(
    opened: Callable[..., Awaitable[Desk]], mailbox: Mailbox, log_capture: Logs
) -> None:
    """The administrator never sees the link; the address line never holds it; the password alone makes nobody
    active."""
    desk = await opened(second_factor="required", smtp_url=mailbox.url)
    desk.house.running.work()
    nouvelle = Authenticator(desk, "nouvelle")
    async with _administrator(desk) as admin, AsyncExitStack() as stack:
        made = await admin.post(PERSONS, json={**NEW, "language": "en"})
        assert made.status_code == 201, made.text
        assert (made.json()["invitation"], made.json()["invitation_mailed"]) == (None, True)
        token = await _token(mailbox, MAIL)
        assert "Your login: nouvelle" in mailbox.messages[0].body
        client = await _browser(desk, stack)
        weak = await client.post(f"/auth/invitations/{token}", json={"password": "Nouvelle.2026!"})
        assert _code(weak) == (422, "PASSWORD_WEAK")
        first = await client.post(f"/auth/invitations/{token}", json={"password": PASSWORD})
        assert (first.status_code, first.json()) == (200, {"next": "enrol"})
        again = await client.post(f"/auth/invitations/{token}", json={"password": PASSWORD})
        assert _code(again) == (410, "INVITATION_GONE")
        assert await _status(desk) == "invited"
        client.cookies.delete("sign-in")
        assert (await desk.sign_in(client, "nouvelle", PASSWORD)).json() == {"next": "enrol"}, "left in between"
        await nouvelle.enrol(client)
        assert await _status(desk) == "active"
        assert (await client.get(APPOINTMENTS)).status_code == 200
    events = await desk.sql("SELECT payload FROM kit.outbox WHERE type = 'gateway.person_changed.v1' ORDER BY sequence")
    assert [json.loads(row["payload"])["status"] for row in events][-2:] == ["invited", "active"]
    kept = await desk.sql("SELECT token_sealed, state FROM letter")
    assert [(row["token_sealed"], row["state"]) for row in kept] == [(None, "sent")]
    told = " ".join(row["facts"] for row in await desk.sql("SELECT facts FROM kit.audit"))
    for secret in (token, MAIL, PASSWORD, nouvelle.secret):
        assert secret not in log_capture.text + told


async def _status(desk: Desk) -> str:
    status: str = (await desk.sql("SELECT status FROM person WHERE login = 'nouvelle'"))[0]["status"]
    return status


def _administrator(desk: Desk) -> "_Administrator":
    return _Administrator(desk)


class _Administrator:
    """A browser in which the administrator signed in and enrolled an authenticator, where that is required too."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.stack = AsyncExitStack()

    async def __aenter__(self) -> httpx.AsyncClient:
        client = await _browser(self.desk, self.stack)
        await self.desk.sign_in(client, "administrateur", self.desk.passwords["administrateur"])
        await self.desk.refresh(client)
        await Authenticator(self.desk, "administrateur").enrol(client)
        return client

    async def __aexit__(self, *_: object) -> None:
        await self.stack.aclose()


@pytest.fixture
def closed_mailbox() -> Iterator[Mailbox]:
    """A mail server that is away until the test opens it."""
    box = Mailbox()
    yield box
    box.close()


async def test_a_letter_outlives_a_mail_server_that_is_away_and_a_newer_one_overtakes_it(
    opened: Callable[..., Awaitable[Desk]], closed_mailbox: Mailbox
) -> None:
    """Put off, not lost; the token is sealed as long as it waits; of two invitations the newer is sent."""
    desk = await opened(smtp_url=closed_mailbox.url)
    desk.house.running.work()
    async with _administrator(desk) as admin:
        person = (await admin.post(PERSONS, json=NEW)).json()

        async def tried() -> bool:
            return bool(await desk.sql("SELECT 1 FROM letter WHERE tries >= 1 AND state = 'due'"))

        await soon(tried)
        assert (await admin.post(f"{PERSONS}/{person['id']}/invite")).json()["invitation_mailed"] is True
    rows = await desk.sql("SELECT state, token_sealed IS NULL AS gone FROM letter ORDER BY created_at")
    assert [(row["state"], row["gone"]) for row in rows] == [("failed", True), ("due", False)]
    await asyncio.to_thread(closed_mailbox.open)
    await desk.sql("UPDATE letter SET due_at = now() WHERE state = 'due'")
    token = await _token(closed_mailbox, MAIL)
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        assert (await client.post(f"/auth/invitations/{token}", json={"password": PASSWORD})).status_code == 200
        assert (await desk.sign_in(client, "nouvelle", PASSWORD)).json() == {"next": "done"}
    assert len([mail for mail in closed_mailbox.messages if mail.to == MAIL]) == 1


async def test_who_forgot_the_password_still_needs_the_second_factor(desk: Desk) -> None:
    """An invitation opens the password only; sessions of before end."""
    medecin = Authenticator(desk, "medecin")
    person = await _person(desk, "medecin")
    async with desk.browser("medecin") as before, desk.browser("administrateur") as admin, AsyncExitStack() as stack:
        await medecin.enrol(before)
        token = (await admin.post(f"{PERSONS}/{person}/invite")).json()["invitation"]
        clients = [await _browser(desk, stack) for _ in range(3)]
        path = f"/auth/invitations/{token}"
        steps = await asyncio.gather(*(each.post(path, json={"password": PASSWORD}) for each in clients))
        assert sorted(step.status_code for step in steps) == [200, 410, 410], "once, at the same time too"
        step, client = next(each for each in zip(steps, clients, strict=True) if each[0].status_code == 200)
        assert step.json() == {"next": "totp"}
        assert _code(await client.get(APPOINTMENTS)) == (401, "NOT_SIGNED_IN")

        async def out() -> bool:
            return (await before.get(APPOINTMENTS)).status_code == 401

        await soon(out)
        assert (await client.post("/auth/totp", json={"code": await medecin.fresh()})).status_code == 200
        assert (await client.get(APPOINTMENTS)).status_code == 200


async def test_a_reset_removes_every_factor_ends_sessions_and_tells_the_person(
    opened: Callable[..., Awaitable[Desk]], mailbox: Mailbox
) -> None:
    """Authenticator, recovery codes and half-done sign-ins are gone; the person hears of it by mail."""
    desk = await opened(smtp_url=mailbox.url)
    desk.house.running.work()
    await desk.sql("UPDATE person SET email = $1 WHERE login = 'medecin'", MAIL)
    medecin, person = Authenticator(desk, "medecin"), await _person(desk, "medecin")
    async with desk.browser("medecin") as inside, desk.browser("administrateur") as admin, AsyncExitStack() as stack:
        await medecin.enrol(inside)
        half = await _browser(desk, stack)
        await medecin.begin(half)
        path = f"{PERSONS}/{person}/reset-second-factor"
        assert _code(await admin.post(path, json={"reason": "she asked"})) == (422, "INVALID")
        done = await admin.post(path, json={"reason": "lost_device"})
        assert done.status_code == 200, done.text

        async def out() -> bool:
            return (await inside.get(APPOINTMENTS)).status_code == 401

        await soon(out)
        assert _code(await half.post("/auth/totp", json={"code": medecin.code()})) == (410, "SIGN_IN_EXPIRED")
        recovery = await half.post("/auth/recovery", json={"code": medecin.recovery_codes[0]})
        assert _code(recovery) == (410, "SIGN_IN_EXPIRED")
        assert (await desk.sign_in(half, "medecin", desk.passwords["medecin"])).json() == {"next": "done"}
        own = await _person(desk, "administrateur")
        mine = await admin.post(f"{PERSONS}/{own}/reset-second-factor", json={"reason": "other"})
        assert _code(mine) == (409, "OWN_ACCOUNT")
    mail = await asyncio.to_thread(mailbox.wait, MAIL)
    assert mail.subject == "Votre second facteur a été retiré"
    facts = await desk.sql("SELECT facts FROM kit.audit WHERE action = 'second_factor_reset'")
    assert [json.loads(row["facts"]) for row in facts] == [{"reason": "lost_device"}]


async def test_a_temporary_access_opens_the_own_organisation_until_its_end(desk: Desk) -> None:
    """Scenario 3: given for 8 hours with a reason; at the end the code no longer works, its sessions are over, and the
    audit holds both."""
    desk.house.running.work()
    medecin, person = Authenticator(desk, "medecin"), await _person(desk, "medecin")
    await desk.sql(
        "INSERT INTO membership (id, person_id, organisation_id, role, valid, source)"
        " VALUES ($1, $2, $3, 'supervisor', tstzrange(now(), null), 'admin')",
        uuid5(person, "elsewhere"), person, FIRM,
    )  # fmt: skip
    path = f"{PERSONS}/{person}/temporary-access"
    async with desk.browser("medecin") as before, desk.browser("administrateur") as admin, AsyncExitStack() as stack:
        await medecin.enrol(before)
        for wrong in ({"reason": "provider_down", "hours": 9}, {"reason": "provider_down", "hours": 0}, {"hours": 8}):
            assert (await admin.post(path, json=wrong)).status_code == 422
        first = (await admin.post(path, json={"reason": "provider_down", "hours": 8})).json()["code"]
        given = await admin.post(path, json={"reason": "provider_down", "hours": 8})
        assert given.headers["cache-control"] == "no-store"
        code = given.json()["code"]
        assert re.fullmatch(r"\d{5}(-\d{5}){3}", code)
        client = await _browser(desk, stack)
        assert _code(await desk.sign_in(client, "medecin", first)) == (401, "SIGN_IN_REFUSED"), "overtaken"
        assert _code(await desk.sign_in(client, "accueil", code)) == (401, "SIGN_IN_REFUSED"), "somebody else's"
        answer = await desk.sign_in(client, "medecin", code.replace("-", " "))
        assert (answer.status_code, answer.json()) == (200, {"next": "done"})
        await desk.refresh(client)
        session = (await client.get("/auth/session")).json()
        assert session["expires_at"] == given.json()["valid_to"]
        assert [each["role"] for each in session["contexts"]] == ["practitioner"]
        assert (await client.get(APPOINTMENTS)).status_code == 200
        elsewhere = await client.put("/auth/session/context", json={"membership_id": str(uuid5(person, "elsewhere"))})
        assert _code(elsewhere) == (403, "NO_MEMBERSHIP")
        assert _code(await client.post("/auth/totp-enrolment")) == (403, "STEP_UP_REQUIRED")
        assert _code(await client.post("/auth/recovery-codes")) == (403, "STEP_UP_REQUIRED")
        await desk.sql(
            "UPDATE temporary_access SET valid = tstzrange(lower(valid) - interval '8 h',"
            " upper(valid) - interval '8 h')"
        )
        await desk.sql("UPDATE session SET expires_at = expires_at - interval '8 h' WHERE amr = '{temporary}'")

        async def over() -> bool:
            return (await client.get(APPOINTMENTS)).status_code == 401

        await soon(over)
        late = await _browser(desk, stack)
        assert _code(await desk.sign_in(late, "medecin", code)) == (401, "SIGN_IN_REFUSED")

        async def ended() -> bool:
            return bool(await desk.sql("SELECT 1 FROM kit.audit WHERE action = 'temporary_access_ended'"))

        await soon(ended)
    rows = await desk.sql("SELECT facts FROM kit.audit WHERE action = 'temporary_access_given'")
    facts = [json.loads(row["facts"]) for row in rows]
    assert {(each["reason"], each["hours"]) for each in facts} == {("provider_down", 8)}
    assert code not in str(facts)
    kept = await desk.sql("SELECT encode(code_hash, 'escape') AS kept FROM temporary_access")
    assert all(code.replace("-", "") not in row["kept"] for row in kept)


async def test_an_administrator_cannot_take_over_somebody_who_also_works_elsewhere(desk: Desk) -> None:
    """Another organisation's rights are not reached by a changed address or a shown invitation."""
    person = await _person(desk, "medecin")
    await desk.sql(
        "INSERT INTO membership (id, person_id, organisation_id, role, valid, source)"
        " VALUES ($1, $2, $3, 'supervisor', tstzrange(now() + interval '1 day', null), 'admin')",
        uuid5(person, "elsewhere"), person, FIRM,
    )  # fmt: skip
    async with desk.browser("administrateur") as admin:
        for body in ({"email": MAIL}, {"phone": "+33639980001"}, {"rpps": None}):
            assert _code(await admin.patch(f"{PERSONS}/{person}", json=body)) == (409, "SHARED_ACCOUNT"), body
        assert _code(await admin.post(f"{PERSONS}/{person}/invite")) == (409, "SHARED_ACCOUNT")
        assert (await admin.patch(f"{PERSONS}/{person}", json={"display_name": "Autre"})).status_code == 200
        await desk.sql("UPDATE person SET email = $1 WHERE id = $2", MAIL, person)
        mailed = await admin.post(f"{PERSONS}/{person}/invite")
        assert (mailed.status_code, mailed.json()["invitation"]) == (200, None)


async def test_acts_of_administration_ask_a_fresh_second_factor(desk: Desk) -> None:
    """Every write: refused with one factor, whatever its body; reading is not."""
    person = await _person(desk, "infirmier")
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await desk.sign_in(client, "administrateur", desk.passwords["administrateur"])
        await desk.refresh(client)
        assert (await client.get(PERSONS)).status_code == 200
        assert (await client.get("/api/gateway/v1/memberships")).status_code == 200
        acts = [("POST", PERSONS), ("PATCH", f"{PERSONS}/{person}"), ("POST", "/api/gateway/v1/memberships")]
        names = ("invite", "suspend", "reinstate", "close", "reset-second-factor", "temporary-access")
        acts += [("POST", f"{PERSONS}/{person}/{name}") for name in names]
        for method, path in acts:
            assert _code(await client.request(method, path, json={})) == (403, "STEP_UP_REQUIRED"), path
    assert (await desk.sql("SELECT status FROM person WHERE id = $1", person))[0]["status"] == "active"
