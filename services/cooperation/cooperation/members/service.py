"""What the group is and decides; members, sites, places, stations, devices and signatories as collections."""

from asyncpg import Record

from cooperation.copies.people import holders, holds_role
from cooperation.members import queries
from cooperation.members.collections import Collection, Making, Values, owner_of, referenced, span
from cooperation.members.errors import CodeTaken, KnownAlready, ReferenceUnknown
from cooperation.members.keeping import present, wire
from cooperation.members.parameters import Parameters, own_group, staffed_group
from cooperation.members.schemas import (
    DeviceIn,
    DeviceOut,
    DevicePatch,
    GroupIn,
    GroupOut,
    GroupPatch,
    MemberIn,
    MemberOut,
    MemberPatch,
    PlaceIn,
    PlaceOut,
    PlacePatch,
    ReleaserOut,
    Releasers,
    SignatoryIn,
    SignatoryOut,
    SignatoryPatch,
    SiteIn,
    SiteOut,
    SitePatch,
    StationIn,
    StationOut,
    StationPatch,
)
from maillage.database import Tx
from maillage.refusals import NotAllowed, TimeInvalid

MACHINES = {
    "washing": {"washer"},
    "wash_unloading": {"washer"},
    "packing": {"sealer"},
    "loading": {"steam", "low_temperature"},
    "unloading": {"steam", "low_temperature"},
}


async def show_group(tx: Tx) -> GroupOut:
    """The group that the caller works for or is a member of. Refused: `NOT_FOUND`."""
    return _group(present(await tx.fetchrow(queries.GROUP_ROW, (await own_group(tx)).id), None))


async def add_group(tx: Tx, body: GroupIn) -> GroupOut:
    """The caller's organisation becomes a cooperation group. Refused: `KNOWN_ALREADY`, `NOT_ALLOWED` for a member of
    one."""
    if tx.principal.org is None or await tx.fetchval(queries.MEMBER_OF, tx.principal.org):
        raise NotAllowed
    kept = body.parameters.model_dump(mode="json", exclude_defaults=True)
    values = (body.name, body.gs1_prefix, body.time_zone, kept, tx.now)
    row = await tx.fetchrow(queries.ADD_GROUP, tx.principal.org, *values)
    if row is None:
        raise KnownAlready
    tx.audit("group.added", "group", row["id"], row["id"])
    return _group(row)


async def change_group(tx: Tx, body: GroupPatch, if_match: int | None) -> GroupOut:
    """Parameters count from the next act on. Refused: `NOT_FOUND` for who is not the group's, `VERSION_STALE`."""
    row = present(await tx.fetchrow(queries.LOCK_GROUP, tx.principal.org), if_match)
    given = body.parameters.model_dump(mode="json", exclude_unset=True) if body.parameters else {}
    kept = Parameters.model_validate(row["parameters"] | given).model_dump(mode="json", exclude_defaults=True)
    values = (body.name or row["name"], body.time_zone or row["time_zone"], kept)
    changed = present(await tx.fetchrow(queries.CHANGE_GROUP, row["id"], *values), None)
    tx.audit("group.changed", "group", row["id"], row["id"], parameters=" ".join(sorted(given)))
    return _group(changed)


async def releasers(tx: Tx) -> Releasers:
    """Who may be made a signatory. Refused: `NOT_FOUND` out of any group, `NOT_ALLOWED` for a member's."""
    rows = await holders(tx, (await staffed_group(tx)).id, queries.RELEASERS)
    return Releasers(items=[wire(ReleaserOut, row) for row in rows])


def _group(row: Record) -> GroupOut:
    return GroupOut.model_validate({name: row[name] for name in GroupOut.model_fields})


async def _member(making: Making) -> Values:
    """The organisation must have delegated to the group: else its rows are out of reach."""
    if making.row is None:
        member, orgs = making.given["id"], making.tx.principal.orgs
        if member == making.group.id or (orgs is not None and member not in orgs):
            raise ReferenceUnknown(pointer="/id")
        return making.given | {"organisation_id": member}
    left_on = making.given.get("left_on")
    if left_on is not None and str(left_on) < str(making.row["joined_on"]):
        raise TimeInvalid(pointer="/left_on")
    return making.given


async def _site(making: Making) -> Values:
    given = {name: value for name, value in making.given.items() if name != "owner_id"}
    return given if making.row is not None else given | {"organisation_id": await owner_of(making)}


async def _place(making: Making) -> Values:
    if making.row is not None:
        return making.given
    site = (await referenced(making, "site", "site_id", making.given["site_id"]))[0]  # type: ignore[arg-type]
    return making.given | {"organisation_id": site["organisation_id"]}


async def _station(making: Making) -> Values:
    values = dict(making.given)
    kind = str(making.row["kind"] if making.row is not None else values["kind"])
    machine_id, fitting = values.get("machine_id"), MACHINES.get(kind, set())
    if making.row is None:
        place = (await referenced(making, "place", "place_id", values["place_id"]))[0]  # type: ignore[arg-type]
        if place["site_id"] is None or (fitting and machine_id is None):
            raise ReferenceUnknown(pointer="/place_id" if place["site_id"] is None else "/machine_id")
        values |= {"organisation_id": place["organisation_id"], "site_id": place["site_id"]}
    elif fitting and "machine_id" in values and machine_id is None:
        raise ReferenceUnknown(pointer="/machine_id")
    if machine_id is not None:
        machine = (await referenced(making, "machine", "machine_id", machine_id))[0]  # type: ignore[arg-type]
        if machine["kind"] not in fitting:
            raise ReferenceUnknown(pointer="/machine_id")
    return values


async def _device(making: Making) -> Values:
    values = dict(making.given)
    if "station_id" in values:
        station = (await referenced(making, "station", "station_id", values["station_id"]))[0]  # type: ignore[arg-type]
        if making.row is not None and making.row["organisation_id"] != station["organisation_id"]:
            raise ReferenceUnknown(pointer="/station_id")
        values["organisation_id"] = station["organisation_id"]
    return values


async def _signatory(making: Making) -> Values:
    values, given = span(making, least=making.tx.now), making.given
    if "machine_ids" in given:
        await referenced(making, "machine", "machine_ids", *given["machine_ids"])  # type: ignore[misc]
    person = given.get("person_id")
    if person is not None and not await holds_role(making.tx, person, making.group.id, queries.RELEASERS):  # type: ignore[arg-type]
        raise ReferenceUnknown(pointer="/person_id")
    return values


MEMBERS = Collection(
    one="member", many="members", given=MemberIn, patch=MemberPatch, shown=MemberOut, columns=_member
)  # fmt: skip
SITES = Collection(one="site", many="sites", given=SiteIn, patch=SitePatch, shown=SiteOut, columns=_site)
PLACES = Collection(
    one="place", many="places", given=PlaceIn, patch=PlacePatch, shown=PlaceOut, columns=_place, of="site_id",
    taken={"place_group_id_code_key": CodeTaken},
)  # fmt: skip
STATIONS = Collection(
    one="station", many="stations", given=StationIn, patch=StationPatch, shown=StationOut, columns=_station,
    of="site_id",
)  # fmt: skip
DEVICES = Collection(
    one="device", many="devices", given=DeviceIn, patch=DevicePatch, shown=DeviceOut, columns=_device, of="station_id",
    taken={"device_pkey": KnownAlready},
)  # fmt: skip
SIGNATORIES = Collection(
    one="signatory", many="signatories", given=SignatoryIn, patch=SignatoryPatch, shown=SignatoryOut,
    columns=_signatory, also=queries.VALIDITY, grouped=False, of="person_id",
)  # fmt: skip
