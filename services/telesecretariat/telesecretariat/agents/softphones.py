"""The telephone in a browser: what it registers with at the telephone system.

The system shares one secret with us. A user name says until when it counts and whose it is, its password is the HMAC of
that name: the scheme of TURN servers ("REST API for access to TURN services"), which Kamailio checks without asking us.
Such a password is made when it is asked for and kept nowhere.
"""

import base64
import hmac
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from maillage.database import Tx
from telesecretariat.agents import queries
from telesecretariat.agents.errors import AgentOffline, SoftphoneOff
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.schemas import Softphone
from telesecretariat.settings import TelesecretariatSettings


def is_on(tx: Tx) -> bool:
    """Whether telephones in a browser exist here."""
    return _settings(tx).sip_wss_url is not None


def url(tx: Tx) -> str | None:
    """Where they register."""
    return _settings(tx).sip_wss_url


def address_of(agent_id: UUID, desk_id: UUID) -> str:
    """The name under which a browser registers: of this agent, whatever the window says of itself, and of this desk, so
    that one taken over is not rung any more."""
    return f"w-{agent_id.hex}-{desk_id.hex[:8]}"


async def credentials(tx: Tx) -> Softphone:
    """Of the caller's own desk. Refused: `SOFTPHONE_OFF`, also for a desk with another telephone; `AGENT_OFFLINE`."""
    row = await tx.fetchrow(queries.AGENT, tx.principal.person_id)
    agent = None if row is None else Agent.of(row)
    if agent is None or agent.presence == "offline":
        raise AgentOffline
    tx.audit("softphone.credentials", "agent", agent.id, agent.organisation_id)
    if not is_on(tx) or agent.device_kind != "browser":
        raise SoftphoneOff
    return _made(_settings(tx), agent, tx.now)


def _made(settings: TelesecretariatSettings, agent: Agent, at: datetime) -> Softphone:
    url, address = cast(str, settings.sip_wss_url), cast(str, agent.device_address)
    until = at + timedelta(seconds=settings.sip_credentials_s)
    user = f"{int(until.timestamp())}:{address}"
    signed = hmac.new(settings.sip_secret.encode(), user.encode(), "sha1").digest()
    return Softphone(
        url=url,
        uri=f"sip:{address}@{settings.sip_realm or urlsplit(url).hostname}",
        user=user,
        password=base64.b64encode(signed).decode(),
        until=until,
    )


def _settings(tx: Tx) -> TelesecretariatSettings:
    return cast(TelesecretariatSettings, tx.settings)
