"""Timed work of the gateway."""

from gateway.attempts import queries as attempts
from gateway.codes import queries as codes
from gateway.devices import queries as devices
from gateway.factors import queries as factors
from gateway.keys import service as keys
from gateway.letters import queries as letters
from gateway.partners import queries as partners
from gateway.sessions import queries as sessions
from gateway.sessions.service import end_lapsed
from gateway.settings import GatewaySettings
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.sealing import Sealer

__all__ = ["end_lapsed", "forget", "rotate_keys"]


async def rotate_keys(database: Database) -> None:
    """The next signing key, in time."""
    settings = database.settings
    assert isinstance(settings, GatewaySettings)
    await database.run(system("gateway"), keys.rotate, Sealer(settings.secret))


async def forget(tx: Tx) -> None:
    """Codes and counts after two days (the limits look back one), ended sessions after thirty."""
    await attempts.forget(tx)
    await codes.forget(tx)
    await sessions.forget(tx)
    await devices.forget(tx)
    await factors.forget(tx)
    await letters.forget(tx)
    await partners.forget(tx)
