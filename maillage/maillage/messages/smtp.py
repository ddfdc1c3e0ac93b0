"""E-mail over SMTP, told by one URL: `smtp://user:password@host:port?starttls=1` or `smtps://…`."""

import logging
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from maillage.clock import now
from maillage.messages.port import Outgoing, ProviderReceipt, Refused, Unavailable, Unknown

_LOG = logging.getLogger(__name__)
_PERMANENT = 500


class Smtp:
    """Plain-text mail, one connection per message. The Message-ID is made of `ref`, so a mail can be found again."""

    def __init__(self, url: str, sender: str, *, timeout_s: float = 15) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("an SMTP address starts with smtp:// or smtps:// and names a host")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 25)
        self._starttls = parse_qs(parts.query).get("starttls") == ["1"]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender
        self._timeout = timeout_s

    async def send(self, message: Outgoing) -> ProviderReceipt:
        """Hand a mail to the server. Refused: the server said 5xx, or the address is none. See MessagePort."""
        mail = self._mail(message)
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            start_tls=self._starttls,
            username=self._user,
            password=self._password,
            timeout=self._timeout,
        )
        try:
            await self._offer(client, message)
            await self._hand_over(client, mail)
        finally:
            client.close()
        return ProviderReceipt("smtp", str(mail["Message-ID"]))

    async def _offer(self, client: aiosmtplib.SMTP, message: Outgoing) -> None:
        """Up to the recipient nothing is sent: each failure here is safe to repeat."""
        try:
            await client.connect()
            await client.mail(_bare(self._sender))
            await client.rcpt(message.to)
        except aiosmtplib.SMTPResponseException as error:
            raise (Refused if error.code >= _PERMANENT else Unavailable)(f"SMTP said {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable(type(error).__name__) from None

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: EmailMessage) -> None:
        try:
            await client.data(mail.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            raise (Refused if error.code >= _PERMANENT else Unavailable)(f"SMTP said {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unknown(type(error).__name__) from None
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            _LOG.debug("the mail server left without a goodbye")

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        domain = _bare(self._sender).rpartition("@")[2]
        try:
            Address(addr_spec=message.to)
            message.to.encode("ascii")
            mail["From"] = self._sender
            mail["To"] = message.to
            mail["Subject"] = message.subject
        except (ValueError, IndexError, MessageError):
            raise Refused("not a mail address, or a subject of several lines") from None
        mail["Date"] = now()
        mail["Message-ID"] = f"<{message.ref}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body, cte="quoted-printable")
        if message.calendar is not None:
            mail.add_attachment(
                message.calendar.text.encode(),
                maintype="text",
                subtype="calendar",
                filename=message.calendar.name,
                params={"method": message.calendar.method, "charset": "utf-8"},
            )
        return mail


def _bare(sender: str) -> str:
    """`name@host` of `Name <name@host>`."""
    return sender.rpartition("<")[2].rstrip("> ").strip()
