"""Wire types of vehicles, compartments, crates, road links, flows and items."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer

from cooperation.members.marks import SetMark, Slug
from cooperation.members.schemas import Kept
from maillage.wire import Line, Patch, Wire


def _minutes(value: time) -> time:
    return value.replace(second=0, microsecond=0, tzinfo=None)


LocalTime = Annotated[
    time,
    AfterValidator(_minutes),
    PlainSerializer(lambda at: at.isoformat("minutes"), return_type=str, when_used="json"),
]
"""Of the group's zone, to the minute."""
Plate = Annotated[str, Field(pattern=r"^[A-Z0-9-]{2,12}$")]
Celsius = Annotated[float, Field(ge=-40, le=100, allow_inf_nan=False)]
Riding = Literal["clean", "dirty", "both"]


class VehicleIn(Wire):
    """A van. What it carries stands in its compartments."""

    name: Line
    plate: Plate | None = None


class VehiclePatch(Patch):
    """Name and plate."""

    EMPTIABLE = frozenset({"plate"})

    name: Line | None = None
    plate: Plate | None = None


class VehicleOut(Kept):
    """A van."""

    name: str
    plate: str | None


class CompartmentIn(Wire):
    """Part of a vehicle, a place of its own. `both`: clean or dirty, never at once. `capacity`: crates."""

    vehicle_id: UUID
    name: Line
    cleanliness: Riding
    capacity: int = Field(ge=1, le=500)


class CompartmentPatch(Patch):
    """Name and capacity."""

    name: Line | None = None
    capacity: int | None = Field(None, ge=1, le=500)


class CompartmentOut(Kept):
    """Part of a vehicle. `dirty_since`: it rode dirty and has not been disinfected since."""

    vehicle_id: UUID
    name: str
    cleanliness: Riding
    capacity: int
    disinfected_at: datetime | None
    dirty_since: datetime | None
    cleaning_due: bool


class CrateIn(Wire):
    """A crate with its engraved mark (GRAI), where it stands now. It is a place too, under the same id. `flow`: code of
    the flow that it serves, `sterilisation` for instruments."""

    tag: SetMark
    name: Line
    place_id: UUID
    flow: Slug = "sterilisation"


class CratePatch(Patch):
    """Its name; the mark and the flow stay."""

    name: Line | None = None


class CrateOut(Kept):
    """A crate. `tag`: canonical Digital Link of its GRAI; `load_state`: what it holds, or last held."""

    tag: str
    name: str
    flow: str
    load_state: Literal["empty", "clean", "dirty"]
    seal: str | None
    destination_id: UUID | None
    decontaminated_at: datetime | None
    dirty_since: datetime | None


class Departure(Wire):
    """Weekly trips: ISO weekdays (1 Monday), local time of the group's zone."""

    days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1, max_length=7)
    at: LocalTime


class RoadLinkIn(Wire):
    """The way from one site to another: metres, seconds, how they were found (`method`), and the trips that run every
    week. One way; the way back is another link."""

    from_site_id: UUID
    to_site_id: UUID
    metres: int = Field(ge=0, le=2_000_000)
    seconds: int = Field(ge=0, le=86_400)
    method: Line
    departures: list[Departure] = Field([], max_length=100)


class RoadLinkPatch(Patch):
    """`departures`: whole."""

    metres: int | None = Field(None, ge=0, le=2_000_000)
    seconds: int | None = Field(None, ge=0, le=86_400)
    method: Line | None = None
    departures: list[Departure] | None = Field(None, max_length=100)


class RoadLinkOut(Kept):
    """The way from one site to another."""

    from_site_id: UUID
    to_site_id: UUID
    metres: int
    seconds: int
    method: str
    departures: list[Departure]


class FlowIn(Wire):
    """A shared service other than instruments. `to_member` goes out (meals), `from_member` comes in (waste). `least_c`,
    `most_c`: temperatures at reception; `lots`: a lot on each line; `double_check`: one prepares, another checks;
    `cut_offs`: by site, the local time of the eve until which it is taken; `incompatible`: codes of flows that never
    share a compartment with it."""

    code: Slug
    name: Line
    unit: Line
    direction: Literal["to_member", "from_member"]
    cleanliness: Literal["clean", "dirty"]
    least_c: Celsius | None = None
    most_c: Celsius | None = None
    lots: bool = False
    double_check: bool = False
    cut_offs: dict[UUID, LocalTime] = Field({}, max_length=100)
    incompatible: list[Slug] = Field([], max_length=50)


class FlowPatch(Patch):
    """Direction and cleanliness stay; `cut_offs` and `incompatible`: whole."""

    EMPTIABLE = frozenset({"least_c", "most_c"})

    name: Line | None = None
    unit: Line | None = None
    least_c: Celsius | None = None
    most_c: Celsius | None = None
    lots: bool | None = None
    double_check: bool | None = None
    cut_offs: dict[UUID, LocalTime] | None = Field(None, max_length=100)
    incompatible: list[Slug] | None = Field(None, max_length=50)


class FlowOut(Kept):
    """A shared service other than instruments."""

    code: str
    name: str
    unit: str
    direction: Literal["to_member", "from_member"]
    cleanliness: Literal["clean", "dirty"]
    least_c: float | None
    most_c: float | None
    lots: bool
    double_check: bool
    cut_offs: dict[UUID, LocalTime]
    incompatible: list[str]


class FlowItemIn(Wire):
    """What can be ordered of a flow."""

    flow_id: UUID
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
    name: Line


class FlowItemPatch(Patch):
    """The name."""

    name: Line | None = None


class FlowItemOut(Kept):
    """What can be ordered of a flow."""

    flow_id: UUID
    code: str
    name: str
