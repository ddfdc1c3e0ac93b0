"""Use cases of expected identities: awaited, claimed at the first sign-in, withdrawn."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.gateway import MembershipChanged
from gateway import paging
from gateway.accounts.errors import RoleNotForKind
from gateway.identities import queries
from gateway.identities.errors import IdentityExpected, NobodysOrganisation
from gateway.identities.queries import Row
from gateway.identities.schemas import ExpectedIdentities, ExpectedIn, ExpectedOut, ExpectedPatch
from gateway.oidc.domain import system_of
from gateway.organisations import queries as organisations
from gateway.permissions import ROLES_OF_KIND
from gateway.sessions import service as sessions
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound

REGULATOR: Final = "regulator"


async def list_expected(tx: Tx, after: str | None, limit: int) -> ExpectedIdentities:
    """Expected identities by id."""
    rows = await queries.listed(tx, paging.after(after), limit + 1)
    return ExpectedIdentities(items=[_out(row) for row in rows[:limit]], next_cursor=paging.next_of(rows, limit))


async def add_expected(tx: Tx, wanted: ExpectedIn) -> ExpectedOut:
    """Awaits an identity in the own organisation."""
    own = tx.principal.org
    if own is None:
        raise NotAllowed
    if not await _gives(tx, own, wanted.role):
        raise RoleNotForKind(pointer="/role")
    row = await queries.add(tx, new_id(), system_of(wanted.system), wanted.value, wanted.role, own)
    if row is None:
        raise IdentityExpected
    tx.audit("identity_expected", "expected_identity", row["id"], own, role=wanted.role)
    return _out(row)


async def change_expected(tx: Tx, expected_id: UUID, change: ExpectedPatch, version: int | None) -> ExpectedOut:
    """Awaits it again, or withdraws it with the role that was given for it."""
    row = await queries.one(tx, expected_id)
    if row is None:
        raise NotFound
    paging.check_version(row, version)
    row = await _set(tx, row, active=change.active)
    return _out(row)


async def regulator_changed(
    tx: Tx, regulator_id: UUID, identifiers: Sequence[tuple[str, str]], organisation_id: UUID, *, active: bool
) -> None:
    """What the SAS says of a regulator: awaited by these identifiers and no others, or no longer at all."""
    if not await _gives(tx, organisation_id, REGULATOR):
        raise NobodysOrganisation("the event's organisation is unknown here or has no regulators")
    kept = [(system_of(system), value) for system, value in identifiers] if active else []
    for system, value in kept:
        await queries.put(tx, new_id(), system, value, REGULATOR, organisation_id, regulator_id)
    tx.audit("regulator_changed", "regulator", regulator_id, organisation_id, active=active, count=len(kept))
    for expected_id in await queries.others_of(tx, regulator_id, kept):
        row = await queries.one(tx, expected_id)
        assert row is not None
        await _set(tx, row, active=False)


async def claim(tx: Tx, person_id: UUID, expected: Sequence[Row]) -> None:
    """The person has proved these identities: the roles are theirs, once each."""
    for row in expected:
        await queries.claim(tx, row["id"], person_id)
        source = "event" if row["source"] == "event" else "psc"
        membership = await queries.give(tx, new_id(), person_id, row["organisation_id"], row["role"], source)
        if membership is not None:
            tx.emit(_event(membership), row["organisation_id"])
            tx.audit(
                "membership_added", "membership", membership["id"], row["organisation_id"], role=row["role"],
                source=source,
            )  # fmt: skip


async def _set(tx: Tx, row: Row, *, active: bool) -> Row:
    changed = await queries.set_active(tx, row["id"], active=active)
    act = "identity_expected" if active else "identity_withdrawn"
    tx.audit(act, "expected_identity", row["id"], row["organisation_id"], role=row["role"])
    for membership in await queries.end_claimed(tx, row["id"]):
        tx.emit(_event(membership), membership["organisation_id"])
        tx.audit(
            "membership_ended", "membership", membership["id"], membership["organisation_id"], role=membership["role"]
        )
        for sid in await queries.sessions_under(tx, membership["id"]):
            await sessions.end(tx, "suspended", sid=sid)
    return changed


async def _gives(tx: Tx, organisation_id: UUID, role: str) -> bool:
    kind = await organisations.kind_of(tx, organisation_id)
    return role in ROLES_OF_KIND.get(kind or "", frozenset())


def _event(row: Row) -> MembershipChanged:
    return MembershipChanged(**{**dict(row), "membership_id": row["id"]})


def _out(row: Row) -> ExpectedOut:
    return ExpectedOut(**dict(row))
