"""What the directory copies from the gateway."""

from appointments.directory import service
from appointments.directory.practitioners import service as practitioners
from contracts.gateway import OrganisationChanged, PersonChanged
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def _person(tx: Tx, event: PersonChanged, envelope: Envelope) -> None:
    await practitioners.know_person(tx, event.person_id, event.rpps, event.status, event.epoch)


async def _organisation(tx: Tx, event: OrganisationChanged, envelope: Envelope) -> None:
    creates = event.active and event.kind == "health_centre"
    await service.copy_name(tx, event.organisation_id, event.name, create=creates)


consumers = [on(PersonChanged, _person), on(OrganisationChanged, _organisation)]
