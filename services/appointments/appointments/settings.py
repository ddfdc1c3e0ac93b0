"""Settings of the appointments service: what every service has, and which providers it talks to. What a centre may
choose is a row of its own.
"""

from typing import ClassVar, Literal

from maillage.settings import ServiceSettings


class AppointmentsSettings(ServiceSettings):
    """Prefix `MAILLAGE_APPOINTMENTS_`, then `MAILLAGE_`."""

    SERVICE: ClassVar[str] = "appointments"

    insi: Literal["none", "development"] = "none"
    """Which INSi teleservice answers: none is connected, or one that invents (identity/insi.py)."""
