"""Letters are written in the transaction that makes them true; the worker sends them after COMMIT."""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from gateway.letters import queries
from maillage.database import Tx
from maillage.ids import new_id
from maillage.sealing import Sealer

Kind = Literal["invitation", "second_factor_reset", "temporary_access"]
NEWS: Final = timedelta(days=3)
"""So long it is worth telling what happened."""


async def invite(tx: Tx, sealer: Sealer, person_id: UUID, token: str, lives: timedelta) -> None:
    """The link of an invitation, as long as it works. One that has not left yet is overtaken."""
    await queries.withdraw(tx, "invitation", person_id)
    await queries.add(tx, new_id(), "invitation", person_id, sealer.seal("invitation", token.encode()), lives)


async def tell(tx: Tx, kind: Kind, person_id: UUID) -> None:
    """What an administrator did with the account, so that its owner notices when nobody should have."""
    await queries.add(tx, new_id(), kind, person_id, None, NEWS)
