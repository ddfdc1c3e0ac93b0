"""Settings of the telesecretariat service."""

from functools import cached_property
from typing import ClassVar

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
    on_duty_url: str | None = None
    """Where the public part of who is on duty is read; none: the configured text is announced."""

    @cached_property
    def secret(self) -> bytes:
        """The key's bytes. Refuses to work with a short one."""
        if len(self.key) < 43:
            raise ValueError(
                "MAILLAGE_TELESECRETARIAT_KEY must hold 256 random bits, for instance from `openssl rand -base64 32`"
            )
        return self.key.encode()
