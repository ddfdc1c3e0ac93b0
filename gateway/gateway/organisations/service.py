"""Use cases about organisations. They run over the whole territory, because a number may belong to one organisation
only; what the caller may see and change is decided here: operators all, others their own."""

from collections.abc import Sequence
from uuid import UUID

from contracts.gateway import Identifier, OrganisationChanged
from gateway.accounts import service as accounts
from gateway.accounts.schemas import PersonIn
from gateway.organisations import domain, queries
from gateway.organisations.errors import IdentifierTaken, OperatorExists, OwnOrganisation
from gateway.organisations.queries import Row
from gateway.organisations.schemas import (
    IdentifierIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    Organisations,
)
from gateway.paging import after, check_version, next_of
from gateway.sessions import service as sessions
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound
from maillage.sealing import Sealer


async def list_organisations(tx: Tx, cursor: str | None, limit: int) -> Organisations:
    """Organisations by id: the own one, or all for an operator."""
    only = None if await _operates(tx) else tx.principal.org
    rows = await queries.organisations(tx, only, after(cursor), limit + 1)
    return Organisations(items=[_organisation(row) for row in rows[:limit]], next_cursor=next_of(rows, limit))


async def add(tx: Tx, sealer: Sealer, wanted: OrganisationIn, territory: str) -> OrganisationOut:
    """A new organisation, and its first administrator invited. Operators only."""
    if not await _operates(tx):
        raise NotAllowed
    return await _open(tx, sealer, wanted, territory)


async def first(tx: Tx, sealer: Sealer, wanted: OrganisationIn, territory: str) -> OrganisationOut:
    """The operator of a new installation: who runs the machine asks for it, once. Refused: `OPERATOR_EXISTS`."""
    if await queries.operated(tx):
        raise OperatorExists
    return await _open(tx, sealer, wanted, territory)


async def _open(tx: Tx, sealer: Sealer, wanted: OrganisationIn, territory: str) -> OrganisationOut:
    organisation_id = new_id()
    await _check_free(tx, wanted.identifiers, organisation_id)
    numbers = [each.model_dump() for each in wanted.identifiers]
    row = await queries.put_organisation(tx, organisation_id, wanted.kind, wanted.name, territory, numbers, active=True)
    tx.emit(organisation_event(row), organisation_id)
    tx.audit("organisation_added", "organisation", organisation_id, organisation_id, kind=wanted.kind)
    person = PersonIn(role="administrator", **wanted.administrator.model_dump())
    invited = await accounts.add_person_of(tx, sealer, organisation_id, person)
    return _organisation(row).model_copy(update={"administrator": invited})


async def change(tx: Tx, organisation_id: UUID, wanted: OrganisationPatch, version: int | None) -> OrganisationOut:
    """Name, numbers; closed and opened by operators. Who worked in a closed one is out within a second."""
    row = await _reached(tx, organisation_id, wanted)
    check_version(row, version)
    numbers = row["identifiers"]
    if wanted.identifiers is not None:
        await _check_free(tx, wanted.identifiers, organisation_id)
        numbers = [each.model_dump() for each in wanted.identifiers]
    active = row["active"] if wanted.active is None else wanted.active
    changed = await queries.put_organisation(
        tx, row["id"], row["kind"], wanted.name or row["name"], row["territory"], numbers, active=active
    )
    if row["active"] and not active:
        sessions.tell(tx, await queries.end_sessions(tx, organisation_id), "suspended")
    tx.emit(organisation_event(changed), organisation_id)
    said = " ".join(sorted(wanted.model_fields_set))
    tx.audit("organisation_changed", "organisation", organisation_id, organisation_id, fields=said, active=active)
    return _organisation(changed)


async def _operates(tx: Tx) -> bool:
    return tx.principal.org is not None and await queries.kind_of(tx, tx.principal.org) == "operator"


async def _reached(tx: Tx, organisation_id: UUID, wanted: OrganisationPatch) -> Row:
    operates = await _operates(tx)
    row = await queries.organisation(tx, organisation_id) if operates or organisation_id == tx.principal.org else None
    if row is None:
        raise NotFound
    if wanted.active is not None and not operates:
        raise NotAllowed
    if wanted.active is False and organisation_id == tx.principal.org:
        raise OwnOrganisation
    return row


async def _check_free(tx: Tx, wanted: Sequence[IdentifierIn], own: UUID) -> None:
    """A number belongs to one organisation: checked under a lock, so that two at once cannot both have it."""
    pairs = [(each.system, each.value) for each in wanted]
    twice = domain.given_twice(pairs)
    if twice is not None:
        raise IdentifierTaken(pointer=f"/identifiers/{twice}")
    taken = await queries.first_taken(tx, [pair[0] for pair in pairs], [pair[1] for pair in pairs], own)
    if taken is not None:
        raise IdentifierTaken(pointer=f"/identifiers/{taken}")


def organisation_event(row: Row) -> OrganisationChanged:
    """The event that tells all services an organisation's name and numbers."""
    return OrganisationChanged(
        organisation_id=row["id"],
        kind=row["kind"],
        name=row["name"],
        identifiers=[Identifier.model_validate(each) for each in row["identifiers"]],
        territory=row["territory"],
        active=row["active"],
    )


def _organisation(row: Row) -> OrganisationOut:
    return OrganisationOut.model_validate(dict(row))
