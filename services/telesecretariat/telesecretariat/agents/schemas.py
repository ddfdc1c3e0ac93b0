"""Wire types of agents."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Instant, Line, Wire

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]


class Device(Wire):
    """What rings: a telephone (its address at the telephone system) or the softphone of the browser."""

    kind: Literal["phone", "browser"]
    address: Line


class SessionIn(Wire):
    """A desk that opens. `desk_id` is made by the window; `take_over` closes the one that is open elsewhere."""

    desk_id: UUID
    device: Device
    take_over: bool = False


class Heartbeat(Wire):
    """A sign of life, every ten seconds. `telephone_ready`: whether the telephone in the browser has registered, as a
    desk says that has one; it is not rung before."""

    desk_id: UUID
    telephone_ready: bool | None = None


class StateIn(Wire):
    """What the agent wishes to be. A pause (`not_ready`) needs a reason of the catalogue."""

    work_state: Literal["ready", "not_ready"]
    reason: Code | None = None
    desk_id: UUID | None = None


class AgentOut(Wire):
    """An agent as she is. `pending_state` comes into force when the call and its wrap-up are over;
    until `forced_until` she cannot make herself ready."""

    id: UUID
    label: str
    presence: Literal["online", "stale", "offline"]
    work_state: Literal["not_ready", "ready", "offered", "on_call", "wrap_up"]
    reason: str | None
    pending_state: str | None
    pending_reason: str | None
    state_since: Instant
    idle_since: Instant | None
    wrap_up_until: Instant | None
    wrap_up_extensions: int
    forced_until: Instant | None
    device: Device | None
    device_ready: bool
    version: int


class SessionOut(Wire):
    """The desk's lease: it ends at `lease_until` unless a sign of life comes. `softphone`: where the browser's
    telephone registers, for a desk that has one; what it registers with is read by `GET /agents/me/softphone`, for the
    answer to an act is kept a while."""

    desk_id: UUID
    lease_until: Instant
    heartbeat_s: int
    agent: AgentOut
    softphone: str | None = None


class Softphone(Wire):
    """How the telephone of one's browser registers: `user` and `password` for the address `uri`, until `until`. Keep it
    in memory alone, and read it anew."""

    url: str
    uri: str
    user: str
    password: str
    until: Instant
