"""How much: requests by caller (design: gateway 3.7)."""

from collections.abc import Sequence

from gateway.door.headers import Header
from gateway.door.routes import Operation
from gateway.door.tokens import Caller


class Limits:
    """Counts what each caller asks."""

    async def take(self, caller: Caller, operation: Operation, ip: str) -> Sequence[Header]:
        """Counts one request; the headers that say what is left."""
        return ()
