"""Wire types of the group, its members, their sites, places, stations, devices, signatories."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from cooperation.members.marks import Code, Finess, Gln, Zone
from cooperation.members.parameters import Parameters
from maillage.wire import Instant, Line, Patch, Wire

SiteKind = Literal["plant", "hospital", "carrier", "provider"]
PlaceKind = Literal[
    "reception", "washing", "assembly", "packing", "sterilising", "store", "theatre", "dock", "quarantine", "repair",
    "outside",
]  # fmt: skip
StationKind = Literal[
    "return", "reception", "washing", "wash_unloading", "assembly", "packing", "loading", "unloading", "store",
    "dispatch", "dock", "theatre", "quarantine",
]  # fmt: skip
Cleanliness = Literal["clean", "dirty", "any"]


class Kept(Wire):
    """What every reference row tells. `organisation_id`: whose it is."""

    id: UUID
    organisation_id: UUID
    version: int
    created_at: datetime
    retired_at: datetime | None


class GroupIn(Wire):
    """The cooperation group of the caller's organisation. `gs1_prefix`: its company prefix, with which pack labels
    begin; it does not change."""

    name: Line
    gs1_prefix: Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]
    time_zone: Zone = "Europe/Paris"
    parameters: Parameters = Parameters()


class GroupPatch(Patch):
    """`parameters`: those that are given change."""

    name: Line | None = None
    time_zone: Zone | None = None
    parameters: Parameters | None = None


class GroupOut(Wire):
    """The group with every parameter, as they count now."""

    id: UUID
    name: str
    gs1_prefix: str
    time_zone: str
    parameters: Parameters
    version: int
    created_at: datetime


class MemberIn(Wire):
    """An establishment of the group. `id`: its organisation's, which has delegated to the group. `rights`: its share of
    the assembly's."""

    id: UUID
    name: Line
    finess: Finess
    rights: int = Field(0, ge=0, le=1_000_000)
    joined_on: date


class MemberPatch(Patch):
    """`left_on`: from that day on it is out of the group's rows."""

    EMPTIABLE = frozenset({"left_on"})

    name: Line | None = None
    rights: int | None = Field(None, ge=0, le=1_000_000)
    left_on: date | None = None


class MemberOut(Kept):
    """An establishment of the group, as entered; days are local."""

    name: str
    finess: str
    rights: int
    joined_on: date
    left_on: date | None


class SiteIn(Wire):
    """A location with its own docks. `owner_id`: the member whose it is; absent: the group. `gln`: 13 digits."""

    owner_id: UUID | None = None
    name: Line
    kind: SiteKind
    gln: Gln | None = None


class SitePatch(Patch):
    """Name and GLN."""

    EMPTIABLE = frozenset({"gln"})

    name: Line | None = None
    gln: Gln | None = None


class SiteOut(Kept):
    """A location of the group or of a member."""

    name: str
    kind: SiteKind
    gln: str | None


class PlaceIn(Wire):
    """Where things can be, its owner its site's. `code`: as on its mark, `P:<code>`. `locked`: crates may be left there
    unattended."""

    site_id: UUID
    name: Line
    kind: PlaceKind
    cleanliness: Cleanliness
    code: Code
    locked: bool = False


class PlacePatch(Patch):
    """Kind and cleanliness stay, for what is there came in under them."""

    name: Line | None = None
    locked: bool | None = None


class PlaceOut(Kept):
    """Where things can be. A crate and a compartment are places too, without a site, under the same id."""

    site_id: UUID | None
    name: str
    kind: Literal[PlaceKind, "crate", "compartment"]
    cleanliness: Cleanliness
    code: str
    locked: bool


class StationIn(Wire):
    """A post with a scanner: its kind says what a scan there does. `machine_id`: asked for washing, wash_unloading,
    packing (the sealer), loading, unloading; refused elsewhere."""

    place_id: UUID
    machine_id: UUID | None = None
    name: Line
    kind: StationKind


class StationPatch(Patch):
    """The name, or another machine of the same kind."""

    EMPTIABLE = frozenset({"machine_id"})

    name: Line | None = None
    machine_id: UUID | None = None


class StationOut(Kept):
    """A post with a scanner."""

    site_id: UUID
    place_id: UUID
    machine_id: UUID | None
    name: str
    kind: StationKind


class DeviceIn(Wire):
    """A scanner. `id`: that of the device in the gateway."""

    id: UUID
    station_id: UUID
    name: Line


class DevicePatch(Patch):
    """Its name, or another station of the same organisation."""

    name: Line | None = None
    station_id: UUID | None = None


class DeviceOut(Kept):
    """A scanner; `last_seq`: its last scan that was taken; `clock_offset_ms`: what is added to its clock."""

    station_id: UUID
    name: str
    last_seq: int
    clock_offset_ms: int


class SignatoryIn(Wire):
    """Who may sign releases, on which machines, from when to when. The person releases for the group (role
    `sterilisation_releaser`). `delegated_by`: the pharmacist who delegates; `document_ref`: the signed act."""

    person_id: UUID
    machine_ids: list[UUID] = Field(min_length=1, max_length=50)
    valid_from: Instant
    valid_to: Instant | None = None
    delegated_by: UUID | None = None
    document_ref: Line


class SignatoryPatch(Patch):
    """When it ends (not in the past), and on which machines."""

    EMPTIABLE = frozenset({"valid_to"})

    machine_ids: list[UUID] | None = Field(None, min_length=1, max_length=50)
    valid_to: Instant | None = None


class SignatoryOut(Kept):
    """Who may sign releases. Retired: signs no more."""

    person_id: UUID
    machine_ids: list[UUID]
    valid_from: datetime
    valid_to: datetime | None
    delegated_by: UUID | None
    document_ref: str


class ReleaserOut(Wire):
    """Somebody who may be made a signatory."""

    id: UUID
    name: str


class Releasers(Wire):
    """Who holds the role of releasing in the group today, by name."""

    items: list[ReleaserOut]
