"""What appointments make of the permanence service's rest windows: facts about a doctor, wherever he works."""

from appointments.rest import service
from contracts.permanence import RestWindowPublished, RestWindowWithdrawn
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def _published(tx: Tx, event: RestWindowPublished, envelope: Envelope) -> None:
    await service.told(tx, event, withdrawn=False)


async def _withdrawn(tx: Tx, event: RestWindowWithdrawn, envelope: Envelope) -> None:
    await service.told(tx, event, withdrawn=True)


consumers = [on(RestWindowPublished, _published), on(RestWindowWithdrawn, _withdrawn)]
