"""The adapters of the telephony port: which kind of telephone system is made by whom."""

from collections.abc import Callable
from typing import Final

from maillage.database import Database
from telesecretariat.telephony.adapters import ari
from telesecretariat.telephony.adapters.simulated import SimulatedLine
from telesecretariat.telephony.port import TelephonyPort
from telesecretariat.telephony.rows import Adapter

Maker = Callable[[Adapter, Database], TelephonyPort]
MAKERS: Final[dict[str, Maker]] = {"simulated": SimulatedLine, "ari": ari.made}
"""By kind. A kind that is not in here has nothing to run: it tells by HTTP, and nothing is asked of it."""
GIVEN: Final[dict[str, TelephonyPort]] = {}
"""By adapter id, before any maker: tests put their own telephone system here. Nothing of the product does."""


def make(adapter: Adapter, database: Database) -> TelephonyPort | None:
    """The telephone system behind a row; None for a kind that is not run."""
    given = GIVEN.get(adapter.id)
    if given is not None:
        return given
    maker = MAKERS.get(adapter.kind)
    return None if maker is None else maker(adapter, database)
