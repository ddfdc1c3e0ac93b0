"""SQL of organisations, sites, places and rooms. Row-level security limits every statement to the caller's reach."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from appointments.directory.schemas import OrganisationIn, PlaceIn, RoomIn, SiteIn
from maillage.database import Tx

SITE_COLUMNS = (
    "kind", "parent_id", "code", "name", "finess", "siret", "address_line", "postal_code", "city", "insee_code",
    "lat", "lon", "phone", "timezone", "access_note", "step_free", "active",
)  # fmt: skip


async def organisation(tx: Tx, organisation_id: UUID | None, *, lock: bool = False) -> Record | None:
    """The row of one organisation within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM organisation WHERE id = $1 FOR UPDATE", organisation_id)
    return await tx.fetchrow("SELECT * FROM organisation WHERE id = $1", organisation_id)


async def update_organisation(tx: Tx, organisation_id: UUID, body: OrganisationIn) -> Record | None:
    """Writes what the manager set; only parameters that differ from their defaults are stored."""
    return await tx.fetchrow(
        """
        UPDATE organisation SET finess_legal = $2, timezone = $3, phone = $4, holiday_zone = $5, settings = $6,
               version = version + 1
        WHERE id = $1 RETURNING *
        """,
        organisation_id,
        body.finess_legal,
        body.timezone,
        body.phone,
        body.holiday_zone,
        body.parameters.model_dump(mode="json", exclude_defaults=True),
    )


async def expand_again(tx: Tx, organisation_id: UUID, practitioner_id: UUID | None = None) -> None:
    """Lets the timed job expand schedules anew: what they follow from (dates, profession, holidays) has changed."""
    await tx.execute(
        """
        UPDATE schedule SET expanded_to = NULL
        WHERE organisation_id = $1 AND ($2::uuid IS NULL OR practitioner_id = $2) AND active
        """,
        organisation_id,
        practitioner_id,
    )


async def name_organisation(tx: Tx, organisation_id: UUID, name: str, *, create: bool) -> None:
    """Copies a name; an organisation that is unknown here is created only when it can have sites."""
    await tx.execute(
        "UPDATE organisation SET name = $2, version = version + 1 WHERE id = $1 AND name <> $2", organisation_id, name
    )
    if create:
        await tx.execute(
            "INSERT INTO organisation (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", organisation_id, name
        )


async def site(tx: Tx, site_id: UUID, *, lock: bool = False) -> Record | None:
    """One site within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM site WHERE id = $1 FOR UPDATE", site_id)
    return await tx.fetchrow("SELECT * FROM site WHERE id = $1", site_id)


async def sites(tx: Tx, *, inactive: bool, after: tuple[str, UUID] | None, limit: int) -> list[Record]:
    """Sites by name, then id, after a sort key."""
    return await tx.fetch(
        """
        SELECT * FROM site WHERE (active OR $1) AND ($2::text IS NULL OR (name, id) > ($2, $3::uuid))
        ORDER BY name, id LIMIT $4
        """,
        inactive,
        *(after or (None, None)),
        limit,
    )


async def sites_by_code(tx: Tx, organisation_id: UUID) -> dict[str, Record]:
    """Every site of one organisation, locked, by code."""
    rows = await tx.fetch("SELECT * FROM site WHERE organisation_id = $1 ORDER BY id FOR UPDATE", organisation_id)
    return {row["code"]: row for row in rows}


def _site_values(body: SiteIn, zone: str) -> list[object]:
    return [getattr(body, name) if name != "timezone" else body.timezone or zone for name in SITE_COLUMNS]


def site_differs(row: Record, body: SiteIn, zone: str) -> bool:
    """Whether writing `body` would change anything."""
    return [row[name] for name in SITE_COLUMNS] != _site_values(body, zone)


async def insert_site(tx: Tx, organisation_id: UUID, body: SiteIn, zone: str) -> Record | None:
    """The new row; None when the code is taken."""
    return await tx.fetchrow(
        """
        INSERT INTO site (organisation_id, kind, parent_id, code, name, finess, siret, address_line, postal_code, city,
                          insee_code, lat, lon, phone, timezone, access_note, step_free, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        ON CONFLICT (organisation_id, code) DO NOTHING RETURNING *
        """,
        organisation_id,
        *_site_values(body, zone),
    )


async def update_site(tx: Tx, site_id: UUID, body: SiteIn, zone: str) -> Record | None:
    """The row after the change."""
    return await tx.fetchrow(
        """
        UPDATE site SET kind = $2, parent_id = $3, code = $4, name = $5, finess = $6, siret = $7, address_line = $8,
               postal_code = $9, city = $10, insee_code = $11, lat = $12, lon = $13, phone = $14, timezone = $15,
               access_note = $16, step_free = $17, active = $18, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        site_id,
        *_site_values(body, zone),
    )


async def site_use(tx: Tx, site_id: UUID) -> tuple[int, int]:
    """How many live appointments to come and how many open schedules a site has."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM appointment a WHERE a.site_id = $1 AND a.status IN ('pending', 'booked', 'arrived')
                AND a.local_date >= (kit_now() - interval '1 day')::date AND upper(a.during) > kit_now()),
               (SELECT count(*) FROM schedule s WHERE s.site_id = $1 AND s.active)
        """,
        site_id,
    )
    return _pair(row)


async def place(tx: Tx, place_id: UUID, *, lock: bool = False) -> Record | None:
    """One place of visits within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM place WHERE id = $1 FOR UPDATE", place_id)
    return await tx.fetchrow("SELECT * FROM place WHERE id = $1", place_id)


async def places(tx: Tx, *, inactive: bool, after: tuple[str, UUID] | None, limit: int) -> list[Record]:
    """Places by name, then id, after a sort key."""
    return await tx.fetch(
        """
        SELECT * FROM place WHERE (active OR $1) AND ($2::text IS NULL OR (name, id) > ($2, $3::uuid))
        ORDER BY name, id LIMIT $4
        """,
        inactive,
        *(after or (None, None)),
        limit,
    )


async def insert_place(tx: Tx, organisation_id: UUID, body: PlaceIn) -> Record | None:
    """The new row."""
    return await tx.fetchrow(
        """
        INSERT INTO place (organisation_id, name, finess, address_line, postal_code, city, phone, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *
        """,
        organisation_id,
        *_place_values(body),
    )


async def update_place(tx: Tx, place_id: UUID, body: PlaceIn) -> Record | None:
    """The row after the change."""
    return await tx.fetchrow(
        """
        UPDATE place SET name = $2, finess = $3, address_line = $4, postal_code = $5, city = $6, phone = $7, active =
        $8,
               version = version + 1
        WHERE id = $1 RETURNING *
        """,
        place_id,
        *_place_values(body),
    )


def _place_values(body: PlaceIn) -> Sequence[object]:
    return (body.name, body.finess, body.address_line, body.postal_code, body.city, body.phone, body.active)


async def place_use(tx: Tx, place_id: UUID) -> tuple[int, int]:
    """How many live appointments to come a place has; no schedule depends on a place."""
    row = await tx.fetchrow(
        """
        SELECT count(*), 0 FROM appointment
        WHERE place_id = $1 AND status IN ('pending', 'booked', 'arrived') AND upper(during) > kit_now()
        """,
        place_id,
    )
    return _pair(row)


async def room(tx: Tx, room_id: UUID, *, lock: bool = False) -> Record | None:
    """One room or piece of equipment within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM resource WHERE id = $1 AND kind <> 'practitioner' FOR UPDATE", room_id)
    return await tx.fetchrow("SELECT * FROM resource WHERE id = $1 AND kind <> 'practitioner'", room_id)


async def rooms(
    tx: Tx, *, site_id: UUID | None, inactive: bool, after: tuple[str, UUID] | None, limit: int
) -> list[Record]:
    """Rooms and equipment by name, then id, after a sort key."""
    return await tx.fetch(
        """
        SELECT * FROM resource
        WHERE kind <> 'practitioner' AND ($1::uuid IS NULL OR site_id = $1) AND (active OR $2)
          AND ($3::text IS NULL OR (name, id) > ($3, $4::uuid))
        ORDER BY name, id LIMIT $5
        """,
        site_id,
        inactive,
        *(after or (None, None)),
        limit,
    )


async def insert_room(tx: Tx, organisation_id: UUID, body: RoomIn) -> Record | None:
    """The new row."""
    return await tx.fetchrow(
        """
        INSERT INTO resource (organisation_id, kind, site_id, name, tags, active) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING *
        """,
        organisation_id,
        *_room_values(body),
    )


async def update_room(tx: Tx, room_id: UUID, body: RoomIn) -> Record | None:
    """The row after the change."""
    return await tx.fetchrow(
        """
        UPDATE resource SET kind = $2, site_id = $3, name = $4, tags = $5, active = $6, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        room_id,
        *_room_values(body),
    )


def _room_values(body: RoomIn) -> Sequence[object]:
    return (body.kind, body.site_id, body.name, sorted(set(body.tags)), body.active)


async def room_use(tx: Tx, room_id: UUID) -> tuple[int, int]:
    """How many live appointments to come and how many rules of open schedules need a room."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM busy b JOIN appointment a ON a.id = b.appointment_id
                WHERE b.resource_id = $1 AND upper(b.during) > kit_now()
                  AND a.status IN ('pending', 'booked', 'arrived')),
               (SELECT count(*) FROM opening_rule r JOIN schedule s ON s.id = r.schedule_id
                WHERE r.room_id = $1 AND s.active)
        """,
        room_id,
    )
    return _pair(row)


def _pair(row: Record | None) -> tuple[int, int]:
    return (row[0], row[1]) if row is not None else (0, 0)
