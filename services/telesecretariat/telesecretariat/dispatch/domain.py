"""Which waiting call goes to which ready agent. Pure.

Calls are taken in the order of the queue; each goes to the capable agent that the line's strategy prefers. For every
kind of call (client, skills, strategy) one heap of agents is kept: O(waiting x log agents).
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

Strategy = Literal["longest_idle", "fewest_calls"]
_Rank = tuple[int, datetime, UUID]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call to be offered; `skills`: those that whoever takes it must have now."""

    id: UUID
    client_id: UUID
    skills: frozenset[str]
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Ready:
    """An agent who waits; `clients`: those she is assigned to now."""

    id: UUID
    clients: frozenset[UUID]
    skills: frozenset[str]
    idle_since: datetime
    calls_today: int

    def may_take(self, call: Waiting) -> bool:
        """Assigned to the client, with all the skills."""
        return call.client_id in self.clients and call.skills <= self.skills

    def rank(self, strategy: Strategy) -> _Rank:
        """The smallest is served first; equals by idleness, then by id."""
        return (self.calls_today if strategy == "fewest_calls" else 0, self.idle_since, self.id)


@dataclass(slots=True)
class _Floor:
    agents: Sequence[Ready]
    taken: set[UUID] = field(default_factory=set)
    heaps: dict[tuple[UUID, frozenset[str], Strategy], list[_Rank]] = field(default_factory=dict)

    def best_for(self, call: Waiting) -> UUID | None:
        kind: Final = (call.client_id, call.skills, call.strategy)
        if kind not in self.heaps:
            self.heaps[kind] = [agent.rank(call.strategy) for agent in self.agents if agent.may_take(call)]
            heapq.heapify(self.heaps[kind])
        heap = self.heaps[kind]
        while heap:
            agent_id = heapq.heappop(heap)[2]
            if agent_id not in self.taken:
                self.taken.add(agent_id)
                return agent_id
        return None


def pairs(waiting: Iterable[Waiting], ready: Sequence[Ready]) -> list[tuple[UUID, UUID]]:
    """(call, agent) in the order of the queue; a call that nobody free may take is passed over, not those after it."""
    floor = _Floor(ready)
    found = []
    for call in waiting:
        if len(floor.taken) == len(ready):
            break
        agent_id = floor.best_for(call)
        if agent_id is not None:
            found.append((call.id, agent_id))
    return found
