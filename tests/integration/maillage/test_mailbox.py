"""The message box shows what came, as what it is, and lets no text become markup."""

from pathlib import Path

import httpx

from maillage.mailbox import Box, page

MAIL = (
    b"From: x@y.example\r\nTo: %b\r\nSubject: =?utf-8?q?Bient=C3=B4t?=\r\nMessage-ID: <r@y.example>\r\n"
    b"Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%b\r\n"
)


def _client(box: Box) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(page(box)), base_url="http://127.0.0.1")


async def test_each_kind_is_shown_as_what_it_is() -> None:
    box = Box()
    for to in (b"+33639980123@sms.localhost", b"+33199000123@voice.localhost", b"a@patient.example"):
        box.add(MAIL % (to, b"Votre code : 123 456"))
    async with _client(box) as client:
        listed = (await client.get("/messages.json")).json()
        shown = (await client.get("/")).text
    assert [(each["channel"], each["to"]) for each in listed] == [
        ("email", "a@patient.example"),
        ("voice", "+33199000123"),
        ("sms", "+33639980123"),
    ]
    assert "<strong>SMS</strong> à +33639980123" in shown
    assert "Bientôt" in shown


async def test_a_message_is_text_never_markup() -> None:
    box = Box()
    box.add(MAIL % (b"a@patient.example", b"<script>alert(1)</script>"))
    async with _client(box) as client:
        answer = await client.get("/")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_last_200_are_kept_over_a_restart(tmp_path: Path) -> None:
    box = Box(tmp_path / "mail")
    for number in range(203):
        box.add(MAIL % (b"a@patient.example", str(number).encode()))
    again = Box(tmp_path / "mail")
    assert [each.body for each in again.messages] == [each.body for each in box.messages]
    assert (len(again.messages), again.messages[0].body, again.messages[-1].body) == (200, "202", "3")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 200


def test_what_is_no_mail_does_no_harm() -> None:
    box = Box()
    box.add(b"\xff\x00 no header at all")
    assert (box.messages[0].channel, box.messages[0].to) == ("email", "")
