"""Codes leave: taken by the worker from their rows, so that none is lost and none is sent twice."""

import asyncio
from typing import Final

import structlog

from gateway.codes import queries
from gateway.codes.queries import Row
from gateway.settings import GatewaySettings
from maillage.database import Database
from maillage.messages import MessagePort, NotSent, Outgoing, Unavailable, Unknown, ports
from maillage.principal import system
from maillage.sealing import Sealer
from maillage.words import Language, Words

log = structlog.get_logger()
AT_ONCE: Final = 20
_SYSTEM: Final = system("gateway")
_SUBJECT: Final = Words("Votre code", "Your code")
# Nothing medical: whoever sees the phone learns nothing of why.
_TEXT: Final = Words(
    "Votre code : {code}. Il fonctionne pendant 10 minutes. Ne le donnez à personne.",
    "Your code: {code}. It works for 10 minutes. Do not give it to anyone.",
)
_SPOKEN: Final = Words(
    "Bonjour. Votre code est : {code}. Je répète : {code}. Au revoir.",
    "Hello. Your code is: {code}. I repeat: {code}. Goodbye.",
)


def text(channel: str, code: str, language: Language) -> str:
    """What the person reads or hears; a voice says the digits one by one."""
    if channel == "voice":
        return _SPOKEN.in_(language).format(code=", ".join(code))
    return _TEXT.in_(language).format(code=code).replace(" :", "\u00a0:")


async def send_due(database: Database) -> None:
    """Sends what is due, twenty at a time, until nothing is."""
    settings = database.settings
    assert isinstance(settings, GatewaySettings)
    sealer, ways = Sealer(settings.secret), ports(settings)
    while rows := await database.run(_SYSTEM, queries.take_due, AT_ONCE):
        states = await asyncio.gather(*(_send(ways[row["channel"]], sealer, row) for row in rows))
        for row, state in zip(rows, states, strict=True):
            await database.run(_SYSTEM, queries.sent, row["id"], state)
        if "due" in states:
            return  # the provider is away: again at the next turn


async def _send(port: MessagePort, sealer: Sealer, row: Row) -> str:
    """The state after one attempt. A code that may have been sent is never sent again: the person asks for another."""
    if not row["alive"] or row["code_sealed"] is None:
        return "failed"
    code = sealer.open("code", row["code_sealed"]).decode()
    language: Language = row["language"]
    message = Outgoing(
        channel=row["channel"],
        to=sealer.open("contact", row["contact_sealed"]).decode(),
        subject=_SUBJECT.in_(language),
        body=text(row["channel"], code, language),
        ref=f"code-{row['id']}",
    )
    try:
        await port.send(message)
    except Unavailable:
        return "due"
    except Unknown:
        return "unknown"
    except NotSent as refused:
        log.warning("code not sent", challenge=str(row["id"]), channel=row["channel"], cause=type(refused).__name__)
        return "failed"
    return "sent"
