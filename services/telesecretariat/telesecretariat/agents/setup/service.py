"""Use cases of the set-up of agents. Their state is theirs and the floor's: nothing here touches it."""

from uuid import UUID

from maillage.database import Tx
from maillage.refusals import VersionStale
from maillage.wire import Page
from telesecretariat.agents.changing import Changes, be, locked
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.schemas import Device
from telesecretariat.agents.setup import queries
from telesecretariat.agents.setup.errors import AgentExists
from telesecretariat.agents.setup.schemas import AgentSetupIn, AgentSetupOut, AgentSetupPatch
from telesecretariat.clients.errors import ReferenceUnknown
from telesecretariat.keeping import after, page


async def agents(tx: Tx, given: str | None, limit: int) -> Page[AgentSetupOut]:
    """The agents of one's own organisation."""
    rows = await queries.agents(tx, after(given), limit + 1)
    last = rows[:limit][-1]["id"] if rows else None
    return page(AgentSetupOut, [_out(Agent.of(row)) for row in rows], limit, last)


async def add_agent(tx: Tx, body: AgentSetupIn) -> AgentSetupOut:
    """A person who may answer calls becomes an agent. Refused: `REFERENCE_UNKNOWN`, `AGENT_EXISTS`."""
    own = tx.principal.org
    if not await queries.works_here(tx, body.person_id, own):
        raise ReferenceUnknown(pointer="/person_id")
    if await queries.add(tx, body.person_id, own, body.label, body.skills) is None:
        raise AgentExists
    agent = await locked(tx, body.person_id)
    if body.device is not None:
        agent = await be(tx, agent, device_kind=body.device.kind, device_address=body.device.address)
    tx.audit("agent.create", "agent", agent.id, agent.organisation_id)
    return _out(agent)


async def change_agent(tx: Tx, agent_id: UUID, body: AgentSetupPatch, if_match: int | None) -> AgentSetupOut:
    """Label, skills, telephone, whether she is offered calls. Refused: `VERSION_STALE`, `NOT_FOUND`."""
    agent = await locked(tx, agent_id)
    if if_match is not None and agent.version != if_match:
        raise VersionStale(version=agent.version)
    changes = Changes()
    if body.label is not None:
        changes["label"] = body.label
    if body.skills is not None:
        changes["skills"] = list(body.skills)
    if body.active is not None:
        changes["active"] = body.active
    if body.device is not None:
        changes |= {"device_kind": body.device.kind, "device_address": body.device.address}
    elif "device" in body.model_fields_set:
        changes |= {"device_kind": None, "device_address": None}
    tx.audit("agent.change", "agent", agent.id, agent.organisation_id, fields=",".join(sorted(changes)))
    return _out(await be(tx, agent, **changes))


def _out(agent: Agent) -> AgentSetupOut:
    device = None
    if agent.device_kind is not None and agent.device_address is not None:
        device = Device(kind=agent.device_kind, address=agent.device_address)
    fields = {name: getattr(agent, name) for name in AgentSetupOut.model_fields if name != "device"}
    return AgentSetupOut(**fields, device=device)
