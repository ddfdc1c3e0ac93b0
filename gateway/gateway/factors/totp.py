"""Codes of an authenticator: RFC 6238 with what every application takes for granted (SHA-1, 6 digits, 30 s)."""

import base64
import hmac
from datetime import datetime
from typing import Final

import pyotp
import segno

from maillage.ids import hash_token, new_token

STEP_S: Final = 30
TOLERANCE: Final = 1
"""Steps before and after the present one: clocks differ, and typing takes time."""
ISSUER: Final = "Maillage"


def new_secret() -> str:
    """160 random bits, in base 32."""
    return base64.b32encode(hash_token(new_token())[:20]).decode()


def uri(secret: str, login: str) -> str:
    """What an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def qr(text: str) -> str:
    """A QR code as the data URI of an SVG: an image that is fetched from nowhere."""
    return segno.make(text, error="m").svg_data_uri(scale=4)


def code(secret: str, at: datetime) -> str:
    """The code of an instant."""
    return pyotp.TOTP(secret).at(at)


def step_of(secret: str, typed: str, now: datetime, last_step: int) -> int | None:
    """The step whose code was typed, if it is near and later than the last one that worked; else None. Every step is
    compared, whichever fits."""
    present, found = int(now.timestamp()) // STEP_S, None
    generator = pyotp.TOTP(secret)
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        right = hmac.compare_digest(generator.at(step * STEP_S).encode(), typed.encode("utf-8", "replace"))
        if right and step > last_step:
            found = step
    return found
