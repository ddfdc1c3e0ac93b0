"""Asking a telephone system: a row in the same transaction, done after its commit by the process that leads."""

import json
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from maillage.database import Tx
from maillage.ids import new_id
from telesecretariat.calls.rows import Call
from telesecretariat.telephony import queries
from telesecretariat.telephony.port import CommandKind
from telesecretariat.vault import vault

LIVES: Final = timedelta(seconds=30)
"""What could not be asked for so long is out of date: its call is looked at again."""
LAST_WORDS: Final = timedelta(minutes=3)
"""What is announced before the line is put down, and putting it down, wait for one another."""


async def ask(tx: Tx, call: Call, kind: CommandKind, **arguments: JsonValue) -> UUID:
    """Asks for one act on a call; the id of the command. Nothing is asked about an observed line.

    Commands of a call are done in the order in which they are asked. No telephone system is ever waited for inside a
    transaction.
    """
    command_id = new_id()
    if call.observed:
        return command_id
    lives = LAST_WORDS if kind in ("announce", "hang_up") else LIVES
    await tx.execute(
        queries.ASK,
        command_id,
        call.organisation_id,
        call.adapter_id,
        call.id,
        kind,
        vault(tx).seal(json.dumps(arguments)),
        tx.now,
        tx.now + lives,
    )
    return command_id
