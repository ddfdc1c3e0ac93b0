"""What leaves for a person (SMS, voice, e-mail), and the three ways in which it may not."""

from dataclasses import dataclass
from typing import Literal, Protocol

Channel = Literal["sms", "voice", "email"]


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file that a mail carries for the reader's calendar (RFC 5545); `method` is also in its type (RFC 6047)."""

    method: Literal["PUBLISH", "REQUEST", "CANCEL"]
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `to` is an E.164 number, or an address for e-mail; `ref` is ours, unique, and names it for ever.
    `calendar`: by e-mail only.

    Neither `to` nor `subject` nor `body` may reach a log: hence no `repr` of them.
    """

    channel: Channel
    to: str
    subject: str
    body: str
    ref: str
    calendar: CalendarFile | None = None

    def __repr__(self) -> str:
        return f"Outgoing(channel={self.channel!r}, ref={self.ref!r})"


@dataclass(frozen=True, slots=True)
class ProviderReceipt:
    """The provider took the message over; `provider_id` is its own name for it."""

    provider: str
    provider_id: str


class NotSent(Exception):
    """Base of the failures of a port. The text is for the operator's log and holds nothing of the message."""


class Refused(NotSent):
    """The provider will never take this message: do not try again."""


class Unavailable(NotSent):
    """Nothing was handed over: try again later."""


class Unknown(NotSent):
    """It was handed over and no answer came: it may have been sent. Never send again; ask the provider, or a person."""


class MessagePort(Protocol):
    """One way out for one channel."""

    async def send(self, message: Outgoing) -> ProviderReceipt:
        """Hand one message over. Raises Refused, Unavailable or Unknown."""
        ...
