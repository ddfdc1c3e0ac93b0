"""The message box of a development installation: takes every mail, text and call, sends none, shows the last 200.

Texts come as mail to `<number>@sms.localhost`, calls to `<number>@voice.localhost` (see `messages.sms_by_smtp`).
"""

import asyncio
import email
import email.policy
import html
import threading
from collections import deque
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Literal

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from maillage.clock import now
from maillage.ids import new_id

_KEPT = 200
_LOCAL = {"@sms.localhost": "sms", "@voice.localhost": "voice"}
_SHOWN = {"sms": "SMS", "voice": "Appel vocal", "email": "Courriel"}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:1rem auto;padding:0 1rem}"
    "article{border:1px solid #767676;border-radius:.5rem;padding:.5rem 1rem;margin:1rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
)


class Received(BaseModel):
    """One message as it came. `to` is the number for a text or a call; `at` is RFC 3339, UTC; `calendar` the calendar
    file of a mail that has one.
    """

    channel: Literal["sms", "voice", "email"]
    to: str
    subject: str
    body: str
    message_id: str
    at: str
    calendar: str | None = None


class Box:
    """The messages received, newest first, in memory and as `.eml` files where a directory is given. Thread-safe."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._changed = threading.Condition()
        self._received: deque[Received] = deque(maxlen=_KEPT)
        for file in sorted(directory.glob("*.eml"))[-_KEPT:] if directory else []:
            self._received.appendleft(_read(file.read_bytes()))

    @property
    def messages(self) -> list[Received]:
        """What came, newest first."""
        with self._changed:
            return list(self._received)

    def add(self, mail: bytes) -> None:
        """Keep one mail. Beyond 200 the oldest goes, its file too."""
        if self._directory:
            self._directory.mkdir(parents=True, exist_ok=True)
            (self._directory / f"{new_id()}.eml").write_bytes(mail)
            for old in sorted(self._directory.glob("*.eml"))[:-_KEPT]:
                old.unlink(missing_ok=True)
        with self._changed:
            self._received.appendleft(_read(mail))
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget what came."""
        with self._changed:
            self._received.clear()

    def wait(self, to: str, *, seconds: float = 10, skip: int = 0, channel: str | None = None) -> Received:
        """The newest message for this number or address (by this channel), as soon as there are more than `skip` of
        them.

        Raises TimeoutError. From a coroutine: `await asyncio.to_thread(box.wait, number)`.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._to(to, channel)) > skip, seconds):
                raise TimeoutError("no such message came")
            return self._to(to, channel)[0]

    def _to(self, to: str, channel: str | None) -> list[Received]:
        return [each for each in self._received if each.to == to and channel in (None, each.channel)]

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Called by aiosmtpd when a mail is complete."""
        content = envelope.content or b""
        await asyncio.to_thread(self.add, content if isinstance(content, bytes) else content.encode())
        return "250 kept"


def _read(raw: bytes) -> Received:
    mail = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    to = str(mail["To"] or "")
    ending = next((ending for ending in _LOCAL if to.endswith(ending)), "")
    text = mail.get_body(("plain",))
    return Received.model_validate(
        {
            "channel": _LOCAL.get(ending, "email"),
            "to": to.removesuffix(ending),
            "subject": str(mail["Subject"] or ""),
            "body": text.get_content().replace("\r\n", "\n").rstrip("\n") if text else "",
            "message_id": str(mail["Message-ID"] or ""),
            "at": str(mail["Date"].datetime.isoformat()) if mail["Date"] else now().isoformat(),
            "calendar": next(map(_text, filter(_is_calendar, mail.iter_attachments())), None),
        }
    )


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() == "text/calendar"


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""


def page(box: Box) -> Starlette:
    """The box as a page without script, and as JSON at `/messages.json`."""

    async def show(_request: Request) -> Response:
        articles = "".join(_article(message) for message in box.messages) or "<p>Aucun message pour le moment.</p>"
        return HTMLResponse(
            '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Boîte à messages</title><style>{_STYLE}</style><main><h1>Boîte à messages</h1>"
            "<p>Démonstration : rien ne part vers l’extérieur. Rechargez la page pour voir les nouveaux messages.</p>"
            f"{articles}</main></html>",
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )

    async def as_json(_request: Request) -> Response:
        return JSONResponse([message.model_dump() for message in box.messages], headers={"Cache-Control": "no-store"})

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ready"})

    return Starlette(
        routes=[Route("/", show), Route("/messages.json", as_json), Route("/healthz", alive), Route("/readyz", alive)]
    )


def _article(message: Received) -> str:
    kind, to, at = _SHOWN[message.channel], html.escape(message.to), html.escape(message.at[:19].replace("T", " "))
    subject = f"<h2>{html.escape(message.subject)}</h2>" if message.channel == "email" else ""
    return (
        f"<article><p><strong>{kind}</strong> à {to}, {at}</p>{subject}<pre>{html.escape(message.body)}</pre></article>"
    )


async def serve(smtp_port: int, http_port: int, directory: Path | None) -> None:
    """Run both doors on 127.0.0.1 until SIGINT or SIGTERM."""
    box = Box(directory)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(box, loop=loop, ident="maillage", enable_SMTPUTF8=True), "127.0.0.1", smtp_port
    )
    async with smtp:
        config = uvicorn.Config(page(box), host="127.0.0.1", port=http_port, log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()
