"""Use cases of second factors: proving one to finish a sign-in, proving one again, setting one up."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from gateway.codes.domain import typed_digits
from gateway.door.cookies import Signer
from gateway.factors import queries, totp
from gateway.factors.errors import NoEnrolment, NoSecondFactor, SignInAgain, SignInExpired
from gateway.factors.queries import Row
from gateway.factors.schemas import EnrolmentOut, FactorsOut
from gateway.platform import PLATFORM
from gateway.sessions import domain as session_domain
from gateway.sessions import lockout
from gateway.sessions import queries as session_queries
from gateway.sessions import service as sessions
from gateway.sessions.errors import StepUpRequired
from gateway.sessions.lockout import Guarded
from gateway.sessions.service import Proof, Step
from gateway.settings import GatewaySettings
from maillage.database import Tx
from maillage.ids import hash_token, new_digits
from maillage.refusals import NotSignedIn
from maillage.sealing import Sealer

Way = Literal["otp", "recovery"]
RECOVERY_CODES: Final = 10
RECOVERY_DIGITS: Final = 12
ENROLMENT_LIVES: Final = session_domain.ENROLMENT_LIVES


@dataclass(frozen=True, slots=True)
class Desk:
    """What factors are made and proved with."""

    settings: GatewaySettings
    signer: Signer
    sealer: Sealer

    def guarded(self, name: str, ip: str | None, device_id: UUID | None = None) -> Guarded:
        """What failures of this login, or of `person:<id>`, are counted by."""
        return Guarded.of(name, self.signer, self.settings, ip, device_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. It is committed whatever it is, so that a wrong one counts."""

    step: Step | None = None
    """None: refused."""
    codes: tuple[str, ...] = ()
    opened: bool = True
    """Whether a new session was opened; else the present one goes on."""


async def finish(tx: Tx, desk: Desk, waiting: str | None, way: Way, typed: str, secret: str) -> Outcome:
    """The second half of a sign-in: the right code opens a session. Refused: `SIGN_IN_EXPIRED`, `SIGN_IN_SLOWED`."""
    id_hash, row = await _waiting(tx, waiting, enrol=False)
    guarded = desk.guarded(row["login_key"], tx.principal.ip, row["device_id"])
    await lockout.check(tx, guarded)
    if not await _right(tx, desk, row["person_id"], way, typed):
        await _count(tx, id_hash, row, guarded)
        return Outcome()
    await queries.end_pending(tx, id_hash)
    await lockout.forgive(tx, guarded)
    proof = Proof(("pwd", way), 2, device_id=row["device_id"])
    return Outcome(await sessions.open_session(tx, row["person_id"], proof, secret))


async def step_up(tx: Tx, desk: Desk, typed: str) -> bool:
    """Whether the code of the caller's own authenticator is right; then the session has a fresh second factor."""
    person_id, sid = _myself(tx)
    guarded = desk.guarded(f"person:{person_id}", tx.principal.ip)
    await lockout.check(tx, guarded)
    row = await queries.totp(tx, person_id)
    if row is None or row["secret_sealed"] is None:
        raise NoSecondFactor
    if not await _right(tx, desk, person_id, "otp", typed):
        await sessions.refuse_own(tx, guarded, "step_up_refused")
        return False
    await lockout.forgive(tx, guarded)
    await proved_again(tx, person_id, sid, ("otp",))
    return True


async def proved_again(tx: Tx, person_id: UUID, sid: str, amr: tuple[str, ...]) -> None:
    """Notes a fresh second factor of a session."""
    await session_queries.renew(tx, sid, amr)
    tx.audit("stepped_up", "person", person_id, tx.principal.org or PLATFORM, sid=sid, method=" ".join(amr))


async def begin_enrolment(tx: Tx, desk: Desk, waiting: str | None) -> EnrolmentOut:
    """A new authenticator for whoever must set one up to finish signing in, or for the caller himself."""
    found = await _enrolling(tx, waiting)
    person_id, login = (found[1]["person_id"], found[1]["login"]) if found else await _own_account(tx)
    secret = totp.new_secret()
    await queries.put_new(tx, person_id, desk.sealer.seal("totp", secret.encode()))
    uri = totp.uri(secret, login)
    return EnrolmentOut(secret=secret, uri=uri, qr=totp.qr(uri))


async def confirm_enrolment(tx: Tx, desk: Desk, waiting: str | None, typed: str, secret: str) -> Outcome:
    """The first code makes the authenticator count; the recovery codes are told once. It finishes the sign-in that
    waited for it, or stands for a second factor of the present session and ends the person's others."""
    found = await _enrolling(tx, waiting)
    person_id = found[1]["person_id"] if found else (await _own_account(tx))[0]
    row = await queries.totp(tx, person_id)
    if row is None or row["new_sealed"] is None or row["new_at"] < tx.now - ENROLMENT_LIVES:
        raise NoEnrolment
    sealed: bytes = row["new_sealed"]
    step = totp.step_of(desk.sealer.open("totp", sealed).decode(), typed_digits(typed), tx.now, 0)
    if step is None or not await queries.confirm(tx, person_id, sealed, step):
        if found:
            await _count(tx, *found, desk.guarded(found[1]["login_key"], tx.principal.ip))
        return Outcome()
    codes = await _new_codes(tx, desk, person_id)
    tx.audit("second_factor_enrolled", "person", person_id, tx.principal.org or PLATFORM, replaced=bool(row[0]))
    return Outcome(await _enrolled(tx, desk, found, secret), codes, opened=found is not None)


async def _enrolled(tx: Tx, desk: Desk, found: tuple[bytes, Row] | None, secret: str) -> Step:
    if found is None:
        person_id, sid = _myself(tx)
        await session_queries.renew(tx, sid, ("otp",))
        await sessions.end(tx, "replaced", person_id=person_id, but_sid=sid)
        return "done"
    id_hash, row = found
    await queries.end_pending(tx, id_hash)
    await lockout.forgive(tx, desk.guarded(row["login_key"], tx.principal.ip, row["device_id"]))
    return await sessions.open_session(tx, row["person_id"], Proof(("pwd", "otp"), 2), secret)


async def new_recovery_codes(tx: Tx, desk: Desk) -> tuple[str, ...]:
    """Ten new codes of the caller, told once; the old ones end. Refused: `NO_SECOND_FACTOR`."""
    person_id, _ = _myself(tx)
    row = await queries.totp(tx, person_id)
    if row is None or row["secret_sealed"] is None:
        raise NoSecondFactor
    codes = await _new_codes(tx, desk, person_id)
    tx.audit("recovery_codes_made", "person", person_id, tx.principal.org or PLATFORM)
    return codes


async def overview(tx: Tx) -> FactorsOut:
    """What the caller has."""
    return FactorsOut(**dict(await queries.overview(tx, _myself(tx)[0])))


async def end_lapsed_access(tx: Tx) -> None:
    """Timed job: temporary accesses whose time is over end, and the audit says so. Their sessions end by themselves."""
    for row in await queries.lapsed_access(tx, 100):
        tx.audit("temporary_access_ended", "person", row["person_id"], row["organisation_id"], access=str(row["id"]))


def recovery_hmac(desk: Desk, person_id: UUID, digits: str) -> bytes:
    """What the base keeps of a recovery code: worthless without the gateway's key."""
    return desk.signer.mac("recovery", f"{person_id}:{digits}")


async def _new_codes(tx: Tx, desk: Desk, person_id: UUID) -> tuple[str, ...]:
    digits = [new_digits(RECOVERY_DIGITS) for _ in range(RECOVERY_CODES)]
    await queries.put_recovery_codes(tx, person_id, [recovery_hmac(desk, person_id, each) for each in digits])
    return tuple("-".join(each[place : place + 4] for place in range(0, len(each), 4)) for each in digits)


async def _right(tx: Tx, desk: Desk, person_id: UUID, way: Way, typed: str) -> bool:
    """Whether a code is right and unused; it is used then. Of two at once one is right."""
    digits = typed_digits(typed)
    if way == "recovery":
        return await queries.use_recovery_code(tx, person_id, recovery_hmac(desk, person_id, digits))
    row = await queries.totp(tx, person_id)
    if row is None or row["secret_sealed"] is None:
        return False
    step = totp.step_of(desk.sealer.open("totp", row["secret_sealed"]).decode(), digits, tx.now, row["last_step"])
    return step is not None and await queries.use_step(tx, person_id, step)


async def _count(tx: Tx, id_hash: bytes, row: Row, guarded: Guarded) -> None:
    """A wrong code counts for the login as a wrong password does; the fifth ends this sign-in."""
    if row["failures"] + 1 >= session_domain.LOCKED_AT:
        await queries.end_pending(tx, id_hash)
    else:
        await queries.count_pending_failure(tx, id_hash)
    await lockout.failed(
        tx, guarded, action="second_factor_refused", record_id=row["person_id"], organisation_id=PLATFORM
    )


async def _waiting(tx: Tx, waiting: str | None, *, enrol: bool) -> tuple[bytes, Row]:
    id_hash = hash_token(waiting or "")
    row = await queries.pending(tx, id_hash, enrol=enrol) if waiting else None
    if row is None:
        raise SignInExpired
    return id_hash, row


async def _enrolling(tx: Tx, waiting: str | None) -> tuple[bytes, Row] | None:
    """The sign-in of this browser that waits for an enrolment; None for who is signed in. Else `SIGN_IN_EXPIRED`."""
    try:
        return await _waiting(tx, waiting, enrol=True)
    except SignInExpired:
        if tx.principal.kind == "professional":
            return None
        raise


def _myself(tx: Tx) -> tuple[UUID, str]:
    if tx.principal.person_id is None or tx.principal.sid is None:
        raise NotSignedIn
    return tx.principal.person_id, tx.principal.sid


async def _own_account(tx: Tx) -> tuple[UUID, str]:
    """Who may enrol an authenticator of his own now: after a fresh second factor if there is one, else shortly after
    the password."""
    person_id, sid = _myself(tx)
    who, row = tx.principal, await queries.totp(tx, person_id)
    if row is not None and row["secret_sealed"] is not None:
        if not session_domain.is_fresh(who.acr, who.auth_time, tx.now):
            raise StepUpRequired(max_age=session_domain.FRESH_S)
    elif (who.acr < 2 and "pwd" not in who.amr) or not session_domain.is_recent(who.auth_time, tx.now):
        raise SignInAgain
    session = await session_queries.one(tx, sid)
    if session is None:
        raise NotSignedIn
    return person_id, session["login"]
