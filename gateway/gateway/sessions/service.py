"""Use cases of signing in and of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.gateway import PersonChanged, SessionEnded
from gateway.accounts import queries as accounts
from gateway.platform import PLATFORM
from gateway.sessions import domain, queries
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.errors import InvitationGone, NoMembership, SessionOver, SignInRefused, SignInSlowed
from gateway.sessions.queries import Row
from maillage.database import Tx
from maillage.ids import hash_token, new_token
from maillage.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a login stands for, before its password has been looked at."""

    person_id: UUID | None
    active: bool
    hash: str | None
    login_hash: bytes


def new_sid() -> str:
    """The public name of a session: in tokens, audit and events, worthless as a cookie."""
    return hash_token(new_token()).hex()[:16]


async def begin(tx: Tx, login_key: str, login_hash: bytes) -> Attempt:
    """Reads the login; `SIGN_IN_SLOWED` while it is locked, whether it exists or not."""
    row = await queries.attempt(tx, login_key, login_hash)
    if row["locked_until"] is not None and row["locked_until"] > tx.now:
        raise SignInSlowed(row["locked_until"], tx.now)
    return Attempt(row["person_id"], row["status"] == "active", row["hash"], login_hash)


async def refuse(tx: Tx, attempt: Attempt) -> None:
    """Counts the failure, and locks at the fifth. The same work for a login that does not exist."""
    failures = await queries.count_failure(tx, attempt.login_hash, domain.FORGOTTEN_AFTER)
    until = domain.locked_until(failures, tx.now)
    if until is not None:
        await queries.lock(tx, attempt.login_hash, until)
    record_id = attempt.person_id or UUID(bytes=attempt.login_hash[:16])
    tx.audit("sign_in_refused", "person", record_id, PLATFORM, failures=failures, locked=until is not None)


async def accept(tx: Tx, attempt: Attempt, secret: str, old_sid: str | None) -> bool:
    """A new session with a new secret. One valid membership is taken at once; returns whether it was."""
    if attempt.person_id is None:
        raise SignInRefused
    contexts = await queries.contexts(tx, attempt.person_id)
    if not contexts:
        raise NoMembership
    await queries.forgive(tx, attempt.login_hash)
    if old_sid is not None:
        await end(tx, "replaced", sid=old_sid)
    membership_id = contexts[0]["id"] if len(contexts) == 1 else None
    sid = new_sid()
    lives = PROFESSIONAL
    await queries.add_professional(
        tx, hash_token(secret), sid, attempt.person_id, membership_id, lives.idle, lives.absolute, ("pwd",)
    )
    await queries.signed_in(tx, attempt.person_id)
    tx.audit("signed_in", "person", attempt.person_id, contexts[0]["organisation_id"], sid=sid, method="pwd")
    return membership_id is not None


async def describe(tx: Tx, sid: str) -> tuple[Row, list[Row]]:
    """A live session and the memberships its person may choose."""
    row = await queries.one(tx, sid)
    if row is None:
        raise SessionOver
    return row, await queries.contexts(tx, row["person_id"]) if row["person_id"] else []


async def choose_context(tx: Tx, membership_id: UUID, secret: str) -> None:
    """The session goes on under another membership, with a new secret and name."""
    sid, person_id = tx.principal.sid, tx.principal.person_id
    if sid is None or person_id is None:
        raise SessionOver
    chosen = next((each for each in await queries.contexts(tx, person_id) if each["id"] == membership_id), None)
    if chosen is None:
        raise NoMembership
    renamed = new_sid()
    await queries.move(tx, sid, hash_token(secret), renamed, membership_id)
    tx.audit("context_chosen", "membership", membership_id, chosen["organisation_id"], sid=renamed)


async def end(
    tx: Tx, reason: str, *, sid: str | None = None, person_id: UUID | None = None, but_sid: str | None = None
) -> int:
    """Ends sessions; says so to the audit and to whoever follows presence. Returns how many ended."""
    return _tell(tx, await queries.end(tx, reason, sid=sid, person_id=person_id, but_sid=but_sid), reason)


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
        _tell(tx, [row for row in rows if row["end_reason"] == reason], reason)


async def current_password(tx: Tx) -> Row:
    """Hash and login of the caller."""
    row = await queries.password_of(tx, tx.principal.person_id) if tx.principal.person_id else None
    if row is None:
        raise NotFound
    return row


async def change_password(tx: Tx, hashed: str) -> None:
    """A new password ends the other sessions: whoever knew the old one is out."""
    person_id = tx.principal.person_id
    assert person_id is not None
    await queries.set_password(tx, person_id, hashed)
    await end(tx, "replaced", person_id=person_id, but_sid=tx.principal.sid)
    tx.audit("password_changed", "person", person_id, tx.principal.org or PLATFORM)


async def read_invitation(tx: Tx, token: str) -> str:
    """The login of an open invitation, for the rules of the password."""
    row = await queries.invitation(tx, hash_token(token))
    if row is None or row["status"] == "closed":
        raise InvitationGone
    login: str = row["login"]
    return login


async def accept_invitation(tx: Tx, token: str, hashed: str) -> None:
    """Sets the password; an invited person becomes active. The second factor is enrolled here with the next storey."""
    row = await queries.invitation(tx, hash_token(token))
    if row is None or row["status"] == "closed":
        raise InvitationGone
    person_id: UUID = row["person_id"]
    await queries.set_password(tx, person_id, hashed)
    await queries.use_invitations(tx, person_id)
    if row["status"] == "invited":
        person = await accounts.set_status(tx, person_id, "active", epoch_step=0)
        tx.emit(person_event(person), PLATFORM)
    tx.audit("invitation_accepted", "person", person_id, PLATFORM)


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


def _tell(tx: Tx, rows: Sequence[Row], reason: str) -> int:
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
