"""What clients asked and were answered under faults, and whether a correct platform can have answered so.

Every client writes one `Call` per request. What it does not know (time-out, reset, 5xx) is `info`: it may have
happened, at any later moment, or never. Each check H1 to H8 returns sentences, one per contradiction; none is a history
that holds.
"""

from tests.harness.history.bookings import acknowledged, justified, overlaps
from tests.harness.history.calls import Booked, Call, Out, read, write
from tests.harness.history.leases import leases
from tests.harness.history.linear import linearizable
from tests.harness.history.logs import effects_once, replays, streams

__all__ = [
    "Booked",
    "Call",
    "Out",
    "acknowledged",
    "effects_once",
    "justified",
    "leases",
    "linearizable",
    "overlaps",
    "read",
    "replays",
    "streams",
    "write",
]
