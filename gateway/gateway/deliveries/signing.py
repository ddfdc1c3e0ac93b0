"""The signature of a webhook (Standard Webhooks 1.0.0), by the library that partners verify it with."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from maillage.ids import new_token
from maillage.sealing import Sealer

BOTH_SIGN: Final = timedelta(hours=24)
"""After a rotation the old secret signs beside the new one for so long."""


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(base64.urlsafe_b64decode(new_token() + "=")).decode()


def seal(sealer: Sealer, subscription_id: UUID, secret: str) -> bytes:
    """The secret at rest, bound to its subscription."""
    return sealer.seal(f"webhook:{subscription_id}", secret.encode())


def signing_secrets(
    sealer: Sealer, subscription_id: UUID, sealed: Sequence[bytes], rotated_at: datetime | None, now: datetime
) -> list[str]:
    """The secrets that sign now, the newest first. Raises Unsealable."""
    both = rotated_at is not None and now < rotated_at + BOTH_SIGN
    return [sealer.open(f"webhook:{subscription_id}", each).decode() for each in sealed[: 2 if both else 1]]


def signed_headers(secrets: Sequence[str], message_id: UUID | str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a webhook: id, time, and one signature for each secret."""
    moment = at.astimezone(UTC)  # the library reads the digits of the instant, not its offset
    signatures = [Webhook(secret).sign(str(message_id), moment, body.decode()) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
