"""Signing keys: a new one every 24 h, published 10 min before it signs (design: gateway 3.5)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joserfc.jwk import ECKey

from gateway.keys import queries
from maillage.database import Tx
from maillage.ids import new_id
from maillage.sealing import Sealer

PUBLISHED_BEFORE: Final = timedelta(minutes=10)
SIGNS_FOR: Final = timedelta(hours=24)
KEPT_AFTER: Final = timedelta(minutes=10)
_USE: Final = "signing_key"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One ES256 key and when it is used."""

    kid: str
    public: dict[str, str]
    private: ECKey
    signs_from: datetime
    signs_until: datetime


async def published_keys(tx: Tx, sealer: Sealer) -> Sequence[SigningKey]:
    """The keys of the ring; makes the first one, which signs at once because no service knows another yet."""
    rows = await queries.published(tx)
    if not rows:
        await queries.lock(tx)
        rows = await queries.published(tx)
    if not rows:
        await _add(tx, sealer, tx.now)
        rows = await queries.published(tx)
    return [
        SigningKey(
            kid=row["kid"],
            public=json.loads(row["public_jwk"]),
            private=ECKey.import_key(json.loads(sealer.open(_USE, row["private_sealed"]))),
            signs_from=row["signs_from"],
            signs_until=row["signs_until"],
        )
        for row in rows
    ]


async def rotate(tx: Tx, sealer: Sealer) -> None:
    """Makes the next key when the newest has less than twice the notice left to sign."""
    await queries.lock(tx)
    rows = await queries.published(tx)
    newest = max((row["signs_until"] for row in rows), default=tx.now)
    if newest - tx.now < 2 * PUBLISHED_BEFORE:
        await _add(tx, sealer, tx.now + PUBLISHED_BEFORE if rows else tx.now)
    await queries.forget(tx)


async def _add(tx: Tx, sealer: Sealer, signs_from: datetime) -> None:
    kid = new_id().hex
    key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"}, private=True)
    signs_until = signs_from + SIGNS_FOR
    await queries.add(
        tx,
        kid,
        json.dumps(key.as_dict(private=False)),
        sealer.seal(_USE, json.dumps(key.as_dict(private=True)).encode()),
        signs_from,
        signs_until,
        signs_until + KEPT_AFTER,
    )
