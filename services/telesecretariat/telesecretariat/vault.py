"""Numbers, names and free text at rest: sealed by the service's key; a number is found by its keyed hash."""

import hmac
from functools import lru_cache
from typing import Final, cast

from maillage.database import Tx
from maillage.sealing import Sealer
from telesecretariat.settings import TelesecretariatSettings

_USE: Final = "telesecretariat"


class Vault:
    """Seals and opens the texts of one installation."""

    def __init__(self, secret: bytes) -> None:
        self._sealer = Sealer(secret)
        self._hash_key = hmac.digest(secret, b"maillage:number", "sha256")

    def seal(self, text: str | None) -> bytes | None:
        """Sealed text; None stays None."""
        return None if text is None else self._sealer.seal(_USE, text.encode())

    def open(self, sealed: bytes | None) -> str | None:
        """The text again."""
        return None if sealed is None else self._sealer.open(_USE, sealed).decode()

    def hash(self, number: str | None) -> bytes | None:
        """What a number (E.164) is found by; None for a withheld one."""
        return None if number is None else hmac.digest(self._hash_key, number.encode(), "sha256")


@lru_cache(maxsize=8)
def _of(secret: bytes) -> Vault:
    return Vault(secret)


def vault(tx: Tx) -> Vault:
    """The vault of the installation whose transaction this is."""
    return _of(cast(TelesecretariatSettings, tx.settings).secret)
