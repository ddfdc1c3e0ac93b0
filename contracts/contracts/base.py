"""The base of every event and its register.

Envelope: CloudEvents 1.0, binary mode over NATS. `ce-type` is `TYPE`, `ce-subject` the aggregate's id, `ce-id` the
outbox id,
extensions `organisationid`, `sequence` (position in the producer's outbox) and `traceparent`.
A payload holds identifiers and facts, never a name, phone number or reason of a patient.
"""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer

Instant = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat, return_type=str, when_used="json")]

_register: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """A fact that has been committed. Readers ignore fields they do not know, so that a producer may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    SUBJECT: ClassVar[str]
    """Name of the field that holds the aggregate's id: order is kept per aggregate."""
    READERS: ClassVar[tuple[str, ...]] = ()
    """Permissions of which one is enough to see this event in the live stream."""
    SELF: ClassVar[str | None] = None
    """Field that means "oneself" for a permission of reach `s`."""
    ASSIGNED: ClassVar[str | None] = None
    """Field that names a client: a telesecretary sees the event only while she is assigned to it."""
    PARTNERS: ClassVar[bool] = False
    """Whether a partner may subscribe to it."""
    HREF: ClassVar[str] = ""
    """Where a partner reads what changed, on the public address: a template over the fields of the event."""

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Registers the class under its type; a type has one class for ever."""
        super().__init_subclass__()
        kind = cls.__dict__.get("TYPE")
        if kind is None:
            return
        if kind in _register:
            raise TypeError(f"event type {kind} is declared twice")
        _register[kind] = cls

    def href(self) -> str:
        """The public path of what changed; empty for events that no partner gets."""
        return self.HREF.format_map({name: getattr(self, name) for name in type(self).model_fields})

    def aggregate_id(self) -> UUID:
        """The id of what changed."""
        value = getattr(self, self.SUBJECT)
        assert isinstance(value, UUID)
        return value


def events() -> dict[str, type[Event]]:
    """Every event class by its type. Import the modules of the package first (`contracts.all_events`)."""
    return dict(_register)


def service_of(kind: str) -> str:
    """`appointments` of `appointments.appointment_booked.v1`."""
    return kind.split(".", 1)[0]


def name_of(kind: str) -> str:
    """`appointment_booked` of `appointments.appointment_booked.v1`: the last word of the subject on the broker."""
    return kind.split(".")[1]
