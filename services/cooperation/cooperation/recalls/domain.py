"""Rules of recalls and signatures: what an extension may do, what became of a run, whose signatures suffice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Literal
from uuid import UUID

State = Literal["in_stock", "in_transit", "allocated", "used", "in_process"]
Verdict = Literal["same_person", "other_role", "waiting", "complete"]
STATES: tuple[State, ...] = ("in_stock", "in_transit", "allocated", "used", "in_process")


def state_of(stage: str, *, allocated: bool, in_transit: bool) -> State:
    """What had become of a run: used; ended or not yet released (`in_process`); kept for an operation; on the road;
    else stored."""
    if stage == "used":
        return "used"
    if stage != "released":
        return "in_process"
    if allocated:
        return "allocated"
    return "in_transit" if in_transit else "in_stock"


def state_of_order(state: str) -> State:
    """What had become of a line of an order: received goods count as used, for the member must follow them."""
    if state in ("received", "closed"):
        return "used"
    if state == "in_transit":
        return "in_transit"
    return "in_stock" if state == "prepared" else "in_process"


@dataclass(frozen=True, slots=True)
class Span:
    """A machine from an instant to another."""

    machine_id: UUID
    since: datetime
    until: datetime


def covered(span: Span, by: Sequence[Span]) -> bool:
    """Whether one of the spans is of that machine and at least as long on both sides."""
    return any(
        each.machine_id == span.machine_id and each.since <= span.since and span.until <= each.until for each in by
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """A person under a role."""

    person_id: UUID
    role: str


def signed(earlier: Sequence[Signer], new: Signer, needed: Sequence[frozenset[str]]) -> Verdict:
    """What one more signature makes of it. `needed`: for each signature the roles that may give it; each is given by
    another person."""
    if new.person_id in {each.person_id for each in earlier}:
        return "same_person"
    roles = [*(each.role for each in earlier), new.role]
    if not any(
        all(role in slot for role, slot in zip(roles, chosen, strict=True))
        for chosen in permutations(needed, len(roles))
    ):
        return "other_role"
    return "complete" if len(roles) == len(needed) else "waiting"
