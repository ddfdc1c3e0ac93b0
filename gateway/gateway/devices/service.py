"""Use cases of shared posts and wall screens: enrolled by an administrator, with a code typed at the device."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self
from uuid import UUID

from gateway.attempts import service as attempts
from gateway.attempts.service import Window
from gateway.codes.domain import typed_digits
from gateway.devices import domain, queries
from gateway.devices.errors import EnrolmentGone
from gateway.devices.queries import Row
from gateway.devices.schemas import DeviceIn, DeviceOut, DevicePatch, Devices, EnrolledOut
from gateway.door.address import counted_address
from gateway.door.cookies import Signer
from gateway.paging import after, check_version, next_of
from gateway.sessions import service as sessions
from gateway.sessions.errors import SignInSlowed
from maillage.database import Tx
from maillage.ids import hash_token, new_digits, new_id
from maillage.refusals import NotAllowed, NotFound, TimeInvalid, WrongState

GUESSES: Final = (Window(20, 3_600),)
"""Wrong enrolment codes per address. A code is one of 10^12 and lives 15 minutes."""


@dataclass(frozen=True, slots=True)
class Code:
    """An enrolment code, and the keyed hash of it that the base keeps."""

    text: str
    hash: bytes

    @classmethod
    def new(cls, signer: Signer) -> Self:
        """A code nobody knows yet."""
        return cls.typed(signer, new_digits(domain.CODE_DIGITS))

    @classmethod
    def typed(cls, signer: Signer, text: str) -> Self:
        """What somebody typed."""
        digits = typed_digits(text)
        return cls(domain.spaced(digits), signer.mac("device", digits))


async def list_devices(tx: Tx, cursor: str | None, limit: int) -> Devices:
    """Posts and screens by id."""
    rows = await queries.of_organisation(tx, after(cursor), limit + 1)
    return Devices(items=[_device(row) for row in rows[:limit]], next_cursor=next_of(rows, limit))


async def add(tx: Tx, wanted: DeviceIn, code: Code) -> DeviceOut:
    """A post or screen of the own organisation, and the code to be typed there."""
    own = tx.principal.org
    if own is None:
        raise NotAllowed
    ends = domain.end_of(wanted.valid_to, tx.now)
    if ends <= tx.now:
        raise TimeInvalid(pointer="/valid_to")
    until = tx.now + domain.CODE_LIVES
    row = await queries.add(tx, new_id(), wanted.kind, own, wanted.label, ends, code.hash, until)
    tx.audit("device_added", "device", row["id"], own, kind=wanted.kind)
    return _device(row).model_copy(update={"code": code.text, "code_expires_at": until})


async def new_code(tx: Tx, device_id: UUID, code: Code) -> DeviceOut:
    """Another code: the first one was too old, or the browser lost its cookie."""
    row = await _reached(tx, device_id)
    until = tx.now + domain.CODE_LIVES
    row = await queries.set_code(tx, device_id, code.hash, until)
    tx.audit("device_code_given", "device", device_id, row["organisation_id"])
    return _device(row).model_copy(update={"code": code.text, "code_expires_at": until})


async def change(tx: Tx, device_id: UUID, wanted: DevicePatch, version: int | None) -> DeviceOut:
    """Another label or end. What has ended stays so."""
    row = await _reached(tx, device_id)
    check_version(row, version)
    ends = row["valid_to"] if wanted.valid_to is None else max(wanted.valid_to, tx.now)
    if ends <= row["valid_from"]:
        raise TimeInvalid(pointer="/valid_to")
    if ends <= tx.now:
        sessions.tell(tx, await queries.end_sessions(tx, device_id, "suspended"), "suspended")
    row = await queries.change(tx, device_id, wanted.label or row["label"], ends)
    action = "device_ended" if ends <= tx.now else "device_changed"
    tx.audit(action, "device", device_id, row["organisation_id"])
    return _device(row)


async def may_guess(tx: Tx, address: bytes) -> None:
    """Refused: `SIGN_IN_SLOWED` after too many wrong codes from this address."""
    wait_s = await attempts.waits(tx, "enrolment", address, GUESSES)
    if wait_s:
        raise SignInSlowed(tx.now + timedelta(seconds=wait_s), tx.now)


async def guessed_wrong(tx: Tx, address: bytes) -> None:
    """Counts one."""
    await attempts.count(tx, "enrolment", address)


async def enrol(tx: Tx, code: Code, secret: str) -> EnrolledOut:
    """This browser is the device of the code from now on, known by `secret`; one that was it before is not any more.
    A screen gets a session under the same secret."""
    row = await queries.enrol(tx, code.hash, hash_token(secret))
    if row is None:
        raise EnrolmentGone
    device_id, organisation_id = row["id"], row["organisation_id"]
    sessions.tell(tx, await queries.end_sessions(tx, device_id, "replaced"), "replaced")
    if row["kind"] == "wall":
        await sessions.sign_out(tx)
        await queries.add_wall_session(tx, hash_token(secret), sessions.new_sid(), device_id, row["valid_to"])
    tx.audit("device_enrolled", "device", device_id, organisation_id, kind=row["kind"])
    return EnrolledOut(id=device_id, kind=row["kind"], label=row["label"], organisation_name=row["organisation_name"])


def address_key(signer: Signer, ip: str | None) -> bytes:
    """What wrong codes are counted by."""
    return signer.mac("attempt", f"enrolment:{counted_address(ip or '')}")


async def _reached(tx: Tx, device_id: UUID) -> Row:
    row = await queries.one(tx, device_id)
    if row is None:
        raise NotFound
    if row["valid_to"] <= tx.now:
        raise WrongState(state="ended", allowed=[])
    return row


def _device(row: Row) -> DeviceOut:
    return DeviceOut.model_validate({name: row[name] for name in DeviceOut.model_fields if name in row})
