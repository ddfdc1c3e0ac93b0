"""Settings of the appointments service: what every service has, and which providers it talks to. What a centre may
choose is a row of its own.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from appointments.messages.receipts.domain import is_secret
from maillage.settings import ServiceSettings


def _secret(value: str) -> str:
    if not is_secret(value):
        raise ValueError("a provider's secret is `whsec_` and at least 24 random bytes in base64")
    return value


class AppointmentsSettings(ServiceSettings):
    """Prefix `MAILLAGE_APPOINTMENTS_`, then `MAILLAGE_`."""

    SERVICE: ClassVar[str] = "appointments"

    provider_secrets: dict[str, Annotated[str, AfterValidator(_secret)]] = {}
    """With what each provider of messages signs its receipts (Standard Webhooks), by the name in the address."""
    video: Literal["none", "development", "http"] = "none"
    """Who gives rooms to teleconsultations: nobody (they go over to the telephone), a page of our own that says so, or
    the provider of `video_url` (teleconsultation/video.py).
    """
    video_url: str | None = None
    video_token: str | None = None

    insi: Literal["none", "development"] = "none"
    """Which INSi teleservice answers: none is connected, or one that invents (identity/insi.py)."""
