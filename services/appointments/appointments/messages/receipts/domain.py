"""Who sent receipts (Standard Webhooks 1.0.0), and which of our attempts they speak of. Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

TOLERANCE: Final = timedelta(minutes=5)
_NOBODY: Final = base64.b64encode(bytes(32)).decode()
"""What a provider without a secret is checked with, so that the answer takes as long. It never counts."""


def is_signed(body: bytes, headers: Mapping[str, str], secret: str | None, now: datetime) -> bool:
    """Whether the holder of the secret (`whsec_` and base64) sent these bytes within five minutes of now.

    Compared in constant time; a request may carry several signatures, while one secret replaces another.
    """
    key = base64.b64decode((secret or _NOBODY).removeprefix("whsec_"))
    sent = headers.get("webhook-timestamp", "")
    signed = b".".join((headers.get("webhook-id", "").encode(), sent.encode(), body))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    given = [each[3:] for each in headers.get("webhook-signature", "").split(" ") if each.startswith("v1,")]
    matches = [hmac.compare_digest(expected, each.encode()) for each in given[:4]]
    return secret is not None and any(matches) and _is_now(sent, now)


def _is_now(sent: str, now: datetime) -> bool:
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 11):
        return False
    return abs(now - datetime.fromtimestamp(int(sent), UTC)) <= TOLERANCE


def is_secret(text: str) -> bool:
    """Whether a setting can be a secret: `whsec_` and at least 24 bytes in base64 (Standard Webhooks)."""
    try:
        return text.startswith("whsec_") and len(base64.b64decode(text[6:], validate=True)) >= 24
    except (binascii.Error, ValueError):
        return False


def attempt_named(ref: str | None) -> tuple[UUID, int] | None:
    """Message and attempt of a reference of ours, `<id>.<attempt>`; None for anything else."""
    message, _, attempt = (ref or "").partition(".")
    try:
        return (UUID(message), int(attempt)) if attempt.isdecimal() and len(attempt) < 6 else None
    except ValueError:
        return None
