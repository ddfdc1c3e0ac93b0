"""Wire types of crates and vehicles."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.cooperation import RunStage
from cooperation.issues.wording import StaffNote
from maillage.wire import Instant, Wire

ReadCode = Annotated[str, Field(min_length=1, max_length=512)]
"""What a scanner read, or the id of the thing."""
SealNumber = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]


class Goods(Wire):
    """Sets by their own mark, or packs by their label."""

    codes: list[ReadCode] = Field(min_length=1, max_length=100)


class GoodsOut(Goods):
    """`place_id`: where they are put, of the site where the crate stands."""

    place_id: UUID


class SealIn(Wire):
    """The number on the seal; a number serves once. `destination_site_id`: where the crate goes."""

    number: SealNumber
    destination_site_id: UUID | None = None


class Opening(Wire):
    """The number read on the seal that was broken; null when it was not read or not there."""

    number: SealNumber | None = None


class Held(Wire):
    """A set with the run that it is in, or a line of an order (`order_id`)."""

    kind: Literal["set", "crate", "instrument", "parcel"]
    id: UUID
    since: Instant
    name: str | None
    tag: str | None
    run_id: UUID | None
    stage: RunStage | None
    label: str | None
    expires_on: date | None
    order_id: UUID | None


class CrateState(Wire):
    """A crate as it stands. `load_state`: what it holds or last held; `things`: how many, also those of other members;
    `dirty_since`: until it is decontaminated."""

    id: UUID
    tag: str
    flow: str
    load_state: Literal["empty", "clean", "dirty"]
    things: int
    seal: str | None
    destination_site_id: UUID | None
    quarantine: bool
    decontaminated_at: Instant | None
    dirty_since: Instant | None
    place_id: UUID | None
    place_name: str | None
    site_id: UUID | None
    version: int


class CrateContents(CrateState):
    """With what it holds, as far as it is the caller's."""

    contents: list[Held]


class Crates(Wire):
    """Crates by mark or id."""

    crates: list[ReadCode] = Field(min_length=1, max_length=200)


class Unloading(Crates):
    """`place_id`: where they are put down, a place of the vehicle's own organisation."""

    place_id: UUID


class CompartmentState(Wire):
    """A compartment and the crates in it. `cleaning_due`: waste was unloaded, nothing rides before disinfection."""

    id: UUID
    vehicle_id: UUID
    cleanliness: Literal["clean", "dirty", "both"]
    capacity: int
    disinfected_at: Instant | None
    dirty_since: Instant | None
    cleaning_due: bool
    crate_ids: list[UUID]
    version: int


class Unattended(Wire):
    """Nobody is there to take: why, in words about the place and never about a patient."""

    reason: StaffNote


class HandoverIn(Crates):
    """Crates are given: they stand at `from_place_id`, a place of the caller's; `stop_id`: the stop of a tour at
    either end; `at`: when it was done, for a phone that was off line, now unless said."""

    from_place_id: UUID
    to_place_id: UUID
    stop_id: UUID | None = None
    unattended: Unattended | None = None
    at: Instant | None = None


class Taken(Wire):
    """One crate, scanned by who takes; the number read on its seal, null for none."""

    code: ReadCode
    seal: SealNumber | None = None


class NotTaken(Wire):
    """A crate that was given and is not there, and why."""

    crate_id: UUID
    reason: StaffNote


class HandoverTake(Wire):
    """Each crate that was given, once. `quarantine_place_id`: put there instead, when something inside was blocked
    since it was given."""

    crates: list[Taken] = Field(max_length=200)
    missing: list[NotTaken] = Field(default=[], max_length=200)
    quarantine_place_id: UUID | None = None
    at: Instant | None = None


class HandoverItem(Wire):
    """One hand-over in a list. `take_by`: when one left unattended is overdue, null once told."""

    id: UUID
    state: Literal["given", "taken"]
    from_place_id: UUID
    to_place_id: UUID
    stop_id: UUID | None
    given_by: str
    given_at: Instant
    taken_by: str | None
    taken_at: Instant | None
    take_by: Instant | None
    version: int


class HandedCrate(Wire):
    """A crate of a hand-over. `taken` false: not yet, or missing, with its reason."""

    crate_id: UUID
    tag: str
    seal_given: str | None
    seal_taken: str | None
    taken: bool
    reason: str | None


class HandoverOut(HandoverItem):
    """One hand-over with its crates."""

    unattended: str | None
    crates: list[HandedCrate]


class StopIn(Wire):
    """Where, and when it was promised there."""

    site_id: UUID
    promised_at: Instant


class TourIn(Wire):
    """A tour made by hand: its stops in their order."""

    vehicle_id: UUID
    leaves_at: Instant
    stops: list[StopIn] = Field(min_length=1, max_length=60)


class Failure(Wire):
    """Why a stop failed."""

    reason: StaffNote


class StopOut(Wire):
    """One stop. `late_told`: it was told to be late."""

    id: UUID
    tour_id: UUID
    position: int
    site_id: UUID
    promised_at: Instant
    state: Literal["expected", "served", "failed"]
    reason: str | None
    late_told: bool
    settled_at: Instant | None
    version: int


class TourItem(Wire):
    """A tour in a list. `driver_id`: who started it."""

    id: UUID
    vehicle_id: UUID
    driver_id: UUID | None
    leaves_at: Instant
    state: Literal["planned", "loading", "under_way", "done"]
    version: int


class TourOut(TourItem):
    """A tour with its stops in their order; a member sees those at its own sites."""

    stops: list[StopOut]
