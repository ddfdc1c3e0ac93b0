"""What expansion needs from outside the pure rules: public holidays, kept by a library and never by hand."""

from datetime import date
from functools import lru_cache
from typing import Literal

import holidays

HolidayZone = Literal["FR", "FR-AM"]

# Alsace-Moselle keeps two days more (local law of 1892); the library knows them by subdivision.
_SUBDIVISIONS: dict[str, str | None] = {"FR": None, "FR-AM": "57"}


@lru_cache(maxsize=64)
def _of_year(zone: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv=_SUBDIVISIONS[zone], years=year))


def public_holidays(zone: str, start: date, end: date) -> frozenset[date]:
    """The public holidays of `zone` (`FR`, or `FR-AM` for Alsace-Moselle) in the years that `[start, end)` touches."""
    return frozenset().union(*(_of_year(zone, year) for year in range(start.year, end.year + 1)))
