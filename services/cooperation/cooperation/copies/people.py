"""Who is who and works where, as the gateway tells it."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from contracts.gateway import DelegationChanged, MembershipChanged, OrganisationChanged, PersonChanged
from cooperation.copies import queries
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def copy_person(tx: Tx, event: PersonChanged, envelope: Envelope) -> None:
    """Keeps the newest state of a person."""
    values = (event.person_id, envelope.organisation_id, event.display_name, event.status, event.epoch)
    await tx.execute(queries.PUT_PERSON, *values)


async def copy_membership(tx: Tx, event: MembershipChanged, envelope: Envelope) -> None:
    """Keeps the newest state of a membership: a signatory whose membership ended signs no more."""
    span = (event.valid_from, event.valid_to, envelope.sequence)
    values = (event.membership_id, event.organisation_id, event.person_id, event.role, *span)
    await tx.execute(queries.PUT_MEMBERSHIP, *values)


async def copy_organisation(tx: Tx, event: OrganisationChanged, envelope: Envelope) -> None:
    """Keeps the newest name of an organisation."""
    values = (event.organisation_id, event.kind, event.name, event.active, envelope.sequence)
    await tx.execute(queries.PUT_ORGANISATION, *values)


async def copy_delegation(tx: Tx, event: DelegationChanged, envelope: Envelope) -> None:
    """Keeps the newest extent of a delegation. What it opens is decided at the gateway, with each request."""
    span = (event.valid_from, event.valid_to, envelope.sequence)
    await tx.execute(queries.PUT_DELEGATION, event.delegation_id, event.client_id, event.provider_id, *span)


async def holds_role(tx: Tx, person_id: UUID, organisation_id: UUID, roles: Sequence[str]) -> bool:
    """Whether the person has one of these roles there at this instant, by the base's clock."""
    return bool(await tx.fetchval(queries.HOLDS_ROLE, person_id, organisation_id, list(roles), tx.now))


async def holders(tx: Tx, organisation_id: UUID, roles: Sequence[str]) -> list[Record]:
    """Who has one of these roles there at this instant: id and name, by name."""
    return await tx.fetch(queries.HOLDERS, organisation_id, list(roles), tx.now)


CONSUMERS = [
    on(PersonChanged, copy_person),
    on(MembershipChanged, copy_membership),
    on(OrganisationChanged, copy_organisation),
    on(DelegationChanged, copy_delegation),
]
