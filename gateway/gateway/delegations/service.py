"""Use cases of delegations. They run over all organisations, because each lies between two; what the caller may see and
change is decided here: what the own organisation gave or received."""

from uuid import UUID

from contracts.gateway import DelegationChanged
from gateway.delegations import domain, queries
from gateway.delegations.errors import DelegationExists, PermissionUnknown, ProviderUnknown
from gateway.delegations.queries import Row
from gateway.delegations.schemas import DelegationIn, DelegationOut, DelegationPatch, Delegations
from gateway.organisations import queries as organisations
from gateway.paging import after, check_version, next_of
from gateway.permissions import TABLE
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, TimeInvalid, WrongState


async def list_delegations(tx: Tx, cursor: str | None, limit: int) -> Delegations:
    """Given and received, by id."""
    rows = await queries.of_organisation(tx, _own(tx), after(cursor), limit + 1)
    return Delegations(items=[_delegation(row) for row in rows[:limit]], next_cursor=next_of(rows, limit))


async def give(tx: Tx, wanted: DelegationIn) -> DelegationOut:
    """The own organisation lets another act for it."""
    own = _own(tx)
    unknown = domain.first_unknown(wanted.permissions, TABLE)
    if unknown is not None:
        raise PermissionUnknown(pointer=f"/permissions/{unknown}")
    if wanted.provider_id == own or await organisations.kind_of(tx, wanted.provider_id) is None:
        raise ProviderUnknown(pointer="/provider_id")
    begins = max(wanted.valid_from or tx.now, tx.now)
    if wanted.valid_to is not None and wanted.valid_to <= begins:
        raise TimeInvalid(pointer="/valid_to")
    permissions = sorted(set(wanted.permissions))
    row = await queries.add_delegation(tx, new_id(), wanted.provider_id, own, permissions, begins, wanted.valid_to)
    if row is None:
        raise DelegationExists
    _tell(tx, row, "delegation_given")
    return _delegation(row)


async def end(tx: Tx, delegation_id: UUID, change: DelegationPatch, version: int | None) -> DelegationOut:
    """Another end: either side shortens it, the giving one also prolongs it. Over is over."""
    own = _own(tx)
    row = await queries.one(tx, delegation_id, own)
    if row is None:
        raise NotFound
    check_version(row, version)
    if row["valid_to"] is not None and row["valid_to"] <= tx.now:
        raise WrongState(state="ended", allowed=[])
    ends = max(change.valid_to, tx.now)
    if not domain.may_end(ends, row["valid_to"], is_client=own == row["client_id"]):
        raise NotAllowed
    if ends <= row["valid_from"]:
        return await _cancel(tx, row)
    if await queries.overlaps(tx, row, ends):
        raise DelegationExists
    row = await queries.set_end(tx, delegation_id, ends)
    _tell(tx, row, "delegation_ended")
    return _delegation(row)


async def _cancel(tx: Tx, row: Row) -> DelegationOut:
    """It had not begun: nobody ever acted under it."""
    await queries.remove(tx, row["id"])
    _tell(tx, row, "delegation_cancelled", cancelled=True)
    never = {"valid_to": row["valid_from"], "version": row["version"] + 1}
    return _delegation(row).model_copy(update=never)


def _own(tx: Tx) -> UUID:
    if tx.principal.org is None:
        raise NotAllowed
    return tx.principal.org


def _tell(tx: Tx, row: Row, action: str, *, cancelled: bool = False) -> None:
    tx.emit(delegation_event(row, cancelled=cancelled), row["client_id"])
    for end_, other in ((row["client_id"], row["provider_id"]), (row["provider_id"], row["client_id"])):
        tx.audit(action, "delegation", row["id"], end_, other=str(other))


def delegation_event(row: Row, *, cancelled: bool = False) -> DelegationChanged:
    """The event that tells all services who acts for whom; one that never began ends when it would have."""
    return DelegationChanged(
        delegation_id=row["id"],
        provider_id=row["provider_id"],
        client_id=row["client_id"],
        permissions=row["permissions"],
        valid_from=row["valid_from"],
        valid_to=row["valid_from"] if cancelled else row["valid_to"],
    )


def _delegation(row: Row) -> DelegationOut:
    return DelegationOut.model_validate(dict(row))
