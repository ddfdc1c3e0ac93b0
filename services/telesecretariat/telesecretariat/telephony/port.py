"""The telephony port: what is asked of a telephone system, and what it tells. Audio is its business, the queue ours."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

CommandKind = Literal[
    "answer", "announce", "hold_in_queue", "ring_agent", "connect", "hold", "resume", "dial_third", "transfer",
    "hang_up", "monitor", "record", "delete_recording",
]  # fmt: skip
FactKind = Literal[
    "call_arrived", "digit", "caller_hung_up", "leg_ringing", "leg_answered", "leg_failed", "connected", "ended",
    "device_state", "adapter_up", "adapter_down",
]  # fmt: skip
COMMANDS: Final[frozenset[str]] = frozenset(
    {
        "answer", "announce", "hold_in_queue", "ring_agent", "connect", "hold", "resume", "dial_third", "transfer",
        "hang_up", "monitor", "record", "delete_recording",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be done. `id` names it at the telephone system too, so that asking twice does it once.

    `arguments` by kind: announce {parts, final}: done at once, with `final` when it has been heard to its end;
    hold_in_queue {line_id}; ring_agent {agent_id, device_kind, device_address, consult?: she joins the agent of the
    call by herself, while the caller is on hold; `resume` then brings him to both}; connect {leg} (the agent's,
    `a-<ring command id>`); dial_third {to, purpose: emergency|consult|callback}: of a callback or a call that an agent
    makes, `t-<command id>` is the call's own provider id from then on, and joins the agent by `connect`; the others
    join caller and agent by themselves; transfer {to, warm: false}: rings `to` as leg `t-<command id>`, bridges it with
    the caller when it answers, the agent's leg is then hung up by a command; hang_up {leg?: the caller by default, or
    an agent's or third leg}; monitor {agent_leg, monitoring_id, mode: listen|whisper|barge|end, device_address};
    record {recording_id, on}; delete_recording {recording_id}, also of
    a call long over: one that is not there is deleted; hold, resume, answer {}. Numbers are in here: no `repr` of them.
    """

    id: UUID
    kind: CommandKind
    call_id: UUID
    provider_call_id: str | None
    arguments: Mapping[str, object]

    def __repr__(self) -> str:
        return f"Command(id={self.id}, kind={self.kind!r}, call_id={self.call_id})"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that has happened. `id` is unique at the adapter; `at` is the provider's time: ours decides.

    `details` by kind: call_arrived {from?, to, handled_by?}; digit {digit}; leg_* {leg, cause?} where `leg` is
    `a-<command id>` (agent) or `t-<command id>` (third): leg_failed says that it never answered or was lost; connected
    {leg}, of an observed line {agent: address or label}; ended {cause, by: caller|agent|system|transfer, leg?}: the
    whole call, or that leg was put down on purpose; device_state {agent_id or address, ready}. Facts about a call that
    may never have been told of before (observed lines) also carry `to` and `from`. Numbers are in here too.
    """

    id: str
    kind: FactKind
    at: datetime
    provider_call_id: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Fact(id={self.id!r}, kind={self.kind!r})"


class CommandFailed(Exception):
    """The telephone system refused or does not know how. The text is a code for the operator, without any number."""


class AdapterAway(CommandFailed):
    """It did not answer: whether it was done is not known; the same command may be given again."""


Tell = Callable[[Fact], Awaitable[None]]


class TelephonyPort(Protocol):
    """One telephone system. An adapter runs in one process at a time, and says all it learns to `tell`."""

    @property
    def capabilities(self) -> frozenset[str]:
        """The kinds of command that it can do."""
        ...

    async def run(self, tell: Tell) -> None:
        """For ever: keeps the connection, tells facts (`adapter_up` first). Cancelled to stop."""
        ...

    async def do(self, command: Command) -> None:
        """Does one command. Raises CommandFailed or AdapterAway. What follows of it comes as facts."""
        ...

    async def calls(self) -> frozenset[str]:
        """The provider ids of the calls that it holds now: what we think live and is not here is gone."""
        ...
