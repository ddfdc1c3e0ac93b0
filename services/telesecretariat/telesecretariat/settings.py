"""Settings of the telesecretariat service."""

from typing import ClassVar

from maillage.settings import ServiceSettings


class TelesecretariatSettings(ServiceSettings):
    """Nothing of its own yet."""

    SERVICE: ClassVar[str] = "telesecretariat"
