"""What telephone systems send: the shape of a generic telephony interface as ticket systems know it, and four more.

Read leniently: such systems add fields of their own, and a number in a form that we do not know is still a call.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Final, Literal, get_args
from urllib.parse import parse_qsl

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from maillage.refusals import FieldError, Invalid, Unreadable, WrongMediaType
from maillage.wire import Instant, Wire
from telesecretariat.telephony.webhooks.errors import UnknownEvent

MOST_EVENTS: Final = 100
EventKind = Literal["newCall", "queueEnter", "queueLeave", "answer", "hangup", "agentState", "botHandover"]
KINDS: Final = frozenset(get_args(EventKind))


def _text(value: object) -> object:
    """A number may come as one; a list of people who ring is the first of them."""
    if isinstance(value, list):
        value = next(iter(value), None)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str | None, Field(max_length=200), BeforeValidator(_text)]
CallId = Annotated[str | None, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$"), BeforeValidator(_text)]


class TelephonyEvent(Wire):
    """One event. `callId` names the call at the telephone system. `at` is that system's time: kept, ours decides.

    `user` and `answeringNumber`: who answered, by the label or the telephone of an agent. `state` (agentState):
    `ready`, `busy` and `paused` can be rung, `offline` cannot. `motive`, `red_flag`, `transcript_ref`: what a bot had
    learned before it handed the call to a person; the transcript stays where it is.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    event: EventKind
    call_id: Annotated[CallId, Field(alias="callId")] = None
    caller: Annotated[Text, Field(alias="from")] = None
    called: Annotated[Text, Field(alias="to")] = None
    direction: Literal["in", "out"] = "in"
    user: Text = None
    answering_number: Annotated[Text, Field(alias="answeringNumber")] = None
    queue: Text = None
    cause: Text = None
    at: Instant | None = None
    state: Literal["ready", "busy", "paused", "offline"] | None = None
    motive: Annotated[str | None, Field(pattern=r"^[a-z0-9_]{1,40}$")] = None
    red_flag: bool = False
    transcript_ref: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$")] = None


class EventsTaken(Wire):
    """How many events were taken in, repeated ones included: they change nothing."""

    taken: int


def read(body: bytes, content_type: str) -> Sequence[TelephonyEvent]:
    """The events of a request, JSON (one or a list) or a form (one).

    Refused: `UNREADABLE` 400, `MEDIA_TYPE` 415, `UNKNOWN_EVENT` and `INVALID` 422 with a pointer; then none is taken.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _listed(_json(body))
    if kind == "application/x-www-form-urlencoded":
        return [_event(dict(_form(body)), "")]
    raise WrongMediaType


def _json(body: bytes) -> JsonValue:
    try:
        read: JsonValue = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable from wrong
    return read


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=False, max_num_fields=50, errors="strict")
    except ValueError as wrong:
        raise Unreadable from wrong
    return [(name.removesuffix("[]"), value) for name, value in reversed(pairs)]


def _listed(value: JsonValue) -> Sequence[TelephonyEvent]:
    if isinstance(value, dict):
        return [_event(value, "")]
    if not isinstance(value, list) or not 0 < len(value) <= MOST_EVENTS:
        raise Invalid(pointer="")
    return [_event(each, f"/{place}") for place, each in enumerate(value)]


def _event(value: object, place: str) -> TelephonyEvent:
    if not isinstance(value, dict):
        raise Invalid(pointer=place)
    if not isinstance(value.get("event"), str) or value["event"] not in KINDS:
        raise UnknownEvent(pointer=f"{place}/event")
    try:
        event = TelephonyEvent.model_validate(value)
    except ValidationError as wrong:
        where = ("/".join(str(part) for part in each["loc"]) for each in wrong.errors(include_input=False))
        raise Invalid(errors=[FieldError(f"{place}/{each}", Invalid.code, Invalid.detail) for each in where]) from None
    if event.call_id is None and event.event != "agentState":
        raise Invalid(pointer=f"{place}/callId")
    return event
