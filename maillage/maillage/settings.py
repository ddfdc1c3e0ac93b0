"""Settings from the environment: one class per service, read once at start.

`MAILLAGE_X` sets X for every service, `MAILLAGE_APPOINTMENTS_X` for one. Nothing else is configuration.
"""

from typing import ClassVar

from pydantic import Field
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict


class Settings(BaseSettings):
    """What every process needs. Lengths of time are in seconds and end in `_s`."""

    model_config = SettingsConfigDict(env_prefix="MAILLAGE_", extra="ignore", frozen=True)

    territory: str = Field("saone-et-loire", pattern=r"^[a-z0-9-]{1,40}$")
    public_url: str = "http://127.0.0.1:8000"
    nats_url: str = "nats://127.0.0.1:4222"
    jwks_url: str = "http://127.0.0.1:8000/.well-known/jwks.json"
    jwks: str | None = None
    """The gateway's public keys as JSON, instead of fetching them: for tests and for services cut off from the
    gateway.
    """
    smtp_url: str = "smtp://127.0.0.1:1025"
    sms_url: str | None = None
    sms_token: str | None = None
    mail_from: str = "ne-pas-repondre@maillage.example"
    clock_offset_s: float = 0.0
    log_level: str = "INFO"
    statement_timeout_s: float = 5.0
    pool_size: int = 16
    pool_wait_s: float = 2.0
    ack_wait_s: float = 30.0
    """How long the broker waits for a consumer before it gives an event to another."""
    outbox_retention_days: int = 7
    idempotency_retention_days: int = 3


class ServiceSettings(Settings):
    """Settings of one service; a subclass sets `SERVICE` and adds its own."""

    SERVICE: ClassVar[str] = ""
    REFUSALS_AUDITED: ClassVar[bool] = False
    """Whether what the service refuses is in the audit too, and not only what it did."""

    postgres_url: str = ""
    """The service's own role on its own database."""
    address: str = "127.0.0.1:0"
    """host:port where the service is reached; `bind` only where it must listen on another one."""
    bind: str | None = None
    work_address: str | None = None
    """host:port of the worker's health and metrics; none by default."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The service's own variable wins over the common one."""
        own = EnvSettingsSource(settings_cls, env_prefix=f"MAILLAGE_{cls.SERVICE.upper()}_")
        common = EnvSettingsSource(settings_cls, env_prefix="MAILLAGE_")
        return (init_settings, own, common)
