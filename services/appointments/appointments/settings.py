"""Settings of the appointments service: only what every service has. What a centre may choose is a row of its own."""

from typing import ClassVar

from maillage.settings import ServiceSettings


class AppointmentsSettings(ServiceSettings):
    """Prefix `MAILLAGE_APPOINTMENTS_`, then `MAILLAGE_`."""

    SERVICE: ClassVar[str] = "appointments"
