"""Use cases of one-time codes: asking for one, and proving a contact with it."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from gateway.codes import alarm, domain, queries
from gateway.codes.domain import Channel
from gateway.codes.errors import CodeChannelPaused, CodeLimit
from gateway.codes.queries import Row
from gateway.codes.schemas import CodeOut
from gateway.door.address import counted_address
from gateway.door.cookies import Signer
from gateway.platform import PLATFORM
from gateway.sessions import queries as sessions
from gateway.sessions import service as session_service
from gateway.sessions.domain import PATIENT
from gateway.settings import GatewaySettings
from maillage.database import Tx
from maillage.ids import hash_token, new_digits, new_id
from maillage.refusals import NotFound
from maillage.sealing import Sealer
from maillage.words import Language

_HOUR: Final = 3_600
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Desk:
    """What codes are made with."""

    settings: GatewaySettings
    signer: Signer
    sealer: Sealer


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code to be made: for whom, by which way, for which visitor."""

    channel: Channel
    contact: str
    visitor_id: str
    language: Language
    return_to: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. It is committed whatever it is, so that a wrong one counts."""

    state: Literal["verified", "wrong", "expired"]
    tries_left: int = 0
    return_to: str | None = None


async def ask(tx: Tx, desk: Desk, wanted: Wanted) -> CodeOut:
    """Makes a code that the worker will send. The answer never depends on whether the contact is known: nobody here
    knows. Limits are looked at twice: at first freely, so that a flood is refused without waiting for its turn, then
    in turn, so that not one more is sent than allowed (invariant G7)."""
    keys = _keys(desk, tx, wanted)
    await _check_limits(tx, desk.settings, wanted, keys)
    await queries.take_turns(tx, keys.turns())
    await _check_limits(tx, desk.settings, wanted, keys)
    challenge_id, code = new_id(), new_digits(domain.DIGITS)
    await queries.add(
        tx,
        challenge_id,
        wanted.channel,
        desk.sealer.seal("contact", wanted.contact.encode()),
        keys.contact,
        keys.block,
        desk.signer.mac("code", f"{challenge_id}:{code}"),
        desk.sealer.seal("code", code.encode()),
        wanted.visitor_id,
        keys.address,
        wanted.language,
        wanted.return_to,
        domain.LIVES.total_seconds(),
    )
    return CodeOut(id=challenge_id, expires_at=tx.now + domain.LIVES, resend_at=tx.now + domain.RESEND_AFTER)


@dataclass(frozen=True, slots=True)
class _Keys:
    """What codes are counted by."""

    contact: bytes
    visitor: str
    address: str
    block: bytes | None

    def turns(self) -> list[str]:
        """What requests that count each other share; the budget, which all share, last."""
        keys = [f"contact {self.contact.hex()}", f"address {self.address}", f"visitor {self.visitor}"]
        return [*keys, "budget"] if self.block else keys


def _keys(desk: Desk, tx: Tx, wanted: Wanted) -> _Keys:
    phone = wanted.channel != "email"
    return _Keys(
        desk.signer.mac("contact", wanted.contact),
        wanted.visitor_id,
        counted_address(tx.principal.ip or ""),
        desk.signer.mac("contact", f"block {domain.block_of(wanted.contact)}") if phone else None,
    )


async def _check_limits(tx: Tx, settings: GatewaySettings, wanted: Wanted, keys: _Keys) -> None:
    counts = await queries.counted(tx, keys.contact, keys.visitor, keys.address)
    limits = (
        (counts["contact_hour"], settings.codes_per_contact_hour, _HOUR - counts["contact_hour_age"]),
        (counts["contact_day"], settings.codes_per_contact_day, _DAY - counts["contact_day_age"]),
        (counts["visitor_hour"], settings.codes_per_visitor_hour, _HOUR - counts["visitor_age"]),
        (counts["address_hour"], settings.codes_per_address_hour, _HOUR - counts["address_age"]),
    )
    waits = [wait for count, most, wait in limits if count >= most]
    if waits:
        raise CodeLimit(max(waits))
    if keys.block is not None:
        await _check_budget(tx, settings, wanted.channel, keys.block)


async def _check_budget(tx: Tx, settings: GatewaySettings, channel: Channel, block_hmac: bytes) -> None:
    """What SMS and calls may cost: so many in all, and no more to a block of numbers whose codes nobody uses."""
    spent = await queries.spent(tx)
    if spent["hour"] >= settings.phone_codes_per_hour or spent["day"] >= settings.phone_codes_per_day:
        alarm.paused("budget", channel)
        raise CodeChannelPaused(_HOUR)
    block = await queries.of_block(tx, block_hmac)
    if domain.is_drained(block["asked"], block["used"], settings.codes_per_block, settings.codes_used_share):
        alarm.paused("block", channel)
        raise CodeChannelPaused(_HOUR)


async def read(tx: Tx, challenge_id: UUID, visitor_id: str) -> Row:
    """The challenge, for its own visitor only."""
    row = await queries.one(tx, challenge_id, visitor_id)
    if row is None:
        raise NotFound
    return row


async def check(tx: Tx, desk: Desk, challenge_id: UUID, visitor_id: str, typed: str, secret: str) -> Outcome:
    """One try. The right code opens a patient's session for this visitor and this contact."""
    row = await queries.try_once(tx, challenge_id, visitor_id, domain.TRIES)
    if row is None:
        await read(tx, challenge_id, visitor_id)
        return Outcome("expired")
    code = domain.typed_digits(typed)
    if not hmac.compare_digest(desk.signer.mac("code", f"{challenge_id}:{code}"), row["code_hmac"]):
        return Outcome("wrong", domain.TRIES - row["tries"])
    await queries.use(tx, challenge_id)
    if tx.principal.sid is not None:
        await session_service.end(tx, "replaced", sid=tx.principal.sid)
    sid = session_service.new_sid()
    await sessions.add_patient(
        tx, hash_token(secret), sid, row["channel"], row["contact_sealed"], visitor_id, PATIENT.idle, PATIENT.absolute
    )
    tx.audit("contact_proved", "challenge", challenge_id, PLATFORM, channel=row["channel"], sid=sid)
    return Outcome("verified", return_to=row["return_to"])


def resend_at(row: Row) -> datetime:
    """When a new code may be asked for without haste."""
    at: datetime = row["created_at"]
    return at + domain.RESEND_AFTER
