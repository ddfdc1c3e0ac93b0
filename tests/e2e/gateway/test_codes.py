"""Patients' one-time codes through the door and the worker, as JSON and as plain forms (design: gateway 3.6, 7)."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest_asyncio

from maillage.testing import Mailbox
from tests.e2e.gateway.conftest import Desk
from tests.harness.door import House

MOBILE = "+33639980001"
ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest_asyncio.fixture
async def clinic(house: Callable[..., House], admin_of: Callable[[str], str]) -> Desk:
    """A gateway with its worker, which sends the codes."""
    running = house(codes_per_contact_hour=3, codes_per_visitor_hour=50, codes_per_address_hour=200)
    running.running.work()
    return Desk(running, {}, admin_of(running.running.database_url))


async def _code(mailbox: Mailbox, to: str) -> str:
    """The six digits of the SMS; a spoken code for the same number may come before it."""
    message = await asyncio.to_thread(mailbox.wait, to, channel="sms")
    found = re.search(r"\b\d{6}\b", message.body)
    assert found, message.body
    return found[0]


async def _ask(client: httpx.AsyncClient, address: str = MOBILE, channel: str = "sms") -> httpx.Response:
    return await client.post("/auth/codes", json={"channel": channel, "address": address})


async def test_a_right_code_proves_the_contact_to_the_service(clinic: Desk, mailbox: Mailbox) -> None:
    """202 at once; the patient's token carries contact and visitor, so that a hold taken before stays theirs; once
    only."""
    async with clinic.browser() as client:
        before = await client.get("/rdv")
        assert before.status_code == 200
        visitor = _claims(clinic)["visitor"]
        asked = await _ask(client, "06 39 98 00 01")
        assert asked.status_code == 202
        assert set(asked.json()) == {"id", "expires_at", "resend_at"}
        code = await _code(mailbox, MOBILE)
        check = f"/auth/codes/{asked.json()['id']}/check"
        spaced = f" {code[:3]} {code[3:]} ".translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})
        assert (await client.post(check, json={"code": spaced})).json() == {"next": "done"}
        await client.get("/rdv")
        claims = _claims(clinic)
        assert (claims["kind"], claims["role"], claims["visitor"]) == ("patient", "patient", visitor)
        assert claims["contact"] == {"channel": "sms", "value": MOBILE}
        assert claims["orgs"] == "*"
        again = await client.post(check, json={"code": code})
        assert (again.status_code, again.json()["code"]) == (410, "CODE_EXPIRED")
        assert (await client.get("/auth/session")).json()["kind"] == "patient"
    sent = mailbox.messages[-1]
    assert "rendez-vous" not in sent.body.lower()
    assert "santé" not in (sent.body + sent.subject).lower()


async def test_wrong_expired_and_foreign_tries(clinic: Desk, mailbox: Mailbox) -> None:
    """Five tries, ten minutes, the visitor who asked: anything else opens nothing."""
    async with clinic.browser() as client, clinic.browser() as stranger:
        asked = (await _ask(client)).json()
        code = await _code(mailbox, MOBILE)
        check = f"/auth/codes/{asked['id']}/check"
        foreign = await stranger.post(check, json={"code": code})
        assert foreign.json()["code"] == "NOT_FOUND"
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        for left in (4, 3, 2, 1, 0):
            refused = await client.post(check, json={"code": wrong})
            assert (refused.status_code, refused.json()["code"], refused.json()["tries_left"]) == (
                422,
                "CODE_WRONG",
                left,
            )
        sixth = await client.post(check, json={"code": code})
        assert (sixth.status_code, sixth.json()["code"]) == (410, "CODE_EXPIRED")
        asked = (await _ask(client)).json()
        await clinic.sql("UPDATE challenge SET expires_at = now() - interval '1 second'")
        late = await client.post(f"/auth/codes/{asked['id']}/check", json={"code": "123456"})
        assert late.json()["code"] == "CODE_EXPIRED"


async def test_contacts_that_get_no_code(clinic: Desk) -> None:
    """Premium, short, foreign and satellite numbers get nothing; a landline is offered a call or e-mail."""
    async with clinic.browser() as client:
        for channel, address, offered in (
            ("sms", "+882161234567", ["email"]),
            ("sms", "0899 12 34 56", ["email"]),
            ("voice", "3639", ["email"]),
            ("sms", "+1 202 555 0123", ["email"]),
            ("sms", "01 99 00 12 34", ["voice", "email"]),
            ("sms", "", ["email"]),
            ("sms", "0639980001\u0000", ["email"]),
            ("email", "nobody", ["sms", "voice"]),
            ("email", "a@b@example", ["sms", "voice"]),
        ):
            refused = await _ask(client, address, channel)
            assert (refused.status_code, refused.json()["code"]) == (422, "CHANNEL_NOT_POSSIBLE"), address
            assert refused.json()["offered"] == offered, address
        fields = await client.post("/auth/codes", json={"channel": "fax", "address": MOBILE, "x": 1})
        assert fields.status_code == 422
        assert (
            await client.post("/auth/codes", content=b"{", headers={"Content-Type": "application/json"})
        ).status_code in (400, 422)
    assert await clinic.sql("SELECT 1 FROM challenge") == []


async def test_limits_per_contact_visitor_address_and_budget(
    house: Callable[..., House], admin_of: Callable[[str], str]
) -> None:
    """429 with the time to wait; a spent budget pauses SMS and calls, e-mail goes on."""
    running = house(
        codes_per_contact_hour=2, codes_per_visitor_hour=3, codes_per_address_hour=6, phone_codes_per_hour=4
    )
    desk = Desk(running, {}, admin_of(running.running.database_url))
    async with desk.browser() as client:
        assert [(await _ask(client)).status_code for _ in range(3)] == [202, 202, 429]
        slowed = await _ask(client)
        assert slowed.json()["code"] == "CODE_LIMIT"
        assert 3_590 <= int(slowed.headers["retry-after"]) <= 3_600
        assert (await _ask(client, "+33639980002")).status_code == 202
        assert (await _ask(client, "+33639980003")).json()["code"] == "CODE_LIMIT", "the visitor's fourth"
    async with desk.browser() as client:
        assert (await _ask(client, "+33639980004")).status_code == 202
        paused = await _ask(client, "+33639980005")
        assert (paused.status_code, paused.json()["code"]) == (503, "CODE_CHANNEL_PAUSED")
        assert (await _ask(client, "quelquun@exemple.fr", "email")).status_code == 202
    async with desk.browser() as client:
        assert (await _ask(client, "autre@exemple.fr", "email")).status_code == 202
        assert (await _ask(client, "encore@exemple.fr", "email")).json()["code"] == "CODE_LIMIT", (
            "the address's seventh"
        )


async def test_a_code_by_forms_leads_back_to_the_request(clinic: Desk, mailbox: Mailbox) -> None:
    """303 to the code page, which says where it was sent, masked; a wrong code keeps the page; the right one goes
    back."""
    async with clinic.browser() as client:
        form = {"csrf": client.headers.pop("X-CSRF-Token"), "channel": "sms", "address": "06 39 98 00 01"}
        asked = await client.post("/auth/codes", data={**form, "return_to": "/rdv/identite"}, headers=ORIGIN)
        assert asked.status_code == 303, asked.text
        path = asked.headers["location"]
        assert re.fullmatch(r"/auth/codes/[0-9a-f-]{36}", path)
        page = await client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "script-src 'none'" in page.headers["content-security-policy"]
        assert "01" in page.text
        assert "06 39 98 00 01".replace(" ", "\u00a0") not in page.text
        assert MOBILE not in page.text
        assert 'autocomplete="one-time-code"' in page.text
        assert 'href="/rdv/identite"' in page.text
        wrong = await client.post(f"{path}/check", data={"csrf": form["csrf"], "code": "abc"}, headers=ORIGIN)
        assert wrong.status_code == 422
        assert "essai" in wrong.text
        assert (await client.post(f"{path}/check", data={"code": "abc"}, headers=ORIGIN)).status_code == 403
        resent = await client.post(f"{path}/again", data={"csrf": form["csrf"], "channel": "voice"}, headers=ORIGIN)
        assert resent.status_code == 303
        assert resent.headers["location"] != path
        code = await _code(mailbox, MOBILE)
        done = await client.post(f"{path}/check", data={"csrf": form["csrf"], "code": code}, headers=ORIGIN)
        assert (done.status_code, done.headers["location"]) == (303, "/rdv/identite")
        posted = await client.post("/rdv/identite", data={"csrf": form["csrf"]}, headers=ORIGIN)
        assert posted.status_code == 200, "the token of the form that was open before the code still works"
        assert _claims(clinic)["csrf"] == form["csrf"]
        english = await client.get(f"{path}?langue=en", headers={"Accept": "text/html"})
        assert "Type the code you received" in english.text


async def test_forms_go_back_to_our_pages_only_and_keep_what_was_typed(clinic: Desk) -> None:
    """A return address elsewhere is refused; a contact that cannot get a code comes back with its sentence."""
    async with clinic.browser() as client:
        form = {"csrf": client.headers.pop("X-CSRF-Token"), "channel": "sms", "address": "06 39 98 00 01"}
        for target in (
            "https://evil.example",
            "//evil.example",
            "/rdv/../auth",
            "/rdv//evil",
            "/auth/session",
            "/rdvx",
            "/rdv\\x",
        ):
            refused = await client.post("/auth/codes", data={**form, "return_to": target}, headers=ORIGIN)
            assert refused.status_code == 400, target
            assert "location" not in refused.headers
        landline = {**form, "address": "01 99 00 12 34", "return_to": "/rdv/identite"}
        again = await client.post("/auth/codes", data=landline, headers=ORIGIN)
        assert again.status_code == 422
        assert "01 99 00 12 34" in again.text
    assert await clinic.sql("SELECT 1 FROM challenge") == []


async def test_nothing_of_a_contact_is_readable_in_the_base_or_the_logs(
    clinic: Desk, mailbox: Mailbox, log_capture: Any
) -> None:
    """Sealed contact, hashed code, wiped once sent; neither appears in a log line or an event."""
    async with clinic.browser() as client:
        asked = (await _ask(client)).json()
        code = await _code(mailbox, MOBILE)
        await client.post(f"/auth/codes/{asked['id']}/check", json={"code": code})
    rows = await clinic.sql("SELECT row_to_json(c)::text AS text, code_sealed, sending FROM challenge c")
    assert rows[0]["code_sealed"] is None
    everything = " ".join(row["text"] for row in rows)
    everything += " ".join(row["t"] for row in await clinic.sql("SELECT row_to_json(s)::text AS t FROM session s"))
    everything += " ".join(row["t"] for row in await clinic.sql("SELECT facts AS t FROM kit.audit"))
    everything += log_capture.text
    assert "request" in log_capture.text
    for secret in (MOBILE, MOBILE.removeprefix("+"), "639980001", code):
        assert secret not in everything


def _claims(desk: Desk) -> dict[str, Any]:
    token = desk.house.upstream.last["headers"]["authorization"].split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return said
