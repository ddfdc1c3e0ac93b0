"""Wire types of the floor. No caller's number, no name: posts, lines, lengths and ids."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from maillage.wire import Instant, Wire
from telesecretariat.desk.schemas import MessageLine, TaskLine


class AgentItem(Wire):
    """One agent. `state_since` and `call_since` are what timers count from; `client_ids`: whom she answers for now."""

    id: UUID
    organisation_id: UUID
    label: str
    skills: list[str]
    presence: Literal["online", "stale", "offline"]
    work_state: Literal["not_ready", "ready", "offered", "on_call", "wrap_up"]
    reason: str | None
    state_since: Instant
    idle_since: Instant | None
    pending_state: str | None
    pending_reason: str | None
    wrap_up_until: Instant | None
    call_id: UUID | None
    line_id: UUID | None
    call_state: str | None
    call_since: Instant | None
    client_ids: list[UUID]
    version: int


class LevelsItem(Wire):
    """Calls that arrived in a period, and the service levels each by its name; null where nothing was counted.

    `sl_answered` (SL1): answered in time of the answered; `sl_with_abandons` (SL2): answered or gone in time of the
    answered and abandoned; `sl_offered` (SLo): answered in time of the offered without short abandons.
    """

    offered: int
    answered: int
    abandoned: int
    short_abandoned: int
    answered_rate: float | None
    sl_answered: float | None
    sl_with_abandons: float | None
    sl_offered: float | None


class LineItem(Wire):
    """One line: whether it answers and until when, who waits (the first since `waits_since`, `longest_wait_s`), what a
    caller of this moment would wait (`estimate_s`, null with nobody signed in), levels of its local day and of the last
    half hour beside `sl_threshold_s` and the goal for `sl_offered`."""

    id: UUID
    client_id: UUID
    name: str
    mode: Literal["owned", "observed"]
    open: bool
    reason: Literal["open", "hours", "holiday", "closed_day"]
    until: Instant | None
    waiting: int
    waits_since: Instant | None
    longest_wait_s: int
    estimate_s: int | None
    agents: int
    ready: int
    sl_threshold_s: int
    sl_goal: float
    received: int
    day: LevelsItem
    half_hour: LevelsItem


class MessageLevel(Wire):
    """How many messages nobody has acknowledged by a deadline, by how far they were told on; `due_at`: when the next
    one is told."""

    urgency: Literal["urgent", "same_day", "routine"]
    level: int
    count: int
    due_at: Instant


class CallbacksItem(Wire):
    """Callers of one line who are owed a call; `late`: for more than half an hour."""

    line_id: UUID
    open: int
    dialling: int
    late: int
    since: Instant


class UnclassifiedItem(Wire):
    """A call of the last fifteen days that ended without an outcome, of which no supervisor has been told."""

    id: UUID
    client_id: UUID
    line_id: UUID
    ended_at: Instant
    version: int


class RedFlagItem(Wire):
    """An emergency that is not closed."""

    id: UUID
    client_id: UUID
    call_id: UUID
    agent_id: UUID
    state: Literal["opened", "dialling", "three_way", "handed_over"]
    opened_at: Instant
    version: int


class AdapterDownItem(Wire):
    """A telephone system that does not answer."""

    id: str
    kind: Literal["simulated", "webhook", "ari"]
    since: Instant


class Board(Wire):
    """The floor. `as_of`: the place in the live stream from which changes follow; `at`: the service's clock, for
    timers. Lists of late items end at one hundred; `message_levels` and `callbacks` count all."""

    as_of: str | None
    at: Instant
    agents: Sequence[AgentItem]
    lines: Sequence[LineItem]
    red_flags: Sequence[RedFlagItem]
    adapters_down: Sequence[AdapterDownItem]
    message_levels: Sequence[MessageLevel]
    late_messages: Sequence[MessageLine]
    callbacks: Sequence[CallbacksItem]
    late_tasks: Sequence[TaskLine]
    unclassified: Sequence[UnclassifiedItem]
