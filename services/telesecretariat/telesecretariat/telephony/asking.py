"""Asking a telephone system: a row in the same transaction, done after its commit by the process that leads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, cast
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
        arguments.get("consult") is True,
    )
    return command_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was asked. Numbers are in its arguments: they are not shown. `consult`: it rings a colleague
    who has not taken the call over."""

    id: UUID
    call_id: UUID | None
    kind: CommandKind
    arguments: Mapping[str, JsonValue] = field(repr=False)
    consult: bool = False

    @property
    def purpose(self) -> str:
        """Why somebody else is rung: `emergency`, `consult`, `callback`; `transfer` for a cold one."""
        return "transfer" if self.kind == "transfer" else str(self.arguments.get("purpose", ""))


async def asked(tx: Tx, command_id: UUID | None) -> Asked | None:
    """The command of that id; None for one that nobody asked."""
    row = None if command_id is None else await tx.fetchrow(queries.COMMAND, command_id)
    if row is None:
        return None
    return Asked(row["id"], row["call_id"], row["kind"], opened(tx, row["arguments_sealed"]), row["consult"])


def opened(tx: Tx, sealed: bytes) -> Mapping[str, JsonValue]:
    """The arguments of a command."""
    return cast(Mapping[str, JsonValue], json.loads(vault(tx).open(sealed) or "{}"))
