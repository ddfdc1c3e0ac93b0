"""How much: requests by caller (design: gateway 3.7).

Each class has its buckets: so many requests a minute, and so many at once. A person who is signed in is counted by
session, a machine by client, and only who is nobody yet by address: a hospital is one address. The buckets are in the
memory of this process; those of addresses are divided among the replicas, which share an address between them, while
the connections of a session or of a machine stay with one process.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from gateway.door.address import counted_address
from gateway.door.days import Days
from gateway.door.headers import Header
from gateway.door.misses import Misses
from gateway.door.request import Request, Sent
from gateway.door.routes import Operation
from gateway.door.tokens import Caller
from gateway.settings import GatewaySettings
from maillage.refusals import Refusal
from maillage.words import Words

LARGEST: Final = 50_000
"""Keys of one class that are remembered; beyond, the one that asked longest ago is forgotten, hence full again."""
_STATIC: Final = "/rdv/static/"
_SIGN_IN: Final = ("/auth/", "/oauth/")
_CODES: Final = "/auth/codes"
_ENOUGH: Final = 1e-9
_KEPT: Final = 1_000


class RateLimited(Refusal):
    """More requests than this caller may send; `Retry-After` says when the next is taken, and wins over `RateLimit`."""

    code, status = "RATE_LIMITED", 429
    title = Words("Trop de demandes", "Too many requests")
    detail = Words(
        "Attendez quelques instants, puis recommencez.",
        "Wait a moment, then try again.",
    )

    def __init__(self, wait_s: float, headers: Sequence[Header] = ()) -> None:
        told = {name.decode(): value.decode() for name, value in headers}
        super().__init__(headers={**told, "Retry-After": str(max(1, math.ceil(wait_s)))})


class Buckets:
    """One bucket per key: it holds `burst` requests and gains `per_minute` of them a minute.

    What is kept of a key is one number, the instant at which its bucket is full again, so that both time and memory
    are constant.
    """

    def __init__(self, name: str, per_minute: float, burst: float, largest: int = LARGEST) -> None:
        self._spacing = 60 / per_minute
        self._room = max(burst, 1) * self._spacing
        self._largest = largest
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self.policy: Final = b'"%s";q=%d;w=60' % (name.encode(), max(1, per_minute))
        self._left = f'"{name}";r=%d;t=%d'.encode()
        self._told: dict[int, Sequence[Header]] = {}

    def take(self, key: str, at: float) -> float:
        """Takes one request at an instant in seconds; the seconds of room that are left, or, below zero, that are
        missing: then nothing was taken."""
        full_at = self._full_at
        then = max(full_at.get(key, at), at) + self._spacing
        left = self._room - (then - at) + _ENOUGH
        if left >= 0:
            full_at[key] = then
            full_at.move_to_end(key)
            if len(full_at) > self._largest:
                full_at.popitem(last=False)
        return left

    def told(self, left: float) -> Sequence[Header]:
        """`RateLimit`: requests that may be sent at once, and seconds until all of them may again; with the policy."""
        free = int(left / self._spacing) if left > 0 else 0
        said = self._told.get(free)
        if said is None:
            full_in = math.ceil(self._room - free * self._spacing - _ENOUGH)
            said = ((b"ratelimit-policy", self.policy), (b"ratelimit", self._left % (free, full_in)))
            if len(self._told) < _KEPT:
                self._told[free] = said
        return said

    def __len__(self) -> int:
        return len(self._full_at)


class Limits:
    """Counts what each caller asks."""

    def __init__(
        self,
        settings: GatewaySettings,
        days: Days | None = None,
        misses: Misses | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        shared = settings.replicas
        self._addresses = Buckets(
            "anonymous", settings.anonymous_per_minute / shared, settings.anonymous_burst / shared
        )
        self._sign_ins = Buckets("sign-in", settings.sign_in_per_minute / shared, settings.sign_in_burst / shared)
        self._sessions = Buckets("session", settings.session_per_minute, settings.session_burst)
        self._posts = Buckets("post", settings.post_per_minute, settings.post_burst)
        self._clients = Buckets("client", settings.client_per_minute, settings.client_burst)
        self._territory = Buckets("client", settings.sas_per_minute, settings.sas_burst)
        self._days = days or Days(settings.client_per_day)
        self._misses = misses
        self._monotonic = monotonic

    async def take(self, caller: Caller, operation: Operation, ip: str) -> Sequence[Header]:
        """Counts one request; the headers that say what is left. Refused: `RATE_LIMITED` 429."""
        if caller.kind == "partner":
            return self._machine(caller)
        if caller.kind == "visitor":
            if operation.template.startswith(_STATIC):
                return ()
            # A centre signs in at 7:58 from one address, a hospital's machines ask for tokens from one; failures have
            # counts of their own, in the base.
            signing_in = operation.template.startswith(_SIGN_IN) and not operation.template.startswith(_CODES)
            said = self._taken(self._sign_ins if signing_in else self._addresses, counted_address(ip))
            if self._misses is not None and (wait_s := await self._misses.wait_s(operation, ip)):
                raise RateLimited(wait_s, said)
            return said
        if caller.device is not None and (caller.membership is None or "badge" in caller.amr):
            return self._taken(self._posts, str(caller.device))
        return self._taken(self._sessions, caller.sid or caller.key)

    def watch(self, request: Request, send: Sent) -> None:
        """Counts what the service will answer, where a wrong guess is to be counted."""
        if self._misses is not None and request.operation is not None:
            self._misses.watch(request.operation, request.ip, send)

    def _taken(self, buckets: Buckets, key: str) -> Sequence[Header]:
        left = buckets.take(key, self._monotonic())
        if left < 0:
            raise RateLimited(-left, buckets.told(left))
        return buckets.told(left)

    def _machine(self, caller: Caller) -> Sequence[Header]:
        """A partner: by the minute, then by the day. Clients that reach the territory are those of the SAS."""
        buckets = self._territory if "t" in caller.grants.values() else self._clients
        client_id = caller.sub.removeprefix("client:")
        left, days = buckets.take(client_id, self._monotonic()), self._days
        allowed = left >= 0 and days.take(client_id)
        (_, policy), (_, minute) = buckets.told(left)
        said = (
            (b"ratelimit-policy", b"%b, %b" % (policy, days.policy)),
            (b"ratelimit", b"%b, %b" % (minute, days.told(client_id))),
        )
        if not allowed:
            raise RateLimited(-left if left < 0 else days.left_s(), said)
        return said
