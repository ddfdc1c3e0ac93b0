"""Who sent a webhook: Standard Webhooks 1.0.0, with two secrets while one replaces the other."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from standardwebhooks import Webhook

from maillage.ids import new_token
from telesecretariat.telephony.webhooks.errors import EventTooOld, SignatureInvalid

TOLERANCE: Final = timedelta(minutes=5)
BOTH_COUNT: Final = timedelta(hours=24)
"""After a rotation the old secret counts beside the new one for so long."""
_LONGEST_ID: Final = 100
_NOBODY: Final = "whsec_" + base64.b64encode(bytes(32)).decode()
"""What an unknown adapter is checked with, so that it takes the time of a known one. It never counts."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of one adapter, newest first, at most two."""

    known: tuple[str, ...] = ()
    rotated_at: datetime | None = None

    @classmethod
    def read(cls, text: str | None) -> "Secrets":
        """From what is kept sealed."""
        kept = json.loads(text) if text else {}
        rotated_at = kept.get("rotated_at")
        return cls(tuple(kept.get("secrets", ())), None if rotated_at is None else datetime.fromisoformat(rotated_at))

    def written(self) -> str:
        """What is kept sealed."""
        rotated_at = None if self.rotated_at is None else self.rotated_at.isoformat()
        return json.dumps({"secrets": self.known, "rotated_at": rotated_at})

    def rotated(self, at: datetime) -> "Secrets":
        """With a new secret; the newest until now counts for another while."""
        fresh = "whsec_" + base64.b64encode(base64.urlsafe_b64decode(new_token() + "=")).decode()
        return Secrets((fresh, *self.known[:1]), at)

    def counting(self, at: datetime) -> tuple[str, ...]:
        """Those that count at an instant."""
        both = self.rotated_at is not None and at < self.rotated_at + BOTH_COUNT
        return self.known[: 2 if both else 1]

    @property
    def previous_until(self) -> datetime | None:
        """Until when the old one counts."""
        return None if self.rotated_at is None or len(self.known) < 2 else self.rotated_at + BOTH_COUNT


def check(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], at: datetime) -> str:
    """The id of a delivery, whose sender holds one of the secrets and sent it lately.

    Refused: `SIGNATURE_INVALID` 401; `EVENT_TOO_OLD` 401, which only the holder of a secret hears.
    """
    message_id, sent_text = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [part[3:] for part in headers.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    if not _fit(message_id) or not sent_text.isascii() or not sent_text.isdigit() or len(sent_text) > 12:
        raise SignatureInvalid
    sent_at = datetime.fromtimestamp(int(sent_text), UTC)
    expected = [_signature(secret, message_id, sent_at, body) for secret in secrets or (_NOBODY,)]
    matches = [hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given[:4]]
    if not secrets or not any(matches):
        raise SignatureInvalid
    if abs(at - sent_at) > TOLERANCE:
        raise EventTooOld
    return message_id


def listed(ip: str | None, networks: Sequence[str]) -> bool:
    """Whether an address lies in a network from which events need no signature."""
    try:
        return ip is not None and any(ip_address(ip) in ip_network(network) for network in networks)
    except ValueError:
        return False


def _fit(message_id: str) -> bool:
    return 0 < len(message_id) <= _LONGEST_ID and message_id.isascii() and message_id.isprintable()


def _signature(secret: str, message_id: str, sent_at: datetime, body: bytes) -> str:
    text = body.decode("utf-8", "surrogateescape")
    try:
        return Webhook(secret).sign(message_id, sent_at, text).removeprefix("v1,")
    except UnicodeEncodeError as wrong:
        raise SignatureInvalid from wrong
