"""Use cases of account administration. An administrator reaches the own organisation: row-level security holds it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.gateway import MembershipChanged
from gateway.accounts import domain, queries
from gateway.accounts.errors import (
    LoginTaken,
    MembershipExists,
    OwnAccount,
    PersonClosed,
    RoleNotForKind,
    SharedAccount,
)
from gateway.accounts.queries import Row
from gateway.accounts.schemas import (
    Because,
    MembershipIn,
    MembershipOut,
    MembershipPatch,
    Memberships,
    PersonIn,
    PersonOut,
    PersonPatch,
    Persons,
    TemporaryAccessIn,
    TemporaryAccessOut,
)
from gateway.door.cookies import Signer
from gateway.factors import queries as factors
from gateway.letters import service as letters
from gateway.organisations import queries as organisations
from gateway.permissions import ROLES_OF_KIND
from gateway.sessions import domain as session_domain
from gateway.sessions import service as sessions
from maillage import cursor
from maillage.database import Tx
from maillage.ids import hash_token, new_digits, new_id, new_token
from maillage.refusals import NotAllowed, NotFound, TimeInvalid, VersionStale, WrongState
from maillage.sealing import Sealer

INVITATION_LIVES: Final = timedelta(hours=24)
ACCESS_DIGITS: Final = 20
"""66 bits: read out on the phone, typed once a shift, and not guessed in eight hours behind the lock-out."""


def _own(tx: Tx) -> UUID:
    if tx.principal.org is None:
        raise NotAllowed
    return tx.principal.org


def _after(text: str | None) -> UUID | None:
    parts = cursor.decode(text, UUID)
    return parts[0] if parts and isinstance(parts[0], UUID) else None


def _next(rows: Sequence[Row], limit: int) -> str | None:
    return cursor.encode(rows[limit - 1]["id"]) if len(rows) > limit else None


async def list_persons(tx: Tx, after: str | None, limit: int) -> Persons:
    """Accounts by id."""
    rows = await queries.persons(tx, _after(after), limit + 1)
    return Persons(items=[_person(row) for row in rows[:limit]], next_cursor=_next(rows, limit))


async def add_person(tx: Tx, sealer: Sealer, wanted: PersonIn) -> PersonOut:
    """A new account of the own organisation, invited, with its first role; the invitation is mailed, or told once."""
    return await add_person_of(tx, sealer, _own(tx), wanted)


async def add_person_of(tx: Tx, sealer: Sealer, own: UUID, wanted: PersonIn) -> PersonOut:
    """The same for a given organisation: its first administrator comes from outside."""
    await _check_role(tx, own, wanted.role)
    if wanted.rpps and await queries.rpps_taken(tx, wanted.rpps, None):
        raise LoginTaken(pointer="/rpps")
    row = await queries.add_person(
        tx,
        new_id(),
        wanted.login,
        session_domain.login_key(wanted.login),
        wanted.display_name,
        wanted.email,
        wanted.phone,
        wanted.rpps,
        "invited",
        wanted.language,
    )
    if row is None:
        raise LoginTaken(pointer="/login")
    membership = await queries.add_membership(tx, new_id(), row["id"], own, wanted.role, tx.now, None)
    if membership is None:
        raise MembershipExists
    tx.emit(sessions.person_event(row), own)
    tx.emit(membership_event(membership), own)
    tx.audit("person_added", "person", row["id"], own, role=wanted.role)
    return await _invited(tx, sealer, row)


async def change_person(
    tx: Tx, person_id: UUID, change: PersonPatch, version: int | None, *, shared: bool
) -> PersonOut:
    """Names and addresses; of somebody who also works elsewhere the name alone."""
    row = await _reached(tx, person_id)
    _check_version(row, version)
    said = change.model_fields_set
    if shared and said & {"email", "phone", "rpps"}:
        raise SharedAccount
    rpps = change.rpps if "rpps" in said else row["rpps"]
    if rpps and await queries.rpps_taken(tx, rpps, person_id):
        raise LoginTaken(pointer="/rpps")
    row = await queries.change_person(
        tx,
        person_id,
        change.display_name or row["display_name"],
        change.email if "email" in said else row["email"],
        change.phone if "phone" in said else row["phone"],
        rpps,
        change.language if "language" in said else row["language"],
    )
    tx.emit(sessions.person_event(row), _own(tx))
    tx.audit("person_changed", "person", person_id, _own(tx), fields=" ".join(sorted(said)))
    return _person(row)


async def invite(tx: Tx, sealer: Sealer, person_id: UUID, *, shared: bool) -> PersonOut:
    """A new invitation; the one before no longer works. It also lets a person who forgot choose a new password."""
    row = await _reached(tx, person_id)
    if row["status"] not in ("invited", "active"):
        raise WrongState(state=row["status"], allowed=list(domain.acts(row["status"])))
    if shared and row["email"] is None:
        raise SharedAccount
    tx.audit("person_invited", "person", person_id, _own(tx))
    return await _invited(tx, sealer, row)


async def reset_second_factor(tx: Tx, person_id: UUID, because: Because) -> PersonOut:
    """Authenticator and recovery codes are gone, sessions end, the person is told; the next sign-in enrols anew."""
    row = await _of_another(tx, person_id)
    await factors.remove(tx, person_id)
    await sessions.end(tx, "replaced", person_id=person_id)
    if row["email"] is not None:
        await letters.tell(tx, "second_factor_reset", person_id)
    tx.audit("second_factor_reset", "person", person_id, _own(tx), reason=because.reason)
    return _person(row)


async def give_access(tx: Tx, signer: Signer, person_id: UUID, wanted: TemporaryAccessIn) -> TemporaryAccessOut:
    """A code that opens sessions of the own organisation for some hours; one given before ends."""
    own, row = _own(tx), await _of_another(tx, person_id)
    if row["status"] != "active":
        raise WrongState(state=row["status"], allowed=list(domain.acts(row["status"])))
    await factors.end_access(tx, person_id)
    digits, access_id = new_digits(ACCESS_DIGITS), new_id()
    code_hash = signer.mac("access", f"{session_domain.login_key(row['login'])}:{digits}")
    giver = tx.principal.person_id
    assert giver is not None
    lasts = timedelta(hours=wanted.hours)
    valid_to = await factors.give_access(tx, access_id, person_id, own, code_hash, lasts, giver)
    if row["email"] is not None:
        await letters.tell(tx, "temporary_access", person_id)
    facts: dict[str, str | int] = {"access": str(access_id), "hours": wanted.hours, "reason": wanted.reason}
    tx.audit("temporary_access_given", "person", person_id, own, **facts)
    code = "-".join(digits[place : place + 5] for place in range(0, ACCESS_DIGITS, 5))
    return TemporaryAccessOut(person_id=person_id, code=code, valid_to=valid_to)


async def set_status(tx: Tx, person_id: UUID, act: str, because: Because) -> PersonOut:
    """Suspend, reinstate, close. Withdrawn rights end the sessions; nobody does it to himself."""
    row = await _of_another(tx, person_id)
    status = domain.next_status(row["status"], act)
    if status is None:
        raise WrongState(state=row["status"], allowed=list(domain.acts(row["status"])))
    row = await queries.set_status(tx, person_id, status, epoch_step=0 if act == "reinstate" else 1)
    if act != "reinstate":
        await factors.drop_pending(tx, person_id)
        await factors.end_access(tx, person_id)
        await sessions.end(tx, "suspended", person_id=person_id)
    tx.emit(sessions.person_event(row), _own(tx))
    tx.audit(f"person_{status}", "person", person_id, _own(tx), reason=because.reason)
    return _person(row)


async def list_memberships(tx: Tx, after: str | None, limit: int) -> Memberships:
    """Roles by id."""
    rows = await queries.memberships(tx, _after(after), limit + 1)
    return Memberships(items=[_membership(row) for row in rows[:limit]], next_cursor=_next(rows, limit))


async def add_membership(tx: Tx, wanted: MembershipIn) -> MembershipOut:
    """A role in the own organisation, for a person who already has or had one there."""
    own = _own(tx)
    await _check_role(tx, own, wanted.role)
    await _reached(tx, wanted.person_id)
    begins = wanted.valid_from or tx.now
    if wanted.valid_to is not None and wanted.valid_to <= begins:
        raise TimeInvalid(pointer="/valid_to")
    row = await queries.add_membership(tx, new_id(), wanted.person_id, own, wanted.role, begins, wanted.valid_to)
    if row is None:
        raise MembershipExists
    tx.emit(membership_event(row), own)
    tx.audit("membership_added", "membership", row["id"], own, role=wanted.role)
    return _membership(row)


async def end_membership(tx: Tx, membership_id: UUID, change: MembershipPatch, version: int | None) -> MembershipOut:
    """The role ends; one's own last key is not thrown away by oneself."""
    row = await queries.membership(tx, membership_id)
    if row is None:
        raise NotFound
    if row["person_id"] == tx.principal.person_id:
        raise OwnAccount
    _check_version(row, version)
    ends = max(change.valid_to, tx.now)
    if ends <= row["valid_from"]:
        raise TimeInvalid(pointer="/valid_to")
    row = await queries.end_membership(tx, membership_id, ends)
    tx.emit(membership_event(row), _own(tx))
    tx.audit("membership_ended", "membership", membership_id, _own(tx), role=row["role"])
    return _membership(row)


async def _reached(tx: Tx, person_id: UUID) -> Row:
    row = await queries.person(tx, person_id)
    if row is None:
        raise NotFound
    if row["status"] == "closed":
        raise PersonClosed
    return row


async def _of_another(tx: Tx, person_id: UUID) -> Row:
    if person_id == tx.principal.person_id:
        raise OwnAccount
    return await _reached(tx, person_id)


async def _check_role(tx: Tx, organisation_id: UUID, role: str) -> None:
    row = await organisations.organisation(tx, organisation_id)
    if row is None or role not in ROLES_OF_KIND.get(row["kind"], frozenset()):
        raise RoleNotForKind(pointer="/role")


async def _invited(tx: Tx, sealer: Sealer, row: Row) -> PersonOut:
    """Mailed to who has an address, so that nobody else sees it; else told once, to be handed over."""
    token = new_token()
    await queries.add_invitation(tx, hash_token(token), row["id"], tx.now + INVITATION_LIVES)
    if row["email"] is None:
        return _person(row, token)
    await letters.invite(tx, sealer, row["id"], token, INVITATION_LIVES)
    return _person(row, mailed=True)


def _check_version(row: Row, version: int | None) -> None:
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"])


def membership_event(row: Row) -> MembershipChanged:
    """The event that tells all services of a role."""
    return MembershipChanged(
        membership_id=row["id"],
        person_id=row["person_id"],
        organisation_id=row["organisation_id"],
        role=row["role"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )


def _person(row: Row, invitation: str | None = None, *, mailed: bool = False) -> PersonOut:
    said = {name: row[name] for name in PersonOut.model_fields if not name.startswith("invitation")}
    return PersonOut(invitation=invitation, invitation_mailed=mailed, **said)


def _membership(row: Row) -> MembershipOut:
    return MembershipOut(**dict(row))
