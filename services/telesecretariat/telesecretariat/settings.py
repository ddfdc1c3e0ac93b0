"""Settings of the telesecretariat service."""

from functools import cached_property
from typing import ClassVar, Self

from pydantic import Field, model_validator

from maillage.settings import ServiceSettings


class TelesecretariatSettings(ServiceSettings):
    """`key` seals numbers, notes and messages: 256 random bits or more, kept outside the database.

    `emergency_calls`: whether the emergency key really dials. Off everywhere but in production: a simulated regulator
    answers, so that no test, demonstration or training can ring the 15.
    """

    SERVICE: ClassVar[str] = "telesecretariat"

    key: str = ""
    emergency_calls: bool = False
    ari_url: str | None = None
    ari_user: str = ""
    ari_password: str = ""
    ari_app: str = "maillage"
    sip_wss_url: str | None = Field(None, pattern=r"^wss://[a-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9/_-]*)?$")
    """Where telephones in a browser register (SIP over WebSocket). None: there are none. The door reads it too."""
    sip_realm: str = ""
    """The domain of their addresses; the host of that address by default."""
    sip_secret: str = ""
    """What the telephone system shares with us: who knows it may register as any of these telephones."""
    sip_credentials_s: int = Field(3_600, ge=300, le=86_400)
    on_duty_url: str | None = None
    """Where the public part of who is on duty is read; none: the configured text is announced."""

    @model_validator(mode="after")
    def _shared(self) -> Self:
        if self.sip_wss_url is not None and len(self.sip_secret) < 32:
            raise ValueError("MAILLAGE_TELESECRETARIAT_SIP_SECRET must hold 32 signs or more")
        return self

    @cached_property
    def secret(self) -> bytes:
        """The key's bytes. Refuses to work with a short one."""
        if len(self.key) < 43:
            raise ValueError(
                "MAILLAGE_TELESECRETARIAT_KEY must hold 256 random bits, for instance from `openssl rand -base64 32`"
            )
        return self.key.encode()
