"""Manage links that were guessed: counted by address, whatever process answered (design: gateway 3.6, 3.7).

The service decides what a link shows and how often a birth date may be tried; the door only sees how it answered: a
link that is no link (404), a wrong date (422 to the form of the link itself), a link that was just closed (410).
"""

from functools import partial
from typing import Final

from gateway.attempts import service as attempts
from gateway.attempts.service import Window
from gateway.door.address import counted_address
from gateway.door.cookies import Signer
from gateway.door.request import Sent
from gateway.door.routes import Operation
from maillage.database import Database, Tx
from maillage.principal import system

_SYSTEM: Final = system("gateway")
_LINKS: Final = ("/rdv/g/{token}", "/rdv/o/{token}")
"""Of appointments, and of offers of the waiting list."""
_USE: Final = "manage-link"


class Misses:
    """So many misses an hour from one address; then no link is opened from there for a while."""

    def __init__(self, database: Database, signer: Signer, an_hour: int) -> None:
        self._database, self._signer = database, signer
        self._windows = (Window(an_hour, 3600),)

    async def wait_s(self, operation: Operation, ip: str) -> int:
        """Seconds to wait before a link may be opened from this address; 0: none."""
        if not operation.template.startswith(_LINKS):
            return 0
        return await self._database.read(_SYSTEM, _waits, self._key(ip), self._windows)

    def watch(self, operation: Operation, ip: str, send: Sent) -> None:
        """Counts a miss before its answer leaves: the next guess already finds it."""
        if operation.template.startswith(_LINKS):
            send.before = partial(self._answered, operation, ip)

    async def _answered(self, operation: Operation, ip: str, status: int) -> None:
        wrong_date = status == 422 and operation.method == "POST" and operation.template in _LINKS
        if wrong_date or status in (404, 410):
            await self._database.run(_SYSTEM, attempts.count, _USE, self._key(ip))

    def _key(self, ip: str) -> bytes:
        return self._signer.mac("attempt", f"{_USE} {counted_address(ip)}")


async def _waits(tx: Tx, key: bytes, windows: tuple[Window, ...]) -> int:
    return await attempts.waits(tx, _USE, key, windows)
