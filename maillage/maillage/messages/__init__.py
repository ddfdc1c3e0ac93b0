"""The message port: SMS, voice and e-mail to persons, behind one interface."""

from collections.abc import Mapping
from typing import Protocol

from maillage.messages.port import (
    CalendarFile,
    Channel,
    MessagePort,
    NotSent,
    Outgoing,
    ProviderReceipt,
    Refused,
    Unavailable,
    Unknown,
)
from maillage.messages.sms_by_http import SmsByHttp
from maillage.messages.sms_by_smtp import SmsBySmtp
from maillage.messages.smtp import Smtp

__all__ = [
    "CalendarFile",
    "Channel",
    "MessagePort",
    "NotSent",
    "Outgoing",
    "ProviderReceipt",
    "Refused",
    "Unavailable",
    "Unknown",
    "ports",
]


class MessageSettings(Protocol):
    """What is needed of the settings. Without `sms_url`, texts and calls go to the mail server (development)."""

    @property
    def smtp_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def sms_url(self) -> str | None: ...
    @property
    def sms_token(self) -> str | None: ...


def ports(settings: MessageSettings) -> Mapping[Channel, MessagePort]:
    """The port of each channel."""
    mail = Smtp(settings.smtp_url, settings.mail_from)
    texts: MessagePort = SmsByHttp(settings.sms_url, settings.sms_token or "") if settings.sms_url else SmsBySmtp(mail)
    return {"email": mail, "sms": texts, "voice": texts}
