"""Use cases of badges. A badge counts in one organisation, at its shared posts."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gateway.accounts import queries as accounts
from gateway.badges import domain, queries
from gateway.badges.errors import BadgeRefused, BadgeTaken
from gateway.badges.schemas import BadgeOut
from gateway.codes.domain import typed_digits
from gateway.devices import queries as devices
from gateway.devices.domain import spaced
from gateway.devices.errors import PostNotEnrolled
from gateway.door.cookies import Signer
from gateway.sessions import lockout
from gateway.sessions import queries as session_queries
from gateway.sessions import service as sessions
from gateway.sessions.lockout import Guarded
from gateway.sessions.service import Proof, Step
from gateway.settings import GatewaySettings
from maillage.database import Tx
from maillage.ids import hash_token, new_digits
from maillage.refusals import NotAllowed, NotFound

AMR = ("badge", "pin")


@dataclass(frozen=True, slots=True)
class Reader:
    """What judges a badge: the gateway's keys and settings."""

    signer: Signer
    settings: GatewaySettings

    def badge(self, organisation_id: UUID, badge: str) -> bytes:
        """The keyed hash of a badge; another one in each organisation."""
        return self.signer.mac("badge", f"{organisation_id}:{badge}")

    def code(self, organisation_id: UUID, badge: str, code: str) -> bytes:
        """The keyed hash of a one-time code, worthless with another badge."""
        return self.signer.mac("badge", f"{organisation_id}:{badge}:code:{typed_digits(code)}")

    def pin(self, person_id: UUID | None, pin: str) -> str:
        """What is given to argon2id instead of the PIN: six digits are guessed in seconds from a hash alone; with the
        gateway's key in it, the base alone is not enough."""
        return self.signer.mac("pin", f"{person_id}:{pin}").hex()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a badge stands for at this post, before its PIN has been looked at."""

    guarded: Guarded
    device_id: UUID
    organisation_id: UUID
    person_id: UUID | None
    active: bool
    pin_hash: str | None
    code_hmac: bytes | None


async def give(tx: Tx, person_id: UUID, badge: str, reader: Reader) -> BadgeOut:
    """The administrator read the card; the person chooses the PIN, with the code told here once."""
    own = tx.principal.org
    if own is None:
        raise NotAllowed
    if await accounts.person(tx, person_id) is None:
        raise NotFound
    hashed = reader.badge(own, badge)
    if await queries.holder(tx, own, hashed) not in (None, person_id):
        raise BadgeTaken(pointer="/badge")
    code, until = new_digits(domain.CODE_DIGITS), tx.now + domain.CODE_LIVES
    await queries.give(tx, person_id, own, hashed, reader.code(own, badge, code), until)
    sessions.tell(tx, await queries.end_sessions(tx, person_id, own, "replaced"), "replaced")
    tx.audit("badge_given", "person", person_id, own)
    return BadgeOut(person_id=person_id, code=spaced(code), code_expires_at=until)


async def withdraw(tx: Tx, person_id: UUID) -> None:
    """A lost badge opens nothing; what it opened ends within a second."""
    own = tx.principal.org
    if own is None or not await queries.withdraw(tx, person_id, own):
        raise NotFound
    sessions.tell(tx, await queries.end_sessions(tx, person_id, own, "suspended"), "suspended")
    tx.audit("badge_withdrawn", "person", person_id, own)


async def begin(tx: Tx, cookie: str | None, badge: str, reader: Reader) -> Attempt:
    """Reads the post and the badge. Refused: `POST_NOT_ENROLLED` 403; `SIGN_IN_SLOWED` 429 while the badge is locked at
    this post, whether it exists or not."""
    post = await devices.post(tx, hash_token(cookie)) if cookie else None
    if post is None:
        raise PostNotEnrolled
    hashed = reader.badge(post["organisation_id"], badge)
    guarded = Guarded.of(f"badge:{hashed.hex()}", reader.signer, reader.settings, tx.principal.ip, post["id"])
    await lockout.check(tx, guarded)
    row = await queries.at_post(tx, post["organisation_id"], hashed)
    active = row["status"] == "active"
    return Attempt(
        guarded, post["id"], post["organisation_id"], row["person_id"], active, row["pin_hash"], row["code_hmac"]
    )


async def refuse(tx: Tx, attempt: Attempt, action: str = "badge_refused") -> None:
    """Counts the failure, and locks this badge at this post at the fifth. The same work for an unknown badge."""
    record_id = attempt.person_id or UUID(bytes=attempt.guarded.login_hash[:16])
    await lockout.failed(
        tx, attempt.guarded, action=action, record_id=record_id, organisation_id=attempt.organisation_id
    )


async def accept(tx: Tx, attempt: Attempt, secret: str, reader: Reader) -> Step:
    """A session at this post, under the person's role in the post's organisation; several: to be chosen. Who was
    signed in here before is signed out."""
    assert attempt.person_id is not None
    await lockout.forgive(tx, attempt.guarded)
    sessions.tell(tx, await devices.end_sessions(tx, attempt.device_id, "replaced"), "replaced")
    idle = timedelta(seconds=reader.settings.post_idle_s)
    proof = Proof(AMR, 2, device_id=attempt.device_id, only_org=attempt.organisation_id, idle=idle)
    return await sessions.open_session(tx, attempt.person_id, proof, secret)


async def set_pin(tx: Tx, attempt: Attempt, code_hmac: bytes, pin_hash: str) -> None:
    """The person chose a PIN; the code no longer works."""
    assert attempt.person_id is not None
    if not await queries.set_pin(tx, attempt.person_id, attempt.organisation_id, code_hmac, pin_hash):
        raise BadgeRefused
    await lockout.forgive(tx, attempt.guarded)
    tx.audit("badge_pin_set", "person", attempt.person_id, attempt.organisation_id)


async def step_up(tx: Tx, attempt: Attempt) -> None:
    """Badge and PIN were proved afresh, by the person of the session."""
    assert tx.principal.sid is not None
    assert attempt.person_id is not None
    await lockout.forgive(tx, attempt.guarded)
    await session_queries.renew(tx, tx.principal.sid, AMR)
    tx.audit("stepped_up", "person", attempt.person_id, attempt.organisation_id, method=" ".join(AMR))


def code_matches(attempt: Attempt, code_hmac: bytes) -> bool:
    """Whether the one-time code is the one, compared in constant time."""
    return attempt.active and hmac.compare_digest(attempt.code_hmac or b"", code_hmac)
