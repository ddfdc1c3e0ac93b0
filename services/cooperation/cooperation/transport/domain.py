"""What may be together: goods in a crate, crates in a compartment. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

STERILISATION: Final = "sterilisation"
Goods = Literal["clean", "dirty"]
FillRefusal = Literal["MIXED_CLEANLINESS", "CRATE_DIRTY"]
RideRefusal = Literal["COMPARTMENT_DIRTY", "COMPARTMENT_FULL", "MIXED_CLEANLINESS", "INCOMPATIBLE_FLOWS"]


@dataclass(frozen=True, slots=True)
class Filling:
    """A crate when something is put in. `soiled`: it held dirty goods and was not decontaminated since; `reopened`: it
    was sealed and opened since it was soiled."""

    holds: int
    load_state: Literal["empty", "clean", "dirty"]
    soiled: bool
    reopened: bool


def why_not_fill(crate: Filling, goods: Goods) -> FillRefusal | None:
    """What forbids to put such goods in; None: nothing. Dirty goods may join dirty goods of the same turn."""
    if crate.holds and crate.load_state != goods:
        return "MIXED_CLEANLINESS"
    if crate.soiled and (goods == "clean" or (crate.holds == 0 and crate.reopened)):
        return "CRATE_DIRTY"
    return None


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of goods. `incompatible`: codes of flows that it never shares a compartment with."""

    code: str
    dirty: bool = False
    incompatible: frozenset[str] = frozenset()

    @property
    def infectious(self) -> bool:
        """Dirty goods that never ride with instruments: not even in another compartment of the same vehicle, and the
        compartment is cleaned at each unloading (arrete of 1 June 2001, art. 12)."""
        return self.dirty and STERILISATION in self.incompatible


@dataclass(frozen=True, slots=True)
class Rider:
    """A crate in a vehicle. `soiled`: it holds dirty goods, or held them and was not decontaminated since."""

    flow: str
    soiled: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """A compartment before crates come in: what it is for, how many it takes, whether it waits for cleaning."""

    cleanliness: Literal["clean", "dirty", "both"]
    capacity: int
    soiled: bool
    cleaning_due: bool


def why_not_ride(
    hold: Hold, aboard: Sequence[Rider], new: Sequence[Rider], elsewhere: Iterable[Rider], flows: Mapping[str, Flow]
) -> RideRefusal | None:
    """What forbids to load the new crates; `aboard`: those in this compartment, `elsewhere`: in the others of the
    vehicle."""
    together = [*aboard, *new]
    kinds = {rider.soiled for rider in together}
    if len(kinds) > 1 or (hold.cleanliness != "both" and (hold.cleanliness == "dirty") not in kinds):
        return "MIXED_CLEANLINESS"
    if hold.cleaning_due or (hold.soiled and kinds == {False}):
        return "COMPARTMENT_DIRTY"
    if len(together) > hold.capacity:
        return "COMPARTMENT_FULL"
    here, there = {rider.flow for rider in together}, {rider.flow for rider in elsewhere}
    return "INCOMPATIBLE_FLOWS" if _clash(here, flows) or _infects(here, there, flows) else None


def _clash(codes: set[str], flows: Mapping[str, Flow]) -> bool:
    return any(flow.incompatible & codes for code in codes if (flow := flows.get(code)) is not None)


def _infects(here: set[str], there: set[str], flows: Mapping[str, Flow]) -> bool:
    def infectious(codes: set[str]) -> bool:
        return any(flow.infectious for code in codes if (flow := flows.get(code)) is not None)

    return (infectious(here) and STERILISATION in there) or (infectious(there) and STERILISATION in here)
