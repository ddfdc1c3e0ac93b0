"""Who is who and who works where, as the gateway tells it. Whoever may not work any more leaves the desk at once: her
offer is taken back, her call returns to the queue."""

from contracts.gateway import (
    DelegationChanged,
    MembershipChanged,
    OrganisationChanged,
    PersonChanged,
    SessionEnded,
)
from maillage.consumers import Envelope, on
from maillage.database import Tx
from telesecretariat.agents.service import leave
from telesecretariat.copies import queries


async def copy_person(tx: Tx, event: PersonChanged, envelope: Envelope) -> None:
    """Keeps the newest state of a person. Suspended or closed: out."""
    values = (event.person_id, envelope.organisation_id, event.display_name, event.rpps, event.status, event.epoch)
    status = await tx.fetchval(queries.PUT_PERSON, *values)
    if status in ("suspended", "closed"):
        await leave(tx, event.person_id, "suspended")


async def copy_membership(tx: Tx, event: MembershipChanged, envelope: Envelope) -> None:
    """Keeps the newest state of a membership. When none is left to answer calls by: out."""
    await tx.execute(
        queries.PUT_MEMBERSHIP,
        event.membership_id,
        event.organisation_id,
        event.person_id,
        event.role,
        event.valid_from,
        event.valid_to,
        envelope.sequence,
    )
    over = event.valid_to is not None and event.valid_to <= tx.now
    if over and not await tx.fetchval(queries.MAY_ANSWER, event.person_id, tx.now):
        await leave(tx, event.person_id, "membership_ended")


async def copy_organisation(tx: Tx, event: OrganisationChanged, envelope: Envelope) -> None:
    """Keeps the newest name of an organisation; a client has the name of its centre."""
    values = (event.organisation_id, event.kind, event.name, event.active, envelope.sequence)
    if await tx.fetchval(queries.PUT_ORGANISATION, *values) is not None:
        await tx.execute(queries.NAME_CLIENTS, event.organisation_id, event.name)


async def copy_delegation(tx: Tx, event: DelegationChanged, envelope: Envelope) -> None:
    """Keeps the newest extent of a delegation. What it opens is decided at the gateway, with each request."""
    await tx.execute(
        queries.PUT_DELEGATION,
        event.delegation_id,
        event.client_id,
        event.provider_id,
        event.valid_from,
        event.valid_to,
        envelope.sequence,
    )


async def close_desk(tx: Tx, event: SessionEnded, _: Envelope) -> None:
    """Closes the desk that was opened in this session; a desk of a later session stays."""
    if await tx.fetchval(queries.HAS_DESK, event.person_id, event.sid):
        await leave(tx, event.person_id, "signed_out")


CONSUMERS = [
    on(PersonChanged, copy_person),
    on(MembershipChanged, copy_membership),
    on(OrganisationChanged, copy_organisation),
    on(DelegationChanged, copy_delegation),
    on(SessionEnded, close_desk),
]
