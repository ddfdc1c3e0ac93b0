"""Erlang C and Erlang A: what a number of agents gives. Pure.

Calls arrive at random (Poisson), last at random (exponential). Erlang C: callers wait for ever. Erlang A (M/M/N+M):
each hangs up after a patience that is exponential too; with endless patience it is Erlang C. No factorials: the
recursions stay exact for hundreds of agents. Source: A. K. Erlang 1917; Palm 1957; design, telesecretariat 3.4.
"""

import math
from dataclasses import dataclass
from typing import Final

MOST_AGENTS: Final = 2_000
_NEGLIGIBLE: Final = 1e-15


class Unstable(ValueError):
    """As many calls as agents can take, or more: the queue would grow without end, no figure has a value."""


@dataclass(frozen=True, slots=True)
class Load:
    """What arrives: calls an hour, and the mean handling time (talk and wrap-up) in seconds."""

    calls_per_hour: float
    handling_s: float

    def __post_init__(self) -> None:
        if not (_positive(self.calls_per_hour) and _positive(self.handling_s)):
            raise ValueError("a load is made of two positive numbers")

    @property
    def erlangs(self) -> float:
        """Calls in progress on average, were nobody ever to wait."""
        return self.calls_per_hour * self.handling_s / 3600


@dataclass(frozen=True, slots=True)
class Waiting:
    """Erlang C: share of callers who wait, mean wait of all in seconds, share of time an agent is busy."""

    agents: int
    wait_probability: float
    mean_wait_s: float
    occupancy: float
    handling_s: float
    spare: float

    def service_level(self, threshold_s: float) -> float:
        """Share of callers answered within the threshold."""
        return 1 - self.wait_probability * math.exp(-self.spare * threshold_s / self.handling_s)


@dataclass(frozen=True, slots=True)
class WaitingWithPatience:
    """Erlang A: besides, the share of callers who hang up."""

    agents: int
    wait_probability: float
    abandon_probability: float
    mean_wait_s: float
    occupancy: float


def erlang_b(erlangs: float, agents: int) -> float:
    """Share of calls lost when none may wait."""
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = erlangs * blocked / (k + erlangs * blocked)
    return blocked


def erlang_c(load: Load, agents: int) -> Waiting:
    """Raises `Unstable` when the agents cannot take the load."""
    offered = load.erlangs
    if agents <= offered:
        raise Unstable
    return _waiting(load, agents, erlang_b(offered, agents))


def _waiting(load: Load, agents: int, blocked: float) -> Waiting:
    busy = load.erlangs / agents
    waits = blocked / (1 - busy * (1 - blocked))
    spare = agents - load.erlangs
    return Waiting(agents, waits, waits * load.handling_s / spare, busy, load.handling_s, spare)


def erlang_a(load: Load, agents: int, patience_s: float) -> WaitingWithPatience:
    """Callers hang up after `patience_s` seconds on average: stable whatever the load."""
    if agents < 1 or not _positive(patience_s):
        raise ValueError("at least one agent, and a positive patience")
    arrivals, served, leaving = load.calls_per_hour / 3600, 1 / load.handling_s, 1 / patience_s
    # Weights of the states relative to the fullest one without a queue: none overflows, none is lost to rounding.
    total = weight = 1.0
    for calls in range(agents, 0, -1):
        weight *= calls * served / arrivals
        total += weight
    waiting, queued = 1.0, 0.0
    weight, behind = 1.0, 0
    while weight > _NEGLIGIBLE * total or weight * behind > _NEGLIGIBLE * queued:
        behind += 1
        weight *= arrivals / (agents * served + behind * leaving)
        waiting += weight
        queued += behind * weight
    total += waiting - 1.0
    mean_queue = queued / total
    abandons = leaving * mean_queue / arrivals
    return WaitingWithPatience(
        agents=agents,
        wait_probability=waiting / total,
        abandon_probability=abandons,
        mean_wait_s=mean_queue / arrivals,
        occupancy=load.erlangs * (1 - abandons) / agents,
    )


def agents_needed(load: Load, *, threshold_s: float, goal: float, most_busy: float) -> Waiting:
    """The fewest agents that answer `goal` of the callers within the threshold and are busy at most `most_busy`."""
    if not (0 < goal < 1 and 0 < most_busy <= 1 and threshold_s >= 0):
        raise ValueError("goal and occupancy are shares, the threshold is not negative")
    blocked, offered = 1.0, load.erlangs
    for agents in range(1, MOST_AGENTS + 1):
        blocked = offered * blocked / (agents + offered * blocked)
        if offered < agents and offered <= most_busy * agents:
            found = _waiting(load, agents, blocked)
            if found.service_level(threshold_s) >= goal:
                return found
    raise Unstable


def _positive(value: float) -> bool:
    return math.isfinite(value) and value > 0
