"""The waiting room at the door: who is in carries it in the signed visitor's ticket, who waits a signed number.

Each process has its own room, a share of the places, and its own numbers; a number of another process, or from before
a restart, is as good as none. Behind several replicas the edge therefore keeps a visitor at one of them.
"""

import hmac
import time
from collections.abc import Callable
from typing import Final

from prometheus_client import Gauge

from gateway.door import cookies
from gateway.door.cookies import CookieRules, Signer, Ticket
from gateway.door.pages import navigates
from gateway.door.request import Request
from gateway.door.routes import Operation
from gateway.door.tokens import Caller
from gateway.settings import GatewaySettings
from gateway.waiting.domain import Room
from gateway.waiting.errors import WaitingRoom
from gateway.waiting.pages import visit_of, waiting_page
from maillage import clock
from maillage.ids import new_token

INSIDE: Final = Gauge("maillage_door_visits", "Visits under way")
WAITING: Final = Gauge("maillage_door_waiting", "Visitors who wait for their turn")
_NUMBER_S: Final = 7200


class Entrance:
    """Lets visitors in, one by one when there are many."""

    def __init__(
        self,
        settings: GatewaySettings,
        signer: Signer,
        rules: CookieRules,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._room = Room(settings.most_visitors // settings.replicas)
        self._name = new_token()
        self._signer, self._rules, self._monotonic = signer, rules, monotonic

    def admit(self, request: Request, caller: Caller) -> None:
        """Passes who is in, lets in who may come. Refused: `WAITING_ROOM` 503, with a number for a browser.

        Professionals, machines, static files, shared answers, pages of information and the gateway's own operations
        never wait.
        """
        operation, visitor = request.operation, caller.visitor
        assert operation is not None
        if visitor is None or not _entered_by(operation):
            return
        at, ticket = self._monotonic(), request.ticket
        if caller.kind != "visitor" or (ticket is not None and ticket.entered):
            self._room.seen(visitor, at)
            return
        self._ask(request, visitor, at)
        INSIDE.set(self._room.inside)
        WAITING.set(self._room.waiting)

    def _ask(self, request: Request, visitor: str, at: float) -> None:
        rules, number = self._rules, self._number(request, visitor)
        person = request.method == "GET" and navigates(request.one.get(b"accept", b""))
        place = self._room.ask(visitor, number, at, draws=person)
        if place is None:
            ticket = Ticket(visitor, int(clock.now().timestamp()), entered=True)
            self._tell(request, rules.visitor, self._signer.ticket(ticket), cookies.TICKET_S)
            if number is not None:
                request.cookies.append(rules.clear(rules.turn))
            return
        if not person:
            raise WaitingRoom
        if place.number != number:
            self._tell(request, rules.turn, f"{place.number}.{self._mac(place.number, visitor)}", _NUMBER_S)
        assert request.path is not None
        query = request.scope["query_string"].decode("latin-1")
        visit = visit_of(request.path.text, query, request.one.get(b"accept-language", b"").decode("latin-1"))
        raise WaitingRoom(waiting_page(visit, place.number, place.ahead))

    def _tell(self, request: Request, name: str, value: str, age_s: int) -> None:
        """Sets a cookie instead of one of that name."""
        request.cookies[:] = [each for each in request.cookies if not each.startswith(f"{name}=")]
        request.cookies.append(self._rules.set(name, value, age_s))

    def _number(self, request: Request, visitor: str) -> int | None:
        """The number that this visitor drew here; another's is nobody's."""
        value = cookies.parse(request.one.get(b"cookie", b""), self._rules.turn)
        number, _, mac = (value or "").partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            return None
        right = self._mac(int(number), visitor)
        return int(number) if hmac.compare_digest(mac.encode("latin-1", "replace"), right.encode()) else None

    def _mac(self, number: int, visitor: str) -> str:
        return self._signer.mac("turn", f"{self._name}:{number}:{visitor}").hex()[:32]


def _entered_by(operation: Operation) -> bool:
    """Whether an operation belongs to a visit."""
    return (
        operation.service != "gateway"
        and operation.public_s == 0
        and operation.asked not in (("signed",), ("public",))
        and not operation.template.startswith("/rdv/static/")
    )
