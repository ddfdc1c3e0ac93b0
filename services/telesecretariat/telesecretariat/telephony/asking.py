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


async def ask(tx: Tx, call: Call, kind: CommandKind, **arguments: JsonValue) -> UUID:
    """Asks for one act on a call; the id of the command. Nothing is asked about an observed line.

    No telephone system is ever waited for inside a transaction.
    """
    command_id = new_id()
    if call.observed:
        return command_id
    sealed = vault(tx).seal(json.dumps(arguments))
    await tx.execute(
        queries.ASK,
        command_id,
        call.organisation_id,
        call.adapter_id,
        call.id,
        kind,
        sealed,
        tx.now,
        tx.now + LIVES,
    )
    return command_id
