"""Reads from permanence who is on duty, between two transactions; its events say when, the hour says it anyway.

Where it does not answer, what is known stays until it expires: then a closed line says 15 and its next opening only.
"""

from datetime import datetime, timedelta
from typing import Final, cast

import httpx
import structlog
from pydantic import ValidationError

from contracts.permanence import (
    DutyEvent,
    DutyReassigned,
    GapClosed,
    GapOpened,
    RosterAmended,
    RosterPublished,
    RosterSubmitted,
    SchemeAdopted,
)
from maillage.consumers import Envelope, on
from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.duty import queries
from telesecretariat.duty.answers import OnDuty
from telesecretariat.settings import TelesecretariatSettings

log = structlog.get_logger()
_SELF: Final = system("telesecretariat")
_TIMEOUT_S: Final = 2.0
_LARGEST: Final = 65_536
_TAKEN: Final = timedelta(minutes=1)
_AGAIN: Final = timedelta(hours=1)
_HOLDS: Final = timedelta(hours=12)
"""However far the next change is: a notice that nobody confirms for so long is not told any more."""


async def ask_again(tx: Tx, event: DutyEvent, _: Envelope) -> None:
    """The duty of these sectors may have changed: it is read as soon as possible."""
    await tx.execute(queries.ASK_AGAIN, event.sectors, tx.now)


async def read_due(database: Database) -> None:
    """Reads each sector that is due; without an address nothing is asked."""
    url = cast(TelesecretariatSettings, database.settings).on_duty_url
    if url is None:
        return
    sectors, taken_until = await database.run(_SELF, _take)
    if not sectors:
        return
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False) as client:
        for sector in sectors:
            told = await _read(client, url, sector)
            if told is not None:
                await database.run(_SELF, _keep, told, taken_until)


async def _take(tx: Tx) -> tuple[list[str], datetime]:
    until = tx.now + _TAKEN
    rows = await tx.fetch(queries.TAKE, tx.now, until)
    return sorted({row["sector"] for row in rows}), until


async def _read(client: httpx.AsyncClient, url: str, sector: str) -> OnDuty | None:
    try:
        answer = await client.get(url, params={"sector": sector})
        answer.raise_for_status()
        if len(answer.content) > _LARGEST:
            raise ValueError("answer over 64 KiB")
        told = OnDuty.model_validate_json(answer.content)
        if told.sector != sector:
            raise ValueError("answer about another sector")
    except (httpx.HTTPError, ValidationError, ValueError) as wrong:
        log.warning("on-duty not read", sector=sector, error=type(wrong).__name__)
        return None
    return told


async def _keep(tx: Tx, told: OnDuty, taken_until: datetime) -> None:
    parts = [part.model_dump(mode="json", exclude_none=True) for part in told.parts()]
    until = told.holds_until(tx.now + _HOLDS)
    again = max(min(until, tx.now + _AGAIN), tx.now + timedelta(seconds=1))
    await tx.execute(queries.KEEP, told.sector, parts, until, tx.now, taken_until, again)


CONSUMERS = [
    on(kind, ask_again)
    for kind in (
        SchemeAdopted,
        RosterSubmitted,
        RosterPublished,
        RosterAmended,
        DutyReassigned,
        GapOpened,
        GapClosed,
    )
]
