"""Days as the centre counts them: between eleven in the evening and midnight, UTC names another one."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from maillage import clock

PARIS: Final = ZoneInfo("Europe/Paris")


def today() -> date:
    """The local day of the centre and of the plant, by the kit's clock."""
    return clock.now().astimezone(PARIS).date()
