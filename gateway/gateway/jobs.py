"""Timed work of the gateway."""

from gateway.codes import queries as codes
from gateway.keys import service as keys
from gateway.sealing import Sealer
from gateway.sessions import queries as sessions
from gateway.sessions.service import end_lapsed
from gateway.settings import current
from maillage.database import Tx

__all__ = ["end_lapsed", "forget", "rotate_keys"]


async def rotate_keys(tx: Tx) -> None:
    """The next signing key, in time."""
    await keys.rotate(tx, Sealer(current().secret))


async def forget(tx: Tx) -> None:
    """Codes after two days (the limits look back one), ended sessions after thirty."""
    await codes.forget(tx)
    await sessions.forget(tx)
