"""Use cases of signing in and of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.gateway import PersonChanged, SessionEnded
from gateway.accounts import queries as accounts
from gateway.devices import queries as devices
from gateway.factors import queries as factors
from gateway.platform import PLATFORM
from gateway.sessions import domain, lockout, queries
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.errors import InvitationGone, NoMembership, SessionOver, SignInRefused, StepUpRequired
from gateway.sessions.lockout import Guarded
from gateway.sessions.queries import Row
from maillage.database import Tx
from maillage.ids import hash_token, new_token
from maillage.refusals import NotFound

Step = Literal["done", "context", "totp", "enrol"]
"""What comes next in a sign-in."""


@dataclass(frozen=True, slots=True)
class Login:
    """What was typed, ready to be looked up."""

    key: str
    guarded: Guarded
    code_hmac: bytes
    """Of what was typed as password, should it be the code of a temporary access."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a login stands for, before its password has been looked at."""

    login: Login
    person_id: UUID | None
    status: str | None
    hash: str | None
    second_factor: bool
    access_until: datetime | None
    """A temporary access with this very code ends then."""
    access_org: UUID | None
    """Whose administrator gave it: it is good for the work there."""

    @property
    def may_enter(self) -> bool:
        """Active; or invited with a password set, and the second factor still to be enrolled."""
        return self.status in ("active", "invited")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person has just proved: the methods (RFC 8176 and our own words), and how much that is worth.

    `acr`: 1 one factor, 2 two factors. `until`: the session ends then at the latest.
    """

    amr: tuple[str, ...]
    acr: int
    until: datetime | None = None
    device_id: UUID | None = None
    only_org: UUID | None = None
    """The session works for this organisation alone."""
    idle: timedelta | None = None
    """It lives so long without use; None: as any professional's."""


def new_sid() -> str:
    """The public name of a session: in tokens, audit and events, worthless as a cookie."""
    return hash_token(new_token()).hex()[:16]


async def known_device(tx: Tx, secret: str | None, login_key: str) -> UUID | None:
    """The device of this cookie if it is one of the person's own, on which a sign-in was completed before; else None.
    The same work for every login."""
    return await devices.known(tx, hash_token(secret or ""), login_key)


async def begin(tx: Tx, login: Login) -> Attempt:
    """Reads the login; `SIGN_IN_SLOWED` while it is locked, whether it exists or not."""
    await lockout.check(tx, login.guarded)
    row = await queries.attempt(tx, login.key, login.code_hmac)
    found = (row["hash"], row["second_factor"], row["access_until"], row["access_org"])
    return Attempt(login, row["person_id"], row["status"], *found)


async def refuse(tx: Tx, attempt: Attempt) -> None:
    """Counts the failure, and locks at the fifth. The same work for a login that does not exist."""
    guarded = attempt.login.guarded
    record_id = attempt.person_id or UUID(bytes=guarded.login_hash[:16])
    await lockout.failed(tx, guarded, action="sign_in_refused", record_id=record_id, organisation_id=PLATFORM)


async def accept(tx: Tx, attempt: Attempt, secret: str, *, required: bool) -> Step:
    """The password was right. With a second factor, or with one to enrol, no session yet: a sign-in that waits for it
    in this browser."""
    if attempt.person_id is None:
        raise SignInRefused
    device_id = attempt.login.guarded.device_id
    if attempt.second_factor or required:
        return await wait_for_factor(tx, attempt.person_id, secret, enrol=not attempt.second_factor, device=device_id)
    await lockout.forgive(tx, attempt.login.guarded)
    return await open_session(tx, attempt.person_id, Proof(("pwd",), 1, device_id=device_id), secret)


async def accept_access(tx: Tx, attempt: Attempt, secret: str) -> Step:
    """The code of a temporary access opens a session that ends with it."""
    assert attempt.person_id is not None
    await lockout.forgive(tx, attempt.login.guarded)
    return await open_session(
        tx, attempt.person_id, Proof(("temporary",), 1, attempt.access_until, only_org=attempt.access_org), secret
    )


async def wait_for_factor(tx: Tx, person_id: UUID, secret: str, *, enrol: bool, device: UUID | None = None) -> Step:
    """A sign-in of which the first half is done."""
    lives = domain.ENROLMENT_LIVES if enrol else domain.SECOND_FACTOR_LIVES
    await factors.add_pending(tx, hash_token(secret), person_id, device, lives, enrol=enrol)
    return "enrol" if enrol else "totp"


async def open_session(tx: Tx, person_id: UUID, proof: Proof, secret: str) -> Step:
    """A new session with a new secret, instead of the caller's present one: `done`, or `context` when there are several
    memberships to choose from. An invited person is active from here on. Refused: `SIGN_IN_REFUSED` when the account
    is not open any more, `NO_MEMBERSHIP`."""
    status = await queries.lock_person(tx, person_id)
    if status not in ("active", "invited"):
        raise SignInRefused
    contexts = await queries.contexts(tx, person_id, proof.only_org)
    if not contexts:
        raise NoMembership
    if status == "invited":
        await _activate(tx, person_id, contexts)
    if tx.principal.sid is not None:
        await end(tx, "replaced", sid=tx.principal.sid)
    membership_id = contexts[0]["id"] if len(contexts) == 1 else None
    sid = new_sid()
    await queries.add_professional(
        tx,
        hash_token(secret),
        sid,
        person_id,
        membership_id,
        proof.idle,
        PROFESSIONAL,
        proof.amr,
        acr=proof.acr,
        until=proof.until,
        device_id=proof.device_id,
        only_org=proof.only_org,
    )
    await queries.signed_in(tx, person_id)
    tx.audit("signed_in", "person", person_id, contexts[0]["organisation_id"], sid=sid, method=" ".join(proof.amr))
    return "done" if membership_id is not None else "context"


async def describe(tx: Tx, sid: str) -> tuple[Row, list[Row]]:
    """A live session and the memberships its person may choose."""
    row = await queries.one(tx, sid)
    if row is None:
        raise SessionOver
    return row, await queries.contexts(tx, row["person_id"], row["only_org"]) if row["person_id"] else []


async def choose_context(tx: Tx, membership_id: UUID, secret: str) -> None:
    """The session goes on under another membership, with a new secret and name."""
    sid, person_id = tx.principal.sid, tx.principal.person_id
    if sid is None or person_id is None:
        raise SessionOver
    session = await queries.one(tx, sid)
    if session is None:
        raise SessionOver
    contexts = await queries.contexts(tx, person_id, session["only_org"])
    chosen = next((each for each in contexts if each["id"] == membership_id), None)
    if chosen is None:
        raise NoMembership
    renamed = new_sid()
    await queries.move(tx, sid, hash_token(secret), renamed, membership_id)
    tx.audit("context_chosen", "membership", membership_id, chosen["organisation_id"], sid=renamed)


async def end(
    tx: Tx, reason: str, *, sid: str | None = None, person_id: UUID | None = None, but_sid: str | None = None
) -> int:
    """Ends sessions; says so to the audit and to whoever follows presence. Returns how many ended."""
    return tell(tx, await queries.end(tx, reason, sid=sid, person_id=person_id, but_sid=but_sid), reason)


async def sign_out(tx: Tx) -> None:
    """Ends the caller's own session. Repeating is harmless."""
    if tx.principal.sid:
        await end(tx, "signed_out", sid=tx.principal.sid)


async def end_own(tx: Tx, sid: str) -> None:
    """Ends another session of the same person; one of somebody else does not exist."""
    person_id = tx.principal.person_id
    mine = {row["sid"] for row in await queries.of_person(tx, person_id)} if person_id else set()
    if sid not in mine:
        raise NotFound
    await end(tx, "ended_by_owner", sid=sid)


async def end_others(tx: Tx) -> None:
    """Ends all sessions of the person but this one."""
    if tx.principal.person_id:
        await end(tx, "ended_by_owner", person_id=tx.principal.person_id, but_sid=tx.principal.sid)


async def own_sessions(tx: Tx) -> list[Row]:
    """The caller's live sessions."""
    return await queries.of_person(tx, tx.principal.person_id) if tx.principal.person_id else []


async def end_lapsed(tx: Tx) -> None:
    """Timed job: sessions whose idle or absolute time is over end, and presence hears of it."""
    rows = await queries.lapsed(tx, 500)
    for reason in ("idle", "expired"):
        tell(tx, [row for row in rows if row["end_reason"] == reason], reason)


async def own_login(tx: Tx) -> Row:
    """Hash, login and names of the caller, and whether a second factor stands beside the password."""
    row = await queries.password_of(tx, tx.principal.person_id) if tx.principal.person_id else None
    if row is None:
        raise NotFound
    if row["second_factor"] and not domain.is_fresh(tx.principal.acr, tx.principal.auth_time, tx.now):
        raise StepUpRequired(max_age=domain.FRESH_S)
    return row


async def try_again(tx: Tx, guarded: Guarded) -> None:
    """One try of the present password."""
    await lockout.check(tx, guarded)


async def refuse_own(tx: Tx, guarded: Guarded, action: str) -> None:
    """Somebody who is signed in failed to prove it again."""
    assert tx.principal.person_id is not None
    organisation_id = tx.principal.org or PLATFORM
    await lockout.failed(tx, guarded, action=action, record_id=tx.principal.person_id, organisation_id=organisation_id)


async def change_password(tx: Tx, guarded: Guarded, hashed: str) -> None:
    """A new password ends the other sessions: whoever knew the old one is out."""
    person_id = tx.principal.person_id
    assert person_id is not None
    await lockout.forgive(tx, guarded)
    await queries.set_password(tx, person_id, hashed)
    await factors.drop_pending(tx, person_id)
    await end(tx, "replaced", person_id=person_id, but_sid=tx.principal.sid)
    tx.audit("password_changed", "person", person_id, tx.principal.org or PLATFORM)


async def read_invitation(tx: Tx, token: str) -> Row:
    """Who an open invitation is for, for the rules of the password."""
    row = await queries.invitation(tx, hash_token(token))
    if row is None or row["status"] not in ("invited", "active"):
        raise InvitationGone
    return row


async def accept_invitation(tx: Tx, token: str, hashed: str, secret: str, *, required: bool) -> Step:
    """Sets the password and ends the sessions of the one before. The person is in when the second factor is proved
    or, where it is required and missing, enrolled; where it is not, an invited person becomes active."""
    row = await read_invitation(tx, token)
    person_id: UUID = row["person_id"]
    await queries.set_password(tx, person_id, hashed)
    await queries.use_invitations(tx, person_id)
    await factors.drop_pending(tx, person_id)
    await end(tx, "replaced", person_id=person_id)
    tx.audit("invitation_accepted", "person", person_id, PLATFORM)
    if row["second_factor"] or required:
        return await wait_for_factor(tx, person_id, secret, enrol=not row["second_factor"])
    if row["status"] == "invited":
        await _activate(tx, person_id, await queries.contexts(tx, person_id))
    return "done"


async def _activate(tx: Tx, person_id: UUID, contexts: Sequence[Row]) -> None:
    """An invited person is in: said in each organisation where she works, for its administrators follow their own."""
    active = await accounts.set_status(tx, person_id, "active", epoch_step=0)
    for organisation_id in sorted({each["organisation_id"] for each in contexts}) or [PLATFORM]:
        tx.emit(person_event(active), organisation_id)


def person_event(row: Row) -> PersonChanged:
    """The event that tells all services who a person is now."""
    return PersonChanged(
        person_id=row["id"],
        status=row["status"],
        display_name=row["display_name"],
        rpps=row["rpps"],
        identifiers=[],
        epoch=row["epoch"],
    )


def tell(tx: Tx, rows: Sequence[Row], reason: str) -> int:
    """Says to the audit and to whoever follows presence that these sessions ended; returns how many there were."""
    for row in rows:
        if row["person_id"] is None:
            continue
        organisation_id = row["organisation_id"] or PLATFORM
        tx.emit(
            SessionEnded.model_validate({"person_id": row["person_id"], "sid": row["sid"], "reason": reason}),
            organisation_id,
        )
        tx.audit("session_ended", "person", row["person_id"], organisation_id, sid=row["sid"], reason=reason)
    return len(rows)
