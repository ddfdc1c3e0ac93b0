"""Who is calling: the session behind the cookie, kept in memory and re-read twice a second, or the visitor's ticket.

An entry older than one second is not believed: the request then reads the base itself, and without the base it is
refused.
So a right that was withdrawn ends within a second, whatever happens to the re-reading.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from gateway.door.cookies import Signer, Ticket
from gateway.door.tokens import Caller
from gateway.permissions import Delegation
from gateway.platform import PLATFORM
from gateway.sealing import Sealer
from gateway.sessions import queries
from gateway.sessions.domain import PATIENT, PROFESSIONAL
from gateway.sessions.queries import Row
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import hash_token
from maillage.principal import Principal, system
from maillage.refusals import ServiceUnavailable

log = structlog.get_logger()
REREAD_S: Final = 0.5
BELIEVED_S: Final = 1.0
FORGOTTEN_S: Final = 60.0
TOUCHED_AFTER: Final = timedelta(seconds=30)
LARGEST: Final = 50_000
_SYSTEM: Final = system("gateway")


@dataclass(slots=True)
class _Entry:
    caller: Caller | None
    """None: the session ended."""
    until: datetime
    idle_until: datetime
    kind: str
    read_at: float
    used_at: float


class Callers:
    """The sessions that this process has resolved."""

    def __init__(
        self, database: Database, sealer: Sealer, signer: Signer, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._signer = signer
        self._monotonic = monotonic
        self._entries: dict[bytes, _Entry] = {}
        self._unknown = Caller(key="visitor:", kind="visitor", sub="visitor:", role="visitor", csrf="")

    def anonymous(self) -> Caller:
        """A caller without any cookie: public rows, nothing that is his own."""
        return self._unknown

    def visitor(self, ticket: Ticket) -> Caller:
        """The holder of a ticket."""
        sub = f"visitor:{ticket.visitor_id}"
        return Caller(
            key=sub, kind="visitor", sub=sub, role="visitor", csrf=self._signer.csrf(sub), visitor=ticket.visitor_id
        )

    async def session(self, secret: str) -> Caller | None:
        """The caller of a session's cookie; None when it ended or never was. `SERVICE_UNAVAILABLE` without the base."""
        id_hash = hash_token(secret)
        at = self._monotonic()
        entry = self._entries.get(id_hash)
        if entry is None or at - entry.read_at > BELIEVED_S:
            await self._read([id_hash])
            entry = self._entries.get(id_hash)
        if entry is None:
            return None
        entry.used_at = at
        return entry.caller if entry.until > clock.now() else None

    def forget_sid(self, sid: str | None) -> None:
        """The next request of this session reads the base: after its own sign-out or change of context."""
        for id_hash in [key for key, entry in self._entries.items() if entry.caller and entry.caller.sid == sid]:
            del self._entries[id_hash]

    async def note_refused(self, caller: Caller, operation: str, ip: str) -> None:
        """A signed-in person asked for what the role does not include: the audit says so (invariant G13)."""
        if caller.kind != "professional":
            return
        who = Principal(sub=caller.sub, kind="professional", role=caller.role, orgs=None, sid=caller.sid, ip=ip)
        await self._database.run(who, _refused, caller, operation)

    async def keep_fresh(self) -> None:
        """For ever: one statement per turn re-reads all that is in use; without the base entries grow old and are
        not believed."""
        while True:
            await asyncio.sleep(REREAD_S)
            try:
                await self.reread()
            except ServiceUnavailable:
                log.warning("sessions not re-read")

    async def reread(self) -> None:
        """One turn."""
        at = self._monotonic()
        for id_hash in [key for key, entry in self._entries.items() if at - entry.used_at > FORGOTTEN_S]:
            del self._entries[id_hash]
        if self._entries:
            await self._touch(at)
            await self._read(list(self._entries))

    async def _touch(self, at: float) -> None:
        """Writes that sessions were used, each at most every half minute."""
        now = clock.now()
        lives = {"patient": PATIENT.idle, "professional": PROFESSIONAL.idle}
        used = [
            key
            for key, entry in self._entries.items()
            if entry.caller
            and at - entry.used_at <= REREAD_S * 2
            and now + lives[entry.kind] - entry.idle_until > TOUCHED_AFTER
        ]
        if used:
            await self._database.run(_SYSTEM, queries.touch, used, PROFESSIONAL.idle, PATIENT.idle)

    async def _read(self, id_hashes: list[bytes]) -> None:
        at = self._monotonic()  # before the statement: an answer that was long under way is as old as its question
        rows = await self._database.read(_SYSTEM, queries.resolved, id_hashes)
        for gone in set(id_hashes).difference(row["id_hash"] for row in rows):
            self._entries.pop(gone, None)
        for row in rows:
            self._keep(row, at)
        while len(self._entries) > LARGEST:
            self._entries.pop(next(iter(self._entries)))

    def _keep(self, row: Row, at: float) -> None:
        old = self._entries.get(row["id_hash"])
        self._entries[row["id_hash"]] = _Entry(
            caller=self._caller(row) if row["live"] else None,
            until=min(row["idle_until"], row["expires_at"]),
            idle_until=row["idle_until"],
            kind=row["kind"],
            read_at=at,
            used_at=old.used_at if old else at,
        )

    def _caller(self, row: Row) -> Caller:
        if row["kind"] == "patient":
            return self._patient(row)
        sub = f"person:{row['person_id']}"
        delegations = tuple(
            Delegation(UUID(each["client"]), frozenset(each["permissions"])) for each in row["delegations"] or ()
        )
        return Caller(
            key=row["sid"],
            kind="professional",
            sub=sub,
            role=row["role"] or "",
            csrf=self._signer.csrf(f"session:{row['sid']}"),
            membership=row["membership_id"],
            org=row["organisation_id"],
            delegations=delegations,
            sid=row["sid"],
            acr=row["acr"],
            amr=tuple(row["amr"]),
            auth_time=int(row["auth_time"].timestamp()),
        )

    def _patient(self, row: Row) -> Caller:
        value = self._sealer.open("contact", row["contact_sealed"]).decode()
        return Caller(
            key=row["sid"],
            kind="patient",
            sub=f"contact:{contact_id(self._signer, value)}",
            role="patient",
            # The visitor's own token, so that a form that was open before the code was proved still works after it.
            csrf=self._signer.csrf(f"visitor:{row['visitor_id']}"),
            contact=(row["contact_channel"], value),
            visitor=row["visitor_id"],
            sid=row["sid"],
            acr=row["acr"],
            amr=tuple(row["amr"]),
            auth_time=int(row["auth_time"].timestamp()),
        )


async def _refused(tx: Tx, caller: Caller, operation: str) -> None:
    person_id = tx.principal.person_id or PLATFORM
    tx.audit("refused.not_allowed", "person", person_id, caller.org or PLATFORM, operation=operation)


def contact_id(signer: Signer, value: str) -> UUID:
    """The same id for the same contact, which nobody can compute without the gateway's key (RFC 9562, version 8)."""
    mac = int.from_bytes(signer.mac("contact", value)[:16], "big")
    mac = mac & ~(0xF << 76) | 0x8 << 76
    return UUID(int=mac & ~(0x3 << 62) | 0x2 << 62)
