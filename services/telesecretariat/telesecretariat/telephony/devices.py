"""Whether the telephone of an agent can be rung."""

from collections.abc import Mapping
from uuid import UUID

from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.agents.changing import be, locked
from telesecretariat.telephony import queries


async def stands(tx: Tx, adapter_id: str, details: Mapping[str, object]) -> None:
    """Takes in that a device can be rung, or cannot. Of nobody that we know: nothing."""
    found = _id(details.get("agent_id")) or await tx.fetchval(
        queries.AGENT_OF_ADAPTER, adapter_id, str(details.get("address", ""))
    )
    if not isinstance(found, UUID):
        return
    try:
        agent = await locked(tx, found)
    except NotFound:
        return
    ready = details.get("ready") is True
    if agent.device_ready != ready:
        await be(tx, agent, device_ready=ready)


def _id(told: object) -> UUID | None:
    try:
        return UUID(told) if isinstance(told, str) else None
    except ValueError:
        return None
