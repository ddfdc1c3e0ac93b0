"""Secrets at rest: AES-256-GCM under a key that is kept outside the database."""

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maillage.ids import hash_token, new_token

_NONCE: Final = 12


class Unsealable(RuntimeError):
    """Sealed under another key, for another use, or changed."""


class Sealer:
    """Seals and opens; each `use` (`contact`, `signing_key`, …) is bound to its seal, so that rows cannot be
    swapped."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(hmac.digest(key, b"maillage:seal", "sha256"))

    def seal(self, use: str, plain: bytes) -> bytes:
        """Nonce and sealed bytes."""
        nonce = hash_token(new_token())[:_NONCE]
        return nonce + self._aead.encrypt(nonce, plain, use.encode())

    def open(self, use: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises Unsealable."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], use.encode())
        except (InvalidTag, ValueError) as wrong:
            raise Unsealable(use) from wrong
