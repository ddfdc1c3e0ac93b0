"""A telephone system for tests: it keeps what it was asked and says what the test has it say."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from maillage import clock
from maillage.ids import new_id
from telesecretariat.telephony.adapters import GIVEN
from telesecretariat.telephony.port import COMMANDS, Command, CommandFailed, CommandKind, Fact, FactKind, Tell


class FakeTelephony:
    """A port of tests. With `obeys`, legs that are rung answer and are bridged when asked; `refuses`: kinds that fail.

    `asked` are the commands given, in their order, repeats included; `held` the provider ids of its calls.
    """

    def __init__(self, *, obeys: bool = True, refuses: frozenset[CommandKind] = frozenset()) -> None:
        self.obeys, self.refuses = obeys, refuses
        self.capabilities = frozenset(COMMANDS)
        self.asked: list[Command] = []
        self.held: set[str] = set()
        self._tell: Tell | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._saying: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> bool:
        """Whether a process of the service runs it now."""
        return self._tell is not None

    async def run(self, tell: Tell) -> None:
        """Until cancelled."""
        self._tell, self._loop = tell, asyncio.get_running_loop()
        try:
            await tell(self._fact("adapter_up", None, None, None, {}))
            await asyncio.Event().wait()
        finally:
            self._tell = None

    async def do(self, command: Command) -> None:
        """Keeps it; raises CommandFailed for the kinds that it refuses."""
        self.asked.append(command)
        if command.kind in self.refuses:
            raise CommandFailed("refused")
        if command.kind == "hang_up":
            self.held.discard(str(command.arguments.get("leg", command.provider_call_id)))
        if self.obeys:
            self._obey(command)

    async def calls(self) -> frozenset[str]:
        """What it holds."""
        return frozenset(self.held)

    def _obey(self, command: Command) -> None:
        call = command.provider_call_id
        match command.kind:
            case "ring_agent":
                self._later("leg_answered", call, leg=f"a-{command.id}")
            case "dial_third" | "transfer":
                if command.arguments.get("purpose") == "callback":
                    self.held.add(f"t-{command.id}")
                self._later("leg_answered", call, leg=f"t-{command.id}")
            case "connect":
                self._later("connected", call, leg=command.arguments["leg"])

    def _later(self, kind: FactKind, call: str | None, **details: object) -> None:
        assert self._tell is not None
        task = asyncio.create_task(self._say(self._fact(kind, call, None, None, details)))
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def _say(self, fact: Fact) -> None:
        if self._tell is not None:
            await self._tell(fact)

    async def tell(
        self,
        kind: FactKind,
        call: str | None = None,
        *,
        id_: str | None = None,
        at: datetime | None = None,
        **details: object,
    ) -> None:
        """Says a fact, from any loop; returns when the service has taken it in."""
        assert self._tell is not None, "no process runs this telephone system"
        assert self._loop is not None
        if kind == "call_arrived" and call is not None:
            self.held.add(call)
        if kind == "caller_hung_up" and call is not None:
            self.held.discard(call)
        saying = asyncio.run_coroutine_threadsafe(self._say(self._fact(kind, call, id_, at, details)), self._loop)
        await asyncio.wrap_future(saying)

    def _fact(
        self, kind: FactKind, call: str | None, id_: str | None, at: datetime | None, details: dict[str, object]
    ) -> Fact:
        return Fact(id_ or str(new_id()), kind, at or clock.now(), call, details)


@contextmanager
def in_place_of(adapter_id: str, telephony: FakeTelephony) -> Iterator[FakeTelephony]:
    """While this lasts, workers of this process run that telephone system for the adapter."""
    GIVEN[adapter_id] = telephony
    try:
        yield telephony
    finally:
        del GIVEN[adapter_id]
