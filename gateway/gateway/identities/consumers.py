"""What other services tell of who is to be let in."""

from contracts.appointments import RegulatorChanged
from gateway.identities import service
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def _regulator(tx: Tx, event: RegulatorChanged, envelope: Envelope) -> None:
    identifiers = [(each.system, each.value) for each in event.identifiers]
    await service.regulator_changed(tx, event.regulator_id, identifiers, event.organisation_id, active=event.active)


consumers = [on(RegulatorChanged, _regulator)]
