"""How long a pack stays sterile. Days are local days of the group."""

from datetime import date, timedelta


def expiry(shelf_days: int, sterile_on: date) -> date:
    """The last day on which the pack may be used, to its end: 180 days from 2 March 2026 is 29 August 2026."""
    return sterile_on + timedelta(days=shelf_days)
