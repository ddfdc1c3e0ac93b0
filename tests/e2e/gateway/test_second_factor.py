"""Second factors through the real door (design: gateway 3.3, 3.5, 4; invariants G5, G8, G13)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from maillage.testing import Logs, soon
from tests.e2e.gateway.conftest import Desk
from tests.harness.authenticator import Authenticator

APPOINTMENTS = "/api/appointments/v1/appointments"
PERSONS = "/api/gateway/v1/persons"
WRONG = "000000"


async def _enrolled(desk: Desk, login: str = "medecin") -> Authenticator:
    authenticator = Authenticator(desk, login)
    async with desk.house.browser() as client:
        await desk.refresh(client)
        assert (await desk.sign_in(client, login, desk.passwords[login])).status_code == 200
        await desk.refresh(client)
        done = await authenticator.enrol(client)
        assert done.json()["next"] == "done"
    return authenticator


async def _browser(desk: Desk, stack: AsyncExitStack) -> httpx.AsyncClient:
    client = await stack.enter_async_context(desk.house.browser())
    await desk.refresh(client)
    return client


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_password_alone_opens_nothing_once_there_is_an_authenticator(desk: Desk) -> None:
    """No session between the halves; then one with two factors, and a secret that no request before has seen."""
    medecin = await _enrolled(desk)
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await medecin.begin(client)
        waiting = client.cookies["sign-in"]
        assert "session" not in client.cookies
        assert _code(await client.get(APPOINTMENTS)) == (401, "NOT_SIGNED_IN")
        rows = await desk.sql("SELECT encode(id_hash, 'hex') AS hash FROM sign_in")
        assert all(waiting not in row["hash"] for row in rows)
        stranger = await _browser(desk, stack)
        code = await medecin.fresh()
        assert _code(await stranger.post("/auth/totp", json={"code": code})) == (410, "SIGN_IN_EXPIRED")
        done = await client.post("/auth/totp", json={"code": f" {code[:3]}-{code[3:]} "})
        assert (done.status_code, done.json()) == (200, {"next": "done"})
        assert client.cookies["session"] != waiting
        assert "sign-in" not in client.cookies
        await desk.refresh(client)
        session = (await client.get("/auth/session")).json()
        assert (session["kind"], session["acr"]) == ("professional", 2)
        line = (await client.get("/auth/sessions")).json()["items"][0]
        assert (line["amr"], line["acr"], line["current"], line["ip"]) == (["pwd", "otp"], 2, True, "127.0.0.1")
        assert (await client.get(APPOINTMENTS)).status_code == 200
        again = await client.post("/auth/totp", json={"code": await medecin.fresh()})
        assert _code(again) == (410, "SIGN_IN_EXPIRED"), "the half-done sign-in was used"


async def test_a_cookie_that_was_planted_before_is_worth_nothing_after(desk: Desk) -> None:
    """Fixation: neither a session of somebody else nor a known secret goes on after the sign-in."""
    medecin = await _enrolled(desk)
    async with desk.browser("accueil") as attacker, AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        planted = attacker.cookies["session"]
        client.cookies.set("session", planted, domain="127.0.0.1", path="/")
        await desk.refresh(client)
        await medecin.begin(client)
        assert client.cookies["session"] == planted
        assert (await client.post("/auth/totp", json={"code": await medecin.fresh()})).status_code == 200
        assert [cookie.value for cookie in client.cookies.jar if cookie.name == "session"] != [planted]
    async with desk.house.browser(Cookie=f"session={planted}") as thief:
        assert _code(await thief.get(APPOINTMENTS)) == (401, "SESSION_ENDED")


async def test_a_step_works_once_even_when_it_is_typed_twice_at_the_same_time(desk: Desk) -> None:
    """Five browsers with the right password and the same code, at once: one is in. Later ones must wait for the next
    code; one before the last that worked is refused though its time is not over."""
    medecin = await _enrolled(desk)
    async with AsyncExitStack() as stack:
        clients = [await _browser(desk, stack) for _ in range(5)]
        for client in clients:
            await medecin.begin(client)
        code = await medecin.fresh()
        answers = await asyncio.gather(*(client.post("/auth/totp", json={"code": code}) for client in clients))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
        refused = [answer.json()["code"] for answer in answers if answer.status_code == 401]
        assert set(refused) == {"SECOND_FACTOR_REFUSED"}
    signed_in = await desk.sql("SELECT facts FROM kit.audit WHERE action = 'signed_in' AND facts LIKE '%pwd otp%'")
    assert len(signed_in) == 1


async def test_a_recovery_code_works_once_even_at_the_same_time(desk: Desk) -> None:
    """Ten were shown, typed as read; the base keeps none of them."""
    medecin = await _enrolled(desk)
    assert len(set(medecin.recovery_codes)) == 10
    rows = await desk.sql("SELECT encode(code_hmac, 'escape') AS kept FROM recovery_code")
    assert all(code.replace("-", "") not in row["kept"] for row in rows for code in medecin.recovery_codes)
    async with AsyncExitStack() as stack:
        clients = [await _browser(desk, stack) for _ in range(4)]
        for client in clients:
            await medecin.begin(client)
        body = {"code": medecin.recovery_codes[3].replace("-", " ")}
        answers = await asyncio.gather(*(client.post("/auth/recovery", json=body) for client in clients))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        inside = clients[[answer.status_code for answer in answers].index(200)]
        await desk.refresh(inside)
        factors = (await inside.get("/auth/factors")).json()
        assert factors["recovery_codes_left"] == 9
        assert factors["totp_since"]
        made = await inside.post("/auth/recovery-codes")
        assert made.status_code == 200, made.text
        assert made.headers["cache-control"] == "no-store"
        outside = next(client for client in clients if client is not inside)
        old = await outside.post("/auth/recovery", json={"code": medecin.recovery_codes[5]})
        assert _code(old) == (401, "SECOND_FACTOR_REFUSED"), "those before ended"
        new = await outside.post("/auth/recovery", json={"code": made.json()["recovery_codes"][0]})
        assert new.status_code == 200


async def test_five_wrong_codes_end_the_sign_in_and_lock_the_login(desk: Desk) -> None:
    """They count as wrong passwords do: a right password in between does not start the count anew."""
    medecin = await _enrolled(desk)
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await medecin.begin(client)
        for _ in range(4):
            assert _code(await client.post("/auth/totp", json={"code": WRONG})) == (401, "SECOND_FACTOR_REFUSED")
        assert (await desk.sql("SELECT failures FROM sign_in_guard"))[0]["failures"] == 4
        await medecin.begin(client)
        assert _code(await client.post("/auth/recovery", json={"code": "1234-5678-9012"}))[0] == 401
        slowed = await client.post("/auth/totp", json={"code": await medecin.fresh()})
        assert _code(slowed) == (429, "SIGN_IN_SLOWED")
        assert 290 <= int(slowed.headers["retry-after"]) <= 301
        assert _code(await desk.sign_in(client, "medecin", desk.passwords["medecin"])) == (429, "SIGN_IN_SLOWED")
        await desk.sql("UPDATE sign_in_guard SET locked_until = NULL, failures = 0")
        await medecin.begin(client)
        for _ in range(5):
            assert _code(await client.post("/auth/totp", json={"code": WRONG}))[0] == 401
        await desk.sql("UPDATE sign_in_guard SET locked_until = NULL")
        ended = await client.post("/auth/totp", json={"code": await medecin.fresh()})
        assert _code(ended) == (410, "SIGN_IN_EXPIRED"), "five in one sign-in end it"
        await medecin.sign_in(client)
        assert await desk.sql("SELECT 1 FROM sign_in_guard") == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sign_in SET expires_at = now() - interval '1 second'",
        "UPDATE person SET status = 'suspended' WHERE login = 'medecin'",
    ],
)
async def test_a_half_done_sign_in_does_not_outlive_its_time_or_its_person(desk: Desk, change: str) -> None:
    """After 5 minutes, or when the person was suspended in between, it begins anew."""
    medecin = await _enrolled(desk)
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await medecin.begin(client)
        await desk.sql(change)
        done = await client.post("/auth/totp", json={"code": await medecin.fresh()})
        assert _code(done) == (410, "SIGN_IN_EXPIRED")


async def test_where_a_second_factor_is_required_it_is_enrolled_before_anything_else(
    opened: Callable[..., Awaitable[Desk]],
) -> None:
    """The password leads to the enrolment and nowhere else; its first code opens the session, shows ten codes."""
    desk = await opened(second_factor="required")
    accueil = Authenticator(desk, "accueil")
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        answer = await desk.sign_in(client, "accueil", desk.passwords["accueil"])
        assert answer.json() == {"next": "enrol"}
        assert _code(await client.get(APPOINTMENTS)) == (401, "NOT_SIGNED_IN")
        assert _code(await client.post("/auth/totp", json={"code": WRONG})) == (410, "SIGN_IN_EXPIRED")
        assert _code(await client.post("/auth/totp-enrolment/confirm", json={"code": WRONG})) == (409, "NO_ENROLMENT")
        made = (await client.post("/auth/totp-enrolment")).json()
        assert made["uri"].startswith("otpauth://totp/Maillage:accueil?")
        assert made["qr"].startswith("data:image/svg+xml")
        wrong = await client.post("/auth/totp-enrolment/confirm", json={"code": WRONG})
        assert _code(wrong) == (401, "SECOND_FACTOR_REFUSED")
        done = await accueil.enrol(client)
        assert done.json()["next"] == "done"
        assert len(accueil.recovery_codes) == 10
        assert (await client.get("/auth/session")).json()["acr"] == 2
        assert (await client.get(APPOINTMENTS)).status_code == 200
        late = await client.post("/auth/totp-enrolment/confirm", json={"code": accueil.code()})
        assert _code(late) == (409, "NO_ENROLMENT"), "it was confirmed already"
    async with AsyncExitStack() as stack:
        await accueil.sign_in(await _browser(desk, stack))
        stranger = await _browser(desk, stack)
        assert _code(await stranger.post("/auth/totp-enrolment")) == (410, "SIGN_IN_EXPIRED")


async def test_an_authenticator_of_ones_own_asks_a_fresh_proof(desk: Desk) -> None:
    """The first one shortly after the password; another one after a fresh second factor, and the old one works until
    the new one is confirmed. The person's other sessions end."""
    async with AsyncExitStack() as stack:
        client, elsewhere = await _browser(desk, stack), await _browser(desk, stack)
        for each in (client, elsewhere):
            await desk.sign_in(each, "medecin", desk.passwords["medecin"])
            await desk.refresh(each)
        assert _code(await client.post("/auth/step-up", json={"code": WRONG})) == (409, "NO_SECOND_FACTOR")
        assert _code(await client.post("/auth/recovery-codes")) == (403, "STEP_UP_REQUIRED")
        await _age(desk, 16)
        await _comes(client, "POST", "/auth/totp-enrolment", 403, "SIGN_IN_AGAIN")
        await desk.sql("UPDATE session SET auth_time = now()")
        await _comes(client, "POST", "/auth/totp-enrolment", 200)
        first = Authenticator(desk, "medecin")
        await first.enrol(client)
        sessions = await desk.sql("SELECT acr, end_reason FROM session ORDER BY ended_at NULLS FIRST")
        assert [row["end_reason"] for row in sessions] == [None, "replaced"]
        await _age(desk, 16)
        await _comes(client, "POST", "/auth/totp-enrolment", 403, "STEP_UP_REQUIRED")
        stepped = await client.post("/auth/step-up", json={"code": await first.fresh()})
        assert (stepped.status_code, stepped.json()) == (200, {"next": "done"})
        made = await client.post("/auth/totp-enrolment")
        assert made.status_code == 200
        await first.sign_in(await _browser(desk, stack))
        second = Authenticator(desk, "medecin")
        await second.enrol(client)
        later = await _browser(desk, stack)
        await desk.sign_in(later, "medecin", desk.passwords["medecin"])
        assert _code(await later.post("/auth/totp", json={"code": await first.fresh()}))[0] == 401
        assert (await later.post("/auth/totp", json={"code": await second.fresh()})).status_code == 200


async def _age(desk: Desk, minutes: int) -> None:
    await desk.sql("UPDATE session SET auth_time = auth_time - $1 * interval '1 minute'", minutes)


async def _comes(client: httpx.AsyncClient, method: str, path: str, status: int, code: str | None = None) -> None:
    """Waits until the door, which remembers sessions for half a second, answers so."""

    async def answered() -> bool:
        answer = await client.request(method, path)
        return answer.status_code == status and (code is None or answer.json()["code"] == code)

    await soon(answered)


async def test_stepping_up_renews_the_factor_and_is_not_a_place_to_guess(desk: Desk) -> None:
    """Acts of administration ask for it: 403, then the code, then the same request; five failures lock this session's
    step-up but not the sign-in, and the lock of strangers does not touch it."""
    admin = await _enrolled(desk, "administrateur")
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await admin.sign_in(client)
        await _age(desk, 16)
        await _comes(client, "POST", "/auth/recovery-codes", 403, "STEP_UP_REQUIRED")
        wanted = {"login": "nouvelle", "display_name": "Démonstration Nouvelle", "role": "nurse"}
        refused = await client.post(PERSONS, json=wanted)
        assert _code(refused) == (403, "STEP_UP_REQUIRED")
        assert refused.json()["max_age"] == 900
        assert (await client.get(PERSONS)).status_code == 200, "reading asks for none"
        stranger = await _browser(desk, stack)
        for _ in range(5):
            await desk.sign_in(stranger, "administrateur", "wrong but long enough")
        assert (await client.post("/auth/step-up", json={"code": await admin.fresh()})).status_code == 200
        assert (await client.post(PERSONS, json=wanted)).status_code == 201
        used = await client.post("/auth/step-up", json={"code": admin.code()})
        assert _code(used) == (401, "SECOND_FACTOR_REFUSED"), "a step works once, here too"
        for _ in range(4):
            assert _code(await client.post("/auth/step-up", json={"code": WRONG}))[0] == 401
        slowed = await client.post("/auth/step-up", json={"code": await admin.fresh()})
        assert _code(slowed) == (429, "SIGN_IN_SLOWED")


async def test_a_changed_password_asks_the_factor_and_ends_what_was_begun_with_the_old_one(desk: Desk) -> None:
    """Step-up first; then other sessions and half-done sign-ins are out."""
    medecin = await _enrolled(desk)
    fine = "une phrase que personne ne devine"
    body = {"current": desk.passwords["medecin"], "password": fine}
    async with AsyncExitStack() as stack:
        client, half = await _browser(desk, stack), await _browser(desk, stack)
        await medecin.sign_in(client)
        await medecin.begin(half)
        await _age(desk, 16)
        await _comes(client, "POST", "/auth/recovery-codes", 403, "STEP_UP_REQUIRED")
        assert _code(await client.put("/auth/password", json=body)) == (403, "STEP_UP_REQUIRED")
        assert (await client.post("/auth/step-up", json={"code": await medecin.fresh()})).status_code == 200
        assert (await client.put("/auth/password", json=body)).status_code == 204
        assert _code(await half.post("/auth/totp", json={"code": await medecin.fresh()})) == (410, "SIGN_IN_EXPIRED")
        await medecin.sign_in(half, fine)


async def test_the_audit_tells_each_step_and_no_log_holds_a_secret(desk: Desk, log_capture: Logs) -> None:
    """G13 and G8: what happened, by which method; no code, secret, password or cookie anywhere."""
    medecin = await _enrolled(desk)
    async with AsyncExitStack() as stack:
        client = await _browser(desk, stack)
        await medecin.begin(client)
        await client.post("/auth/totp", json={"code": WRONG})
        code = await medecin.fresh()
        assert (await client.post("/auth/totp", json={"code": code})).status_code == 200
        await desk.refresh(client)
        await client.post("/auth/step-up", json={"code": await medecin.fresh()})
        await client.post("/auth/recovery-codes")
        cookie = client.cookies["session"]
    rows = await desk.sql("SELECT action, facts FROM kit.audit ORDER BY at, id")
    told = [row["action"] for row in rows]
    for action in (
        "signed_in",
        "second_factor_enrolled",
        "second_factor_refused",
        "stepped_up",
        "recovery_codes_made",
    ):
        assert action in told, action
    methods = [json.loads(row["facts"]).get("method") for row in rows if row["action"] == "signed_in"]
    assert methods == ["pwd", "pwd otp"]
    kept = " ".join(row["facts"] for row in rows) + log_capture.text
    for secret in (medecin.secret, code, cookie, desk.passwords["medecin"], *medecin.recovery_codes):
        assert secret not in kept


async def test_too_many_tries_are_slowed_by_login_and_by_address(opened: Callable[..., Awaitable[Desk]]) -> None:
    """So many a minute for one login and device, right ones too; failures of one address, successes never: a hospital
    is one address. A known device is stopped neither by what strangers do nor by the address."""
    desk = await opened(sign_ins_per_minute=3, sign_in_failures_per_address_hour=4)
    wrong = "wrong but long enough"
    async with AsyncExitStack() as stack:
        own, other = await _browser(desk, stack), await _browser(desk, stack)
        assert (await desk.sign_in(own, "medecin", desk.passwords["medecin"])).status_code == 200
        await desk.refresh(own)
        assert (await desk.sign_in(other, "medecin", wrong)).status_code == 401
        assert (await desk.sign_in(other, "medecin", wrong)).status_code == 401
        slowed = await desk.sign_in(other, "medecin", desk.passwords["medecin"])
        assert _code(slowed) == (429, "SIGN_IN_SLOWED"), "the fourth from unknown devices"
        assert 1 <= int(slowed.headers["retry-after"]) <= 72
        for login in ("accueil", "infirmier", "responsable"):
            stranger = await _browser(desk, stack)
            assert (await desk.sign_in(stranger, login, desk.passwords[login])).status_code == 200
        for login in ("a-first-stranger", "a-second-stranger"):
            assert (await desk.sign_in(other, login, wrong)).status_code == 401
        slowed = await desk.sign_in(other, "secretaire1", desk.passwords["secretaire1"])
        assert _code(slowed) == (429, "SIGN_IN_SLOWED"), "the fifth failure of this address"
        assert 3_000 < int(slowed.headers["retry-after"]) <= 3_612
        assert (await desk.sign_in(own, "medecin", desk.passwords["medecin"])).status_code == 200
        await desk.sql("UPDATE attempt_count SET window_at = window_at - interval '61 minutes'")
        assert (await desk.sign_in(other, "secretaire1", desk.passwords["secretaire1"])).status_code == 200
