"""Use cases of organisations, sites, places and rooms: one function, one transaction."""

from uuid import UUID

from asyncpg import Record

from appointments.directory import queries
from appointments.directory.common import after, home, is_public, page, present, unused, wire
from appointments.directory.errors import CodeFixed, CodeTaken, ReferenceUnknown
from appointments.directory.parameters import Parameters, StoredParameters
from appointments.directory.schemas import (
    OrganisationIn,
    OrganisationOut,
    PlaceIn,
    PlaceOut,
    RoomIn,
    RoomOut,
    SiteIn,
    SiteOut,
)
from contracts.appointments import SiteChanged
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page


async def organisation(tx: Tx, organisation_id: UUID) -> OrganisationOut:
    """One organisation with its parameters, defaults filled in."""
    return _organisation_out(await queries.organisation(tx, organisation_id))


async def parameters(tx: Tx, organisation_id: UUID) -> Parameters:
    """The parameters of an organisation, for the use cases that follow them."""
    row = await queries.organisation(tx, organisation_id)
    return StoredParameters.model_validate(row["settings"]) if row is not None else Parameters()


async def set_organisation(
    tx: Tx, organisation_id: UUID, body: OrganisationIn, if_match: int | None
) -> OrganisationOut:
    """Sets phone, zones, hours and parameters. A site keeps its time zone; agendas follow other holidays."""
    if organisation_id != tx.principal.org:
        raise NotFound
    old = present(await queries.organisation(tx, organisation_id, lock=True), if_match)
    row = await queries.update_organisation(tx, organisation_id, body)
    if body.holiday_zone != old["holiday_zone"]:
        await queries.expand_again(tx, organisation_id)
    tx.audit("organisation.change", "organisation", organisation_id, organisation_id, from_version=old["version"])
    return _organisation_out(row)


def _organisation_out(row: Record | None) -> OrganisationOut:
    if row is None:
        raise NotFound
    fields = {name: row[name] for name in OrganisationOut.model_fields if name != "parameters"}
    stored = StoredParameters.model_validate(row["settings"])
    return OrganisationOut(**fields, parameters=Parameters.model_validate(stored.model_dump()))


async def sites(tx: Tx, inactive: bool, given: str | None, limit: int) -> Page[SiteOut]:
    """Sites by name; those switched off only for professionals who ask."""
    rows = await queries.sites(tx, inactive=inactive and not is_public(tx), after=after(given), limit=limit + 1)
    return page(SiteOut, rows, limit)


async def site(tx: Tx, site_id: UUID) -> SiteOut:
    """One site."""
    found = wire(SiteOut, await queries.site(tx, site_id))
    if not found.active and is_public(tx):
        raise NotFound
    return found


async def add_site(tx: Tx, body: SiteIn) -> SiteOut:
    """A new site of the caller's organisation. Refused: `CODE_TAKEN`, `REFERENCE_UNKNOWN` for its parent."""
    centre = await home(tx)
    await _own_site(tx, body.parent_id, "/parent_id", centre["id"])
    row = await queries.insert_site(tx, centre["id"], body, centre["timezone"])
    if row is None:
        raise CodeTaken(pointer="/code")
    return announce_site(tx, row, "site.create")


async def replace_site(tx: Tx, site_id: UUID, body: SiteIn, if_match: int | None) -> SiteOut:
    """The whole site anew. Refused: `CODE_FIXED`; `IN_USE` when switched off or put into another time zone."""
    centre = await home(tx)
    old = present(await queries.site(tx, site_id, lock=True), if_match)
    if body.code != old["code"]:
        raise CodeFixed(pointer="/code")
    if body.parent_id == site_id:
        raise ReferenceUnknown(pointer="/parent_id")
    await _own_site(tx, body.parent_id, "/parent_id", centre["id"])
    if (old["active"] and not body.active) or old["timezone"] != (body.timezone or centre["timezone"]):
        unused(await queries.site_use(tx, site_id))
    return announce_site(tx, await queries.update_site(tx, site_id, body, centre["timezone"]), "site.change")


def announce_site(tx: Tx, row: Record | None, action: str) -> SiteOut:
    """Audit and event of a site just written."""
    out = wire(SiteOut, row)
    tx.audit(action, "site", out.id, out.organisation_id, code=out.code, active=out.active, version=out.version)
    event = SiteChanged(
        site_id=out.id,
        finess=out.finess,
        name=out.name,
        insee_code=out.insee_code,
        timezone=out.timezone,
        active=out.active,
        version=out.version,
    )
    tx.emit(event, out.organisation_id)
    return out


async def _own_site(tx: Tx, site_id: UUID | None, pointer: str, organisation_id: UUID) -> None:
    row = await queries.site(tx, site_id) if site_id is not None else None
    if site_id is not None and (row is None or row["organisation_id"] != organisation_id):
        raise ReferenceUnknown(pointer=pointer)


async def places(tx: Tx, inactive: bool, given: str | None, limit: int) -> Page[PlaceOut]:
    """Places of visits by name."""
    rows = await queries.places(tx, inactive=inactive and not is_public(tx), after=after(given), limit=limit + 1)
    return page(PlaceOut, rows, limit)


async def add_place(tx: Tx, body: PlaceIn) -> PlaceOut:
    """A new place of visits of the caller's organisation."""
    centre = await home(tx)
    return _noted_place(tx, await queries.insert_place(tx, centre["id"], body), "place.create")


async def replace_place(tx: Tx, place_id: UUID, body: PlaceIn, if_match: int | None) -> PlaceOut:
    """The whole place anew. Refused: `IN_USE` when it is switched off with visits to come."""
    old = present(await queries.place(tx, place_id, lock=True), if_match)
    if old["active"] and not body.active:
        unused(await queries.place_use(tx, place_id))
    return _noted_place(tx, await queries.update_place(tx, place_id, body), "place.change")


def _noted_place(tx: Tx, row: Record | None, action: str) -> PlaceOut:
    out = wire(PlaceOut, row)
    tx.audit(action, "place", out.id, out.organisation_id, active=out.active, version=out.version)
    return out


async def rooms(tx: Tx, site_id: UUID | None, inactive: bool, given: str | None, limit: int) -> Page[RoomOut]:
    """Rooms and equipment by name, of one site or all."""
    asked = inactive and not is_public(tx)
    rows = await queries.rooms(tx, site_id=site_id, inactive=asked, after=after(given), limit=limit + 1)
    return page(RoomOut, rows, limit)


async def add_room(tx: Tx, body: RoomIn) -> RoomOut:
    """A new room or piece of equipment at a site of the caller's organisation."""
    centre = await home(tx)
    await _own_site(tx, body.site_id, "/site_id", centre["id"])
    return _noted_room(tx, await queries.insert_room(tx, centre["id"], body), "room.create")


async def replace_room(tx: Tx, room_id: UUID, body: RoomIn, if_match: int | None) -> RoomOut:
    """The whole room anew. Refused: `IN_USE` when it is switched off, or moved, while something depends on it."""
    old = present(await queries.room(tx, room_id, lock=True), if_match)
    await _own_site(tx, body.site_id, "/site_id", old["organisation_id"])
    if (old["active"] and not body.active) or body.site_id != old["site_id"]:
        unused(await queries.room_use(tx, room_id))
    return _noted_room(tx, await queries.update_room(tx, room_id, body), "room.change")


def _noted_room(tx: Tx, row: Record | None, action: str) -> RoomOut:
    out = wire(RoomOut, row)
    tx.audit(action, out.kind, out.id, out.organisation_id, active=out.active, version=out.version)
    return out


async def copy_name(tx: Tx, organisation_id: UUID, name: str, *, create: bool) -> None:
    """The organisation's name as the gateway knows it."""
    await queries.name_organisation(tx, organisation_id, name, create=create)
