"""Which events a caller may see: decided once per type and organisation for all who hold the same rights."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final
from uuid import UUID

from contracts.base import Event
from gateway.door.tokens import Caller
from gateway.permissions import Delegation, Reach
from gateway.stream.domain import names
from gateway.stream.facts import Fact

LARGEST: Final = 20_000


class Verdict(Enum):
    """What of a kind of event is seen."""

    NONE = 0
    OWN = 1
    """Only events about the caller."""
    ALL = 2


def verdict(
    kind: type[Event],
    organisation_id: UUID,
    grants: Mapping[str, Reach],
    own: UUID | None,
    delegations: Iterable[Delegation],
) -> Verdict:
    """What a caller sees of the events of this type in this organisation: one permission of `READERS` is enough."""
    seen = Verdict.NONE
    for permission in kind.READERS:
        reach = grants.get(permission)
        if reach in ("t", "p") or (reach in ("o", "d") and organisation_id == own):
            return Verdict.ALL
        if reach == "d" and any(each.client_id == organisation_id and each.covers(permission) for each in delegations):
            return Verdict.ALL
        if reach == "s" and kind.SELF is not None:
            seen = Verdict.OWN
    return seen


class Rights:
    """What callers with the same role, organisation, delegations and topics see."""

    def __init__(self, caller: Caller, topics: frozenset[str] | None) -> None:
        self.key = (frozenset(caller.grants.items()), caller.org, caller.delegations, caller.assigned, topics)
        self._grants = caller.grants
        self._org, self._delegations = caller.org, caller.delegations
        self._assigned = caller.assigned
        self.topics = topics
        self._known: dict[tuple[type[Event], UUID], Verdict] = {}

    def of(self, fact: Fact) -> Verdict:
        """What is seen of one event."""
        if self._assigned is not None and fact.client is not None and fact.client not in self._assigned:
            return Verdict.NONE
        return self.verdict(fact.kind, fact.organisation_id)

    def verdict(self, kind: type[Event], organisation_id: UUID) -> Verdict:
        """`verdict`, remembered."""
        known = self._known.get((kind, organisation_id))
        if known is None:
            known = Verdict.NONE
            if self.topics is None or not self.topics.isdisjoint(names(kind.TYPE)):
                known = verdict(kind, organisation_id, self._grants, self._org, self._delegations)
            if len(self._known) >= LARGEST:
                self._known.clear()
            self._known[kind, organisation_id] = known
        return known
