"""When a machine may be started. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["washer", "steam", "low_temperature", "sealer"]
State = Literal["in_service", "maintenance", "out_of_service"]
TestKind = Literal["leak", "bowie_dick", "seal", "performance"]
Result = Literal["conform", "failed"]

POSSIBLE: Final[Mapping[Kind, frozenset[TestKind]]] = {
    "washer": frozenset({"performance"}),
    "steam": frozenset({"leak", "bowie_dick", "performance"}),
    "low_temperature": frozenset({"leak", "performance"}),
    "sealer": frozenset({"seal", "performance"}),
}
"""Which tests a machine of a kind can have."""
BOWIE_DICK_FAILURES: Final = 2
"""A failed one may be repeated once on its day."""


@dataclass(frozen=True, slots=True)
class Tests:
    """Of one local day: which are wanted, and the last result of each kind."""

    wanted: tuple[TestKind, ...]
    last: Mapping[TestKind, Result]

    @property
    def missing(self) -> list[TestKind]:
        """Wanted, not made."""
        return [kind for kind in self.wanted if kind not in self.last]

    @property
    def failed(self) -> list[TestKind]:
        """Of any kind, wanted or not: what failed last forbids."""
        return sorted(kind for kind, result in self.last.items() if result == "failed")


def wanted(kind: Kind, of_steam: Sequence[TestKind]) -> tuple[TestKind, ...]:
    """The tests of the day: what the group decided for steam; a sealer's seal; none for the others."""
    if kind == "steam":
        return tuple(of_steam)
    return ("seal",) if kind == "sealer" else ()


def reasons(state: State, *, retired: bool, running: bool, tests: Tests) -> list[str]:
    """Why not ready, as codes; empty when it is."""
    found: list[str] = []
    if retired:
        found.append("retired")
    if state != "in_service":
        found.append(state)
    if running:
        found.append("running")
    found += [f"{kind}_missing" for kind in tests.missing]
    found += [f"{kind}_failed" for kind in tests.failed]
    return found
