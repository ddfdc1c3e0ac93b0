"""Events of the telesecretariat service (design: telesecretariat, section 5). No number, no name, no free text."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Event, Instant

CallState = Literal[
    "arrived", "waiting", "offered", "connecting", "talking", "held", "transferring", "wrapping",
    "completed", "abandoned", "overflowed", "callback_requested", "closed", "refused", "failed",
]  # fmt: skip
OfferResult = Literal["accepted", "declined", "expired", "rescinded"]
MessageState = Literal["draft", "sent", "delivered", "read", "acknowledged", "closed"]
TaskKind = Literal["call_patient", "callback_missed", "follow_up", "document", "call_practitioner"]

FLOOR = ("telesecretariat:call.handle", "telesecretariat:floor.watch")


class CallEvent(Event):
    """What both events about a live call carry; `version` runs 1..n without a hole."""

    SUBJECT = "call_id"
    READERS = FLOOR
    ASSIGNED = "client_id"

    call_id: UUID
    client_id: UUID
    line_id: UUID
    before: CallState | None
    state: CallState
    cause: str
    agent_id: UUID | None
    priority_at: Instant | None
    version: int


class CallArrived(CallEvent):
    """Somebody calls; nothing has been decided yet."""

    TYPE = "telesecretariat.call_arrived.v1"


class CallChanged(CallEvent):
    """A call changed state, or what is known of it did (`before` = `state`)."""

    TYPE = "telesecretariat.call_changed.v1"


class CallCompleted(Event):
    """A call reached its end, whichever it is. Appointments: holds made during it are released. Lengths in seconds."""

    TYPE = "telesecretariat.call_completed.v1"
    SUBJECT = "call_id"
    READERS = FLOOR
    ASSIGNED = "client_id"

    call_id: UUID
    client_id: UUID
    line_id: UUID
    state: CallState
    outcome: str | None
    agent_id: UUID | None
    wait_s: float | None
    talk_s: float
    hold_s: float
    wrap_s: float
    patient_id: UUID | None
    version: int


class OfferOpened(Event):
    """A call rings at one agent until `expires_at`."""

    TYPE = "telesecretariat.offer_opened.v1"
    SUBJECT = "offer_id"
    READERS = ("telesecretariat:call.handle", "telesecretariat:floor.watch")
    ASSIGNED = "client_id"

    offer_id: UUID
    call_id: UUID
    client_id: UUID
    line_id: UUID
    agent_id: UUID
    expires_at: Instant


class OfferClosed(OfferOpened):
    """An offer ended."""

    TYPE = "telesecretariat.offer_closed.v1"

    result: OfferResult


class AgentChanged(Event):
    """Presence or work state of an agent changed; also what she wishes to be after the call, and her desk."""

    TYPE = "telesecretariat.agent_changed.v1"
    SUBJECT = "agent_id"
    READERS = FLOOR

    agent_id: UUID
    presence: Literal["online", "stale", "offline"]
    work_state: Literal["not_ready", "ready", "offered", "on_call", "wrap_up"]
    reason: str | None
    pending_state: str | None
    call_id: UUID | None
    version: int


class CallbackOpened(Event):
    """A caller keeps his place without staying on the line, or an agent promised to call."""

    TYPE = "telesecretariat.callback_opened.v1"
    SUBJECT = "callback_id"
    READERS = FLOOR
    ASSIGNED = "client_id"

    callback_id: UUID
    client_id: UUID
    line_id: UUID
    call_id: UUID | None
    due_at: Instant
    version: int


class CallbackClosed(Event):
    """It was made, missed three times, cancelled, or ran out."""

    TYPE = "telesecretariat.callback_closed.v1"
    SUBJECT = "callback_id"
    READERS = FLOOR
    ASSIGNED = "client_id"

    callback_id: UUID
    client_id: UUID
    line_id: UUID
    call_id: UUID | None
    outcome: Literal["done", "missed", "cancelled", "expired"]
    version: int


class MessageEvent(Event):
    """What all events of a message to a practitioner carry. `level`: how far it has been escalated."""

    SUBJECT = "message_id"
    READERS = ("telesecretariat:message.act", "telesecretariat:floor.watch")
    ASSIGNED = "client_id"
    SELF = "recipient_id"

    message_id: UUID
    client_id: UUID
    practitioner_id: UUID
    recipient_id: UUID | None
    """The person behind the practitioner, when known."""
    urgency: Literal["urgent", "same_day", "routine"]
    due_at: Instant | None
    level: int
    state: MessageState
    version: int


class MessageSent(MessageEvent):
    """It waits in the inbox of its practitioner."""

    TYPE = "telesecretariat.message_sent.v1"


class MessageEscalated(MessageEvent):
    """Not acknowledged in time: the next one is told."""

    TYPE = "telesecretariat.message_escalated.v1"


class MessageAcknowledged(MessageEvent):
    """Somebody said what is done about it."""

    TYPE = "telesecretariat.message_acknowledged.v1"


class MessageClosed(MessageEvent):
    """All that was owed is done."""

    TYPE = "telesecretariat.message_closed.v1"


class TaskEvent(Event):
    """Something that a telesecretary still has to do."""

    SUBJECT = "id"
    READERS = FLOOR

    id: UUID
    client_id: UUID | None
    kind: TaskKind
    state: Literal["open", "taken", "done", "cancelled"]
    outcome: str | None
    due_at: Instant
    version: int


class TaskOpened(TaskEvent):
    """New, or open again."""

    TYPE = "telesecretariat.task_opened.v1"


class TaskClosed(TaskEvent):
    """Done or cancelled. Appointments: the need of the same id is met, or asked again."""

    TYPE = "telesecretariat.task_closed.v1"


class HandoverSigned(Event):
    """Who leaves says what is left."""

    TYPE = "telesecretariat.handover_signed.v1"
    SUBJECT = "handover_id"
    READERS = FLOOR
    ASSIGNED = "client_id"

    handover_id: UUID
    client_id: UUID
    from_id: UUID
    to_id: UUID | None
    version: int


class HandoverAcknowledged(HandoverSigned):
    """Who comes has read it."""

    TYPE = "telesecretariat.handover_acknowledged.v1"


class RedFlagOpened(Event):
    """Danger of life: the 15 is being dialled. Supervisors are told live."""

    TYPE = "telesecretariat.red_flag_opened.v1"
    SUBJECT = "red_flag_id"
    READERS: ClassVar[tuple[str, ...]] = FLOOR
    ASSIGNED = "client_id"

    red_flag_id: UUID
    call_id: UUID
    client_id: UUID
    code: str | None
    outcome: str | None
    version: int


class RedFlagClosed(RedFlagOpened):
    """It has an outcome; there is no false alarm. The practitioner of the call is told too."""

    TYPE = "telesecretariat.red_flag_closed.v1"
    READERS = (*FLOOR, "telesecretariat:message.act")
    SELF = "recipient_id"

    recipient_id: UUID | None = None
    """The person behind the practitioner, when known."""


class InstructionPublished(Event):
    """A version of an instruction is valid from `valid_from` on."""

    TYPE = "telesecretariat.instruction_published.v1"
    SUBJECT = "version_id"
    READERS = ("telesecretariat:instruction.read",)
    ASSIGNED = "client_id"

    version_id: UUID
    instruction_id: UUID
    client_id: UUID
    scope: Literal["client", "site", "practitioner"]
    scope_id: UUID
    valid_from: Instant | None
    valid_to: Instant | None


class InstructionWithdrawn(InstructionPublished):
    """It is not valid any more."""

    TYPE = "telesecretariat.instruction_withdrawn.v1"


class LineOpened(Event):
    """The phone answers, until then. Appointments: patient pages say so."""

    TYPE = "telesecretariat.line_opened.v1"
    SUBJECT = "line_id"
    READERS = (*FLOOR, "telesecretariat:opening.read")
    ASSIGNED = "client_id"

    line_id: UUID
    client_id: UUID
    until: Instant | None
    next_opening: Instant | None
    cause: str


class LineClosed(LineOpened):
    """The phone does not answer; `next_opening` is when it does again."""

    TYPE = "telesecretariat.line_closed.v1"


class AdapterUp(Event):
    """The telephone system answers (again); so many calls were put right after the outage."""

    TYPE = "telesecretariat.adapter_up.v1"
    SUBJECT = "event_id"
    READERS = FLOOR

    event_id: UUID
    adapter_id: str
    since: Instant
    calls_reconciled: int


class AdapterDown(AdapterUp):
    """The telephone system does not answer: booking goes on, the phone does not."""

    TYPE = "telesecretariat.adapter_down.v1"


class InvoiceClosed(Event):
    """A month is settled; `hash` is of its lines."""

    TYPE = "telesecretariat.invoice_closed.v1"
    SUBJECT = "invoice_id"
    READERS = ("telesecretariat:report.read",)
    ASSIGNED = "client_id"

    invoice_id: UUID
    client_id: UUID
    month: str
    total_cents: int
    hash: str


class AssignmentChanged(Event):
    """An agent answers for a client from `valid_from` until `valid_to` (null: open); outside she sees nothing of it."""

    TYPE = "telesecretariat.assignment_changed.v1"
    SUBJECT = "assignment_id"
    READERS = ("telesecretariat:setup.write",)

    assignment_id: UUID
    agent_id: UUID
    client_id: UUID
    valid_from: Instant
    valid_to: Instant | None
    version: int
