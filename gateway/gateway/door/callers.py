"""Who is calling: the session behind the cookie or the partner behind the token, kept in memory and re-read twice a
second, or the visitor's ticket.

An entry older than one second is not believed: the request then reads the base itself, and without the base it is
refused.
So a right that was withdrawn ends within a second, whatever happens to the re-reading.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from gateway import permissions
from gateway.door.cookies import Signer, Ticket
from gateway.door.tokens import Caller
from gateway.partners import queries as partners
from gateway.permissions import NARROWED, Delegation
from gateway.platform import PLATFORM
from gateway.sessions import queries
from gateway.sessions.domain import PATIENT, PROFESSIONAL
from gateway.sessions.queries import Row
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import hash_token
from maillage.principal import Principal, system
from maillage.refusals import ServiceUnavailable
from maillage.sealing import Sealer

log = structlog.get_logger()
REREAD_S: Final = 0.5
BELIEVED_S: Final = 1.0
FORGOTTEN_S: Final = 60.0
TOUCHED_AFTER: Final = timedelta(seconds=30)
LARGEST: Final = 50_000
VISITORS: Final = 20_000
TOKEN_PREFIX: Final = "mt_"  # noqa: S105 - how partners' tokens begin, so that a leaked one is found by its form
_SYSTEM: Final = system("gateway")


@dataclass(slots=True)
class _Entry:
    caller: Caller | None
    """None: the session or token ended."""
    until: datetime
    idle: timedelta | None
    """How long it lives without use."""
    idle_until: datetime | None
    """None: it ends at its own time only, as a partner's token does."""
    kind: str
    row: Row | None
    """What it was made of: as long as the base says the same, nothing is made anew."""
    read_at: float
    used_at: float
    followed: int = 0
    """Open streams of this caller: it is re-read even while it asks nothing."""
    renamed: bool = False
    """Its row is known under another secret: the context was changed. A session that ended keeps its row."""


class Callers:
    """The sessions and partners' tokens that this process has resolved."""

    def __init__(
        self, database: Database, sealer: Sealer, signer: Signer, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._signer = signer
        self._monotonic = monotonic
        self._entries: dict[bytes, _Entry] = {}
        self.watchers: list[Callable[[], None]] = []
        """Told when all that is in use was read again."""
        self._all_read_at = -math.inf
        self._next: tuple[set[bytes], asyncio.Task[None]] | None = None
        self._reading = asyncio.Lock()
        self._visitors: OrderedDict[str, Caller] = OrderedDict()
        self._grants = permissions.grants_of("visitor")
        self._unknown = Caller("visitor:", "visitor", "visitor:", "visitor", "", self._grants)

    def anonymous(self) -> Caller:
        """A caller without any cookie: public rows, nothing that is his own."""
        return self._unknown

    def visitor(self, ticket: Ticket) -> Caller:
        """The holder of a ticket."""
        known = self._visitors.get(ticket.visitor_id)
        if known is not None:
            return known
        sub = f"visitor:{ticket.visitor_id}"
        caller = Caller(sub, "visitor", sub, "visitor", self._signer.csrf(sub), self._grants, visitor=ticket.visitor_id)
        self._visitors[ticket.visitor_id] = caller
        if len(self._visitors) > VISITORS:
            self._visitors.popitem(last=False)
        return caller

    async def session(self, secret: str) -> Caller | None:
        """The caller of a session's cookie; None when it ended or never was. `SERVICE_UNAVAILABLE` without the base."""
        return None if secret.startswith(TOKEN_PREFIX) else await self.resolved(hash_token(secret))

    async def token(self, secret: str) -> Caller | None:
        """The partner of an access token; None when it ended or never was. `SERVICE_UNAVAILABLE` without the base."""
        return await self.resolved(hash_token(secret)) if secret.startswith(TOKEN_PREFIX) else None

    async def resolved(self, id_hash: bytes) -> Caller | None:
        """Who is behind a hash, as it is now; counts as use."""
        at = self._monotonic()
        entry = self._entries.get(id_hash)
        if entry is None or at - entry.read_at > BELIEVED_S:
            await self._read_with_others(id_hash)
            entry = self._entries.get(id_hash)
        if entry is None:
            return None
        entry.used_at = at
        return entry.caller if entry.until > clock.now() else None

    def follow(self, id_hash: bytes) -> None:
        """Keeps this caller re-read while a stream of his is open. `unfollow` as often as `follow`."""
        self._entries[id_hash].followed += 1

    def unfollow(self, id_hash: bytes) -> None:
        """The stream is closed."""
        entry = self._entries.get(id_hash)
        if entry is not None and entry.followed:
            entry.followed -= 1

    def peek(self, id_hash: bytes) -> Caller | None:
        """As `resolved`, from memory and without counting as use: for streams. None when it ended, or `follow` was
        never said. `SERVICE_UNAVAILABLE` while what is known is older than a second."""
        entry = self._entries.get(id_hash)
        if entry is None or entry.caller is None or entry.until <= clock.now():
            return None
        if self._monotonic() - entry.read_at > BELIEVED_S:
            raise ServiceUnavailable
        return entry.caller

    def fresh(self) -> bool:
        """Whether all that is followed was read within the last second: then none need be asked one by one."""
        return self._monotonic() - self._all_read_at <= BELIEVED_S

    def renamed(self, id_hash: bytes) -> bool:
        """Of a session for which `peek` says None: whether it goes on under another secret."""
        entry = self._entries.get(id_hash)
        return entry is not None and entry.renamed

    def forget_sid(self, sid: str | None) -> None:
        """The next request of this session reads the base: after its own sign-out or change of context."""
        for entry in self._entries.values():
            if entry.caller and entry.caller.sid == sid:
                entry.read_at = -math.inf

    def forget(self, id_hash: bytes) -> None:
        """The next request with this token reads the base."""
        self._entries.pop(id_hash, None)

    async def note_refused(self, caller: Caller, operation: str, ip: str) -> None:
        """A signed-in person asked for what the role does not include: the audit says so (invariant G13)."""
        if caller.kind not in ("professional", "partner"):
            return
        who = Principal(
            sub=caller.sub,
            kind="partner" if caller.kind == "partner" else "professional",
            role=caller.role,
            orgs=None,
            sid=caller.sid,
            ip=ip,
        )
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
        for id_hash in [
            key for key, entry in self._entries.items() if not entry.followed and at - entry.used_at > FORGOTTEN_S
        ]:
            del self._entries[id_hash]
        if self._entries:
            await self._touch(at)
            began = self._monotonic()
            await self._read(list(self._entries))
            self._all_read_at = began
            for told in self.watchers:
                asyncio.get_running_loop().call_soon(told)

    async def _touch(self, at: float) -> None:
        """Writes that sessions were used, each at most every half minute."""
        now = clock.now()
        used = [
            key
            for key, entry in self._entries.items()
            if entry.caller
            and entry.idle is not None
            and entry.idle_until is not None
            and at - entry.used_at <= REREAD_S * 2
            and now + entry.idle - entry.idle_until > TOUCHED_AFTER
        ]
        if used:
            await self._database.run(_SYSTEM, queries.touch, used, PROFESSIONAL.idle, PATIENT.idle)

    async def _read_with_others(self, id_hash: bytes) -> None:
        """One statement at a time, for all who have come meanwhile: a thousand screens that come back at once after a
        restart ask the base a few times, not a thousand."""
        if self._next is None:
            wanted: set[bytes] = set()
            self._next = wanted, asyncio.create_task(self._read_wanted(wanted))
        self._next[0].add(id_hash)
        await asyncio.shield(self._next[1])

    async def _read_wanted(self, wanted: set[bytes]) -> None:
        async with self._reading:
            self._next = None
            await self._read(list(wanted))

    async def _read(self, id_hashes: list[bytes]) -> None:
        at = self._monotonic()  # before the statement: an answer that was long under way is as old as its question
        known = {key for key in id_hashes if key in self._entries}
        tokens = [key for key in known if self._entries[key].kind == "partner"]
        sessions = [key for key in known if self._entries[key].kind != "partner"]
        new = [key for key in id_hashes if key not in known]
        rows = await self._database.read(_SYSTEM, _resolved, [*sessions, *new], [*tokens, *new])
        for gone in set(id_hashes).difference(row["id_hash"] for row in rows):
            self._lost(gone)
        for row in rows:
            self._keep(row, at)
        if len(self._entries) > LARGEST:
            for key in [key for key, entry in self._entries.items() if not entry.followed][: LARGEST // 10]:
                del self._entries[key]

    def _lost(self, id_hash: bytes) -> None:
        entry = self._entries.pop(id_hash, None)
        if entry is not None and entry.followed:
            entry.caller, entry.row, entry.renamed = None, None, True
            self._entries[id_hash] = entry  # its streams hear of it at their next look

    def _keep(self, row: Row, at: float) -> None:
        old = self._entries.get(row["id_hash"])
        if old is not None and old.row == row:
            old.read_at = at
            return
        caller = self._caller(row) if row["live"] else None
        if old is not None and old.caller == caller:
            caller = old.caller  # with what was decided for it
        idle_until: datetime | None = row["idle_until"]
        self._entries[row["id_hash"]] = _Entry(
            caller=caller,
            until=min(idle_until, row["expires_at"]) if idle_until else row["expires_at"],
            idle=_idle(row) if idle_until else None,
            idle_until=idle_until,
            kind=row["kind"],
            row=row,
            read_at=at,
            used_at=old.used_at if old else at,
            followed=old.followed if old else 0,
        )

    def _caller(self, row: Row) -> Caller:
        if row["kind"] == "partner":
            return _partner(row)
        if row["kind"] == "patient":
            return self._patient(row)
        role = row["role"] or ""
        return Caller(
            key=row["sid"],
            kind="professional",
            sub=f"person:{row['person_id']}" if row["person_id"] else f"device:{row['device_id']}",
            role=role,
            csrf=self._signer.csrf(f"session:{row['sid']}"),
            grants=permissions.grants_of(role),
            membership=row["membership_id"],
            org=row["organisation_id"],
            delegations=_delegations(row),
            assigned=frozenset(row["assigned"] or ()) if role in NARROWED else None,
            sid=row["sid"],
            device=row["device_id"],
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
            grants=permissions.grants_of("patient"),
            # The visitor's own token, so that a form that was open before the code was proved still works after it.
            csrf=self._signer.csrf(f"visitor:{row['visitor_id']}"),
            contact=(row["contact_channel"], value),
            visitor=row["visitor_id"],
            sid=row["sid"],
            acr=row["acr"],
            amr=tuple(row["amr"]),
            auth_time=int(row["auth_time"].timestamp()),
        )


def _idle(row: Row) -> timedelta:
    """Its own time without use, as at a shared post, or that of its kind."""
    if row["idle_s"] is not None:
        return timedelta(seconds=row["idle_s"])
    return PATIENT.idle if row["kind"] == "patient" else PROFESSIONAL.idle


def _delegations(row: Row) -> tuple[Delegation, ...]:
    return tuple(Delegation(UUID(each["client"]), frozenset(each["permissions"])) for each in row["delegations"] or ())


def _partner(row: Row) -> Caller:
    sub = f"client:{row['client_id']}"
    return Caller(
        key=f"{sub}:{row['id_hash'].hex()[:16]}",
        kind="partner",
        sub=sub,
        role="",
        csrf="",
        grants=permissions.client_grants(row["scopes"], row["reach"]),
        org=row["organisation_id"],
        delegations=_delegations(row),
        bound_ids=tuple(row["bound_ids"]),
        acr=1,
        amr=("key", "x5t") if row["x5t"] else ("key",),
        auth_time=int(row["issued_at"].timestamp()),
        x5t=row["x5t"],
    )


async def _resolved(tx: Tx, sessions: list[bytes], tokens: list[bytes]) -> list[Row]:
    rows = await queries.resolved(tx, sessions) if sessions else []
    return rows + (await partners.resolved(tx, tokens) if tokens else [])


async def _refused(tx: Tx, caller: Caller, operation: str) -> None:
    person_id = tx.principal.person_id or PLATFORM
    tx.audit("refused.not_allowed", "person", person_id, caller.org or PLATFORM, operation=operation)


def contact_id(signer: Signer, value: str) -> UUID:
    """The same id for the same contact, which nobody can compute without the gateway's key (RFC 9562, version 8)."""
    mac = int.from_bytes(signer.mac("contact", value)[:16], "big")
    mac = mac & ~(0xF << 76) | 0x8 << 76
    return UUID(int=mac & ~(0x3 << 62) | 0x2 << 62)
