"""Vehicles, compartments, crates, road links, flows and items as collections. A crate and a compartment are places too:
the place is made first, under the same id."""

from datetime import time
from typing import cast
from uuid import UUID

from cooperation.custody.moving import Subject, move
from cooperation.fleet.schemas import (
    CompartmentIn,
    CompartmentOut,
    CompartmentPatch,
    CrateIn,
    CrateOut,
    CratePatch,
    FlowIn,
    FlowItemIn,
    FlowItemOut,
    FlowItemPatch,
    FlowOut,
    FlowPatch,
    RoadLinkIn,
    RoadLinkOut,
    RoadLinkPatch,
    VehicleIn,
    VehicleOut,
    VehiclePatch,
)
from cooperation.members import queries
from cooperation.members.collections import Collection, Making, Values, referenced
from cooperation.members.errors import CodeTaken, ReferenceUnknown, TagTaken
from cooperation.trace.rows import as_json
from cooperation.transport.rows import Compartment, Crate
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid


async def _placed(making: Making, kind: str, cleanliness: str) -> Values:
    """The place that a new one also is, or its new name; the other columns."""
    values = dict(making.given)
    name = values.pop("name", None)
    if making.row is not None:
        if name is not None:
            await making.tx.execute(queries.RENAME_PLACE, making.row["id"], name)
        return values
    made = new_id()
    await making.tx.execute(queries.ADD_PLACE, made, making.group.id, name, kind, cleanliness, making.tx.now)
    return values | {"id": made}


async def _compartment(making: Making) -> Values:
    if making.row is None:
        await referenced(making, "vehicle", "vehicle_id", cast(UUID, making.given["vehicle_id"]))
    rides = making.given.get("cleanliness")
    return await _placed(making, "compartment", "any" if rides == "both" else str(rides))


async def _crate(making: Making) -> Values:
    if making.row is None:
        await referenced(making, "place", "place_id", cast(UUID, making.given["place_id"]))
        if await making.tx.fetchval(queries.MARK_OF_SET, making.given["tag"]):
            raise TagTaken
    values = await _placed(making, "crate", "any")
    values.pop("place_id", None)
    return values


async def _stands(making: Making, crate_id: UUID) -> None:
    crate = Subject("crate", crate_id, making.group.id, making.group.id)
    await move(making.tx, crate, cast(UUID, making.given["place_id"]), making.tx.now)


async def _no_place(tx: Tx, place_id: UUID) -> None:
    await tx.execute(queries.RETIRE_PLACE, place_id, tx.now)


async def _road_link(making: Making) -> Values:
    values = dict(making.given)
    if making.row is None:
        ends = cast(UUID, values["from_site_id"]), cast(UUID, values["to_site_id"])
        if ends[0] == ends[1]:
            raise ReferenceUnknown(pointer="/to_site_id")
        await referenced(making, "site", "from_site_id", ends[0])
        await referenced(making, "site", "to_site_id", ends[1])
    if "departures" in values:
        trips = cast("list[dict[str, object]]", values["departures"])
        values["departures"] = [{"days": sorted(set(_days(trip))), "at": _hm(trip["at"])} for trip in trips]
    return values


def _days(trip: dict[str, object]) -> list[int]:
    return cast("list[int]", trip["days"])


def _hm(at: object) -> str:
    return cast(time, at).isoformat("minutes")


async def _flow(making: Making) -> Values:
    values = dict(making.given)
    least, most = (values.get(name, making.row[name] if making.row else None) for name in ("least_c", "most_c"))
    if least is not None and most is not None and cast(float, least) > cast(float, most):
        raise Invalid(pointer="/least_c")
    if "cut_offs" in values:
        by_site = cast("dict[UUID, time]", values["cut_offs"])
        await referenced(making, "site", "cut_offs", *by_site)
        values["cut_offs"] = as_json({site: _hm(at) for site, at in by_site.items()})
    return values


async def _item(making: Making) -> Values:
    if making.row is None:
        await referenced(making, "flow", "flow_id", cast(UUID, making.given["flow_id"]))
    return making.given


VEHICLES = Collection(one="vehicle", many="vehicles", given=VehicleIn, patch=VehiclePatch, shown=VehicleOut)
COMPARTMENTS = Collection(
    one="compartment", many="compartments", given=CompartmentIn, patch=CompartmentPatch, shown=CompartmentOut,
    columns=_compartment, of="vehicle_id", also=queries.PLACE_NAME, traced=Compartment, retired=_no_place,
)  # fmt: skip
CRATES = Collection(
    one="crate", many="crates", given=CrateIn, patch=CratePatch, shown=CrateOut, columns=_crate,
    also=queries.PLACE_NAME, traced=Crate, taken={"crate_tag_key": TagTaken}, made=_stands, retired=_no_place,
)  # fmt: skip
ROAD_LINKS = Collection(
    one="road_link", many="road_links", given=RoadLinkIn, patch=RoadLinkPatch, shown=RoadLinkOut, columns=_road_link,
    of="from_site_id",
)  # fmt: skip
FLOWS = Collection(
    one="flow", many="flows", given=FlowIn, patch=FlowPatch, shown=FlowOut, columns=_flow,
    taken={"flow_group_id_code_key": CodeTaken},
)  # fmt: skip
ITEMS = Collection(
    one="item", many="items", given=FlowItemIn, patch=FlowItemPatch, shown=FlowItemOut, columns=_item, of="flow_id",
    taken={"item_flow_id_code_key": CodeTaken},
)  # fmt: skip
