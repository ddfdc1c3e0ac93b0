"""Wire types of what an agent does with a call; reading one has its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.telesecretariat import CallState
from maillage.wire import Line, Wire

Outcome = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]


class OutboundIn(Wire):
    """A call that the agent makes: her own telephone is rung first, then `to`. `about_call_id`: the call it follows."""

    line_id: UUID
    to: Line
    about_call_id: UUID | None = None


class TransferIn(Wire):
    """Where to: a French number, or the id of an agent who is ready.

    `cold`: the agent leaves at once. `warm`: she speaks with the other first; the caller is with them if it is a
    number, and hears music while it is a colleague. She leaves by hanging up, or takes the caller back by `resume`.
    """

    to: Line
    mode: Literal["cold", "warm"] = "warm"


class Colleague(Wire):
    """A post that a call can be brought to now; `idle_since`: since when it waits for one."""

    id: UUID
    label: str
    idle_since: datetime | None


class Colleagues(Wire):
    """Who can take a call over, longest idle first."""

    items: Sequence[Colleague]


class WrapUpIn(Wire):
    """30 seconds more, four times at most; or the end, with what came of the call (a code of the centre's outcomes).

    Without `outcome`, what a booking made during the call says is taken.
    """

    act: Literal["extend", "finish"]
    outcome: Outcome | None = None


class MonitoringIn(Wire):
    """How a supervisor takes part, and what for. `device_address`: the telephone that is rung for it."""

    mode: Literal["listen", "whisper", "barge"]
    purpose: Literal["training", "quality", "help"]
    device_address: Annotated[str, Field(pattern=r"^[A-Za-z0-9/@._:+-]{1,120}$")] | None = None


class MonitoringOut(Wire):
    """A supervisor on a call, until `until` at the latest."""

    id: UUID
    call_id: UUID
    supervisor_id: UUID
    mode: Literal["listen", "whisper", "barge"]
    purpose: Literal["training", "quality", "help"]
    began_at: datetime
    until: datetime


class RecordingOut(Wire):
    """A recording, deleted at `purge_at`."""

    id: UUID
    call_id: UUID
    purge_at: datetime


class CallStandsOut(Wire):
    """How a call stands after an act. `consulted_id`: the colleague who is being consulted. Lengths in seconds. Who
    calls, and why, is read by `GET /calls/{id}`."""

    id: UUID
    line_id: UUID
    direction: str
    state: CallState
    agent_id: UUID | None
    connect_deadline: datetime | None
    wrap_up_until: datetime | None
    consulted_id: UUID | None
    ended_by: str | None
    outcome: str | None
    talk_s: float
    hold_s: float
    version: int
