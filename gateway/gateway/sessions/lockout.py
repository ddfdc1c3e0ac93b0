"""Guessing is slowed: failures are counted by login and device, and by address (design: gateway 3.3, 3.7).

Counted alike whether the login exists or not. A known device has counts of its own: a stranger who guesses locks the
login for strangers, not for its owner.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gateway.attempts import service as attempts
from gateway.attempts.service import Window
from gateway.door.address import counted_address
from gateway.door.cookies import Signer
from gateway.sessions import domain, queries
from gateway.sessions.errors import SignInSlowed
from gateway.settings import GatewaySettings
from maillage.database import Tx
from maillage.ids import hash_token


@dataclass(frozen=True, slots=True)
class Guarded:
    """What failures are counted by, and how many may be."""

    login_hash: bytes
    device_id: UUID | None
    """The known device it comes from; None: any other."""
    address_hash: bytes
    per_minute: int
    per_address_hour: int

    @classmethod
    def of(
        cls, name: str, signer: Signer, settings: GatewaySettings, ip: str | None, device_id: UUID | None = None
    ) -> "Guarded":
        """For a login's key, or for `person:<id>` where somebody who is signed in proves himself again."""
        return cls(
            signer.mac("login", name),
            device_id,
            signer.mac("attempt", f"address:{counted_address(ip or '')}"),
            settings.sign_ins_per_minute,
            settings.sign_in_failures_per_address_hour,
        )


async def check(tx: Tx, guarded: Guarded) -> None:
    """Counts one try. Raises `SIGN_IN_SLOWED` while it is locked or too fast; then nothing is counted."""
    until = await queries.locked_until(tx, guarded.login_hash, guarded.device_id)
    if until is not None and until > tx.now:
        raise SignInSlowed(until, tx.now)
    wait_s = 0
    if guarded.device_id is None:
        windows = [Window(guarded.per_address_hour, 3_600)]
        wait_s = await attempts.waits(tx, "sign-in failures", guarded.address_hash, windows)
    key = hash_token(f"{guarded.login_hash.hex()} {guarded.device_id}")
    wait_s = max(wait_s, await attempts.count(tx, "sign-in", key, [Window(guarded.per_minute, 60)]))
    if wait_s:
        raise SignInSlowed(tx.now + timedelta(seconds=wait_s), tx.now)


async def failed(tx: Tx, guarded: Guarded, *, action: str, record_id: UUID, organisation_id: UUID) -> None:
    """Counts a failure, locks at each fifth, and says so to the audit. The same work whatever failed."""
    failures = await queries.count_failure(tx, guarded.login_hash, guarded.device_id, domain.FORGOTTEN_AFTER)
    until = domain.locked_until(failures, tx.now)
    if until is not None:
        await queries.lock(tx, guarded.login_hash, guarded.device_id, until)
    if guarded.device_id is None:  # a hospital's posts behind one address must not stop its strangers
        await attempts.count(tx, "sign-in failures", guarded.address_hash)
    tx.audit(action, "person", record_id, organisation_id, failures=failures, locked=until is not None)


async def forgive(tx: Tx, guarded: Guarded) -> None:
    """A complete proof clears the count of its login and device; the address keeps its own."""
    await queries.forgive(tx, guarded.login_hash, guarded.device_id)
