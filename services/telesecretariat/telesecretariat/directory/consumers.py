"""Facts of the appointments service in, copies out."""

from contracts.appointments import PractitionerChanged, SiteChanged
from maillage.consumers import Envelope, on
from maillage.database import Tx
from telesecretariat.directory import queries


async def copy_site(tx: Tx, event: SiteChanged, envelope: Envelope) -> None:
    """Keeps the newest version of a site."""
    await tx.execute(
        queries.PUT_SITE,
        event.site_id,
        envelope.organisation_id,
        event.name,
        event.finess,
        event.insee_code,
        event.timezone,
        event.active,
        event.version,
    )


async def copy_practitioner(tx: Tx, event: PractitionerChanged, envelope: Envelope) -> None:
    """Keeps the newest version of a practitioner."""
    await tx.execute(
        queries.PUT_PRACTITIONER,
        event.practitioner_id,
        envelope.organisation_id,
        event.rpps,
        event.profession,
        event.display_name,
        event.site_ids,
        event.active,
        event.version,
    )


CONSUMERS = [on(SiteChanged, copy_site), on(PractitionerChanged, copy_practitioner)]
