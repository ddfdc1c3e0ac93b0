"""SQL of imports."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record
from pydantic import JsonValue

from maillage.database import Tx


async def keep(
    tx: Tx, organisation_id: UUID, kind: str, state: str, line_count: int, faults: JsonValue, changes: JsonValue
) -> Record | None:
    """Keeps what an import, or its dry run, came to."""
    return await tx.fetchrow(
        """
        INSERT INTO import (organisation_id, kind, dry_run, state, line_count, faults, changes, by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *
        """,
        organisation_id,
        kind,
        state != "applied",
        state,
        line_count,
        faults,
        changes,
        tx.principal.sub,
        tx.now,
    )


async def one(tx: Tx, import_id: UUID) -> Record | None:
    """One import within reach."""
    return await tx.fetchrow("SELECT * FROM import WHERE id = $1", import_id)


async def schedules(tx: Tx, organisation_id: UUID) -> dict[tuple[UUID, UUID], UUID]:
    """Every agenda of one organisation by practitioner and site."""
    rows = await tx.fetch(
        "SELECT id, practitioner_id, site_id FROM schedule WHERE organisation_id = $1 ORDER BY id", organisation_id
    )
    return {(row["practitioner_id"], row["site_id"]): row["id"] for row in rows}


async def rooms(tx: Tx, organisation_id: UUID) -> dict[tuple[UUID, str], list[UUID]]:
    """The active rooms of one organisation by site and name."""
    rows = await tx.fetch(
        "SELECT id, site_id, name FROM resource WHERE organisation_id = $1 AND kind = 'room' AND active ORDER BY id",
        organisation_id,
    )
    found: dict[tuple[UUID, str], list[UUID]] = {}
    for row in rows:
        found.setdefault((row["site_id"], row["name"]), []).append(row["id"])
    return found


async def practitioner(tx: Tx, practitioner_id: UUID, organisation_id: UUID) -> Record | None:
    """One practitioner of one organisation."""
    return await tx.fetchrow(
        "SELECT * FROM practitioner WHERE id = $1 AND organisation_id = $2", practitioner_id, organisation_id
    )


async def imported_absences(tx: Tx, practitioner_ids: Sequence[UUID]) -> list[Record]:
    """The absences of these practitioners that files brought, locked."""
    return await tx.fetch(
        """
        SELECT id, practitioner_id, during, kind, source_ref FROM absence
        WHERE practitioner_id = ANY ($1) AND source = 'import' AND source_ref IS NOT NULL ORDER BY id FOR UPDATE
        """,
        practitioner_ids,
    )


async def practitioners(tx: Tx, organisation_id: UUID) -> list[Record]:
    """The practitioners of one organisation that have a number; not locked, for a long import lets others book."""
    return await tx.fetch(
        "SELECT id, rpps FROM practitioner WHERE organisation_id = $1 AND rpps IS NOT NULL", organisation_id
    )


async def resembling(tx: Tx, organisation_id: UUID, people: Sequence[Sequence[object]]) -> list[Record]:
    """Which of these people (family, used family, given, used given, birth date) resemble somebody known: `place`,
    and whether it is the same person by birth names. The measure is that of a new patient.
    """
    columns = [list(column) for column in zip(*people, strict=True)]
    return await tx.fetch(
        """
        WITH wish AS MATERIALIZED (
            SELECT n - 1 AS place, born, name_key(family) AS family, name_key(coalesce(used, family)) AS used,
                   name_key(given) AS given, name_key(split_part(given, ' ', 1)) AS first,
                   name_key(coalesce(called, given)) AS called
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::date[])
                 WITH ORDINALITY AS w (family, used, given, called, born, n)
        ), alike AS (
            SELECT w.place, p.family_key = w.family AND p.given_key = w.given AS same,
                   (p.family_key IN (w.family, w.used) OR p.used_key IN (w.family, w.used))
                   AND (p.given_key IN (w.given, w.first, w.called)
                        OR name_key(p.used_given_name) IN (w.given, w.called)
                        OR name_key(split_part(p.birth_given_names, ' ', 1)) = w.given) AS named,
                   similarity(p.family_key || ' ' || p.given_key, w.family || ' ' || w.given) AS score
            FROM wish w JOIN patient p ON p.organisation_id = $1 AND p.birth_date = w.born
            WHERE p.merged_into_id IS NULL
        )
        SELECT place::int, same FROM alike WHERE same OR named OR score > 0.6
        """,
        organisation_id,
        *(columns or [[]] * 5),
    )


async def add_patients(tx: Tx, organisation_id: UUID, people: Sequence[Sequence[object]]) -> None:
    """New people, PROV."""
    await tx.execute(
        """
        INSERT INTO patient (id, organisation_id, birth_family_name, used_family_name, birth_given_names,
                             used_given_name, birth_date, sex, birth_place_insee, flags, referring_practitioner_id,
                             first_seen_at, created_at)
        SELECT p.id, $1, p.family, p.used, p.given, p.called, p.born, p.sex, p.insee,
               string_to_array(p.flags, '|'), p.referring, p.seen, $2
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::text[], $10::text[],
                    $11::text[], $12::uuid[], $13::timestamptz[])
             AS p (id, family, used, given, called, born, sex, insee, flags, referring, seen)
        """,
        organisation_id,
        tx.now,
        *(list(column) for column in zip(*people, strict=True)),
    )


async def add_contacts(tx: Tx, organisation_id: UUID, contacts: Sequence[tuple[UUID, str, str]]) -> None:
    """Ways to reach them, not proved."""
    await tx.execute(
        """
        INSERT INTO contact (organisation_id, patient_id, kind, value)
        SELECT $1, c.id, c.kind, c.value FROM unnest($2::uuid[], $3::text[], $4::text[]) AS c (id, kind, value)
        """,
        organisation_id,
        [each[0] for each in contacts],
        [each[1] for each in contacts],
        [each[2] for each in contacts],
    )


async def named(tx: Tx, organisation_id: UUID, family: str, given: str, born: date) -> list[UUID]:
    """The people of these birth names and this birth date."""
    rows = await tx.fetch(
        """
        SELECT p.id FROM patient p
        WHERE p.organisation_id = $1 AND p.birth_date = $4 AND p.merged_into_id IS NULL
          AND p.family_key = name_key($2) AND p.given_key = name_key($3)
        """,
        organisation_id,
        family,
        given,
        born,
    )
    return [row["id"] for row in rows]


async def is_booked(tx: Tx, patient_id: UUID, practitioner_id: UUID, start: datetime) -> bool:
    """Whether this very visit is there already."""
    found = await tx.fetchval(
        """
        SELECT EXISTS (SELECT FROM appointment a
                       WHERE a.patient_id = $1 AND a.practitioner_id = $2 AND lower(a.during) = $3
                         AND a.status NOT IN ('cancelled', 'entered-in-error'))
        """,
        patient_id,
        practitioner_id,
        start,
    )
    return bool(found)


async def leave_untold(tx: Tx, appointment_ids: Sequence[UUID], *, reminders: bool) -> None:
    """Takes the planned messages of these visits away; reminders may stay."""
    await tx.execute(
        """
        UPDATE message SET state = 'dropped'
        WHERE appointment_id = ANY ($1) AND state = 'planned' AND NOT ($2 AND kind = 'reminder')
        """,
        appointment_ids,
        reminders,
    )
