"""The worker's part: between two transactions, the provider."""

import asyncio

import structlog

from appointments.messages.sending import service
from appointments.messages.sending.service import Draft
from maillage.database import Database
from maillage.messages import MessagePort, Refused, Unavailable, Unknown, ports
from maillage.principal import system

log = structlog.get_logger()
_WORKER = system("appointments")
_AT_ONCE = 10


async def send_due(database: Database) -> None:
    """Sends all that is due. A timed job: one worker at a time does it."""
    await database.run(_WORKER, service.give_up_lost)
    ways = ports(database.settings)
    while drafts := await database.run(_WORKER, service.claim, database.settings.public_url, _AT_ONCE):
        await asyncio.gather(*(_deliver(database, ways[draft.outgoing.channel], draft) for draft in drafts))


async def _deliver(database: Database, port: MessagePort, draft: Draft) -> None:
    """Hands one message over. Only when the port is sure that nothing left is it tried again."""
    try:
        receipt = await port.send(draft.outgoing)
    except Unavailable as error:
        log.info("message put off", message=str(draft.id), cause=str(error))
        await database.run(_WORKER, service.put_off, draft)
    except Refused as error:
        log.warning("message refused", message=str(draft.id), cause=str(error))
        await database.run(_WORKER, service.settle, draft, "failed", None)
    except Unknown as error:
        log.warning("message unknown", message=str(draft.id), cause=str(error))
        await database.run(_WORKER, service.settle, draft, "unknown", None)
    else:
        await database.run(_WORKER, service.settle, draft, "sent", receipt.provider_id)
