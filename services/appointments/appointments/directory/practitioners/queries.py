"""SQL of practitioners, contracts and the persons they are."""

from datetime import date
from uuid import UUID

from asyncpg import Range, Record

from appointments.directory import domain
from appointments.directory.common import days
from appointments.directory.practitioners.schemas import ContractIn, PractitionerIn
from maillage.database import Tx

READ = """
    SELECT p.*,
           p.active_during @> (kit_now() AT TIME ZONE o.timezone)::date AS active,
           ARRAY(SELECT s.site_id FROM schedule s WHERE s.practitioner_id = p.id AND s.active ORDER BY s.site_id)
               AS site_ids,
           (SELECT c.weekly_minutes FROM contract c
            WHERE c.practitioner_id = p.id AND c.during @> (kit_now() AT TIME ZONE o.timezone)::date) AS weekly_minutes
    FROM practitioner p JOIN organisation o ON o.id = p.organisation_id
"""
ONE = READ + " WHERE p.id = $1"
MANY = (
    READ
    + """
    WHERE ($1::text IS NULL OR p.profession = $1)
      AND ($2::uuid IS NULL OR EXISTS (
          SELECT FROM schedule s WHERE s.practitioner_id = p.id AND s.site_id = $2 AND s.active))
      AND ($3 OR p.active_during @> (kit_now() AT TIME ZONE o.timezone)::date)
      AND ($4::text IS NULL OR (p.display_name, p.id) > ($4, $5::uuid))
    ORDER BY p.display_name, p.id LIMIT $6
    """
)


async def practitioner(tx: Tx, practitioner_id: UUID) -> Record | None:
    """One practitioner with places of work and the hours of the present contract."""
    return await tx.fetchrow(ONE, practitioner_id)


async def practitioners(
    tx: Tx, profession: str | None, site_id: UUID | None, inactive: bool, after: tuple[str, UUID] | None, limit: int
) -> list[Record]:
    """Practitioners by displayed name, then id, after a sort key."""
    return await tx.fetch(MANY, profession, site_id, inactive, *(after or (None, None)), limit)


async def locked(tx: Tx, practitioner_id: UUID) -> Record | None:
    """The bare row, locked: contracts and dates of one practitioner change one after another."""
    return await tx.fetchrow("SELECT * FROM practitioner WHERE id = $1 FOR UPDATE", practitioner_id)


async def by_rpps(tx: Tx, organisation_id: UUID) -> dict[str, Record]:
    """Every practitioner of one organisation that has a number, locked, by RPPS."""
    rows = await tx.fetch(
        "SELECT * FROM practitioner WHERE organisation_id = $1 AND rpps IS NOT NULL ORDER BY id FOR UPDATE",
        organisation_id,
    )
    return {row["rpps"]: row for row in rows}


def _values(body: PractitionerIn) -> list[object]:
    name = domain.display_name(body.profession, body.given_name, body.family_name)
    span = days(body.active_from, body.active_to)
    return [
        body.rpps, body.profession, body.specialty, body.family_name, body.given_name, name, body.email, span,
        body.external,
    ]  # fmt: skip


def differs(row: Record, body: PractitionerIn) -> bool:
    """Whether writing `body` would change anything."""
    names = (
        "rpps",
        "profession",
        "specialty",
        "family_name",
        "given_name",
        "display_name",
        "email",
        "active_during",
        "external",
    )
    wanted = _values(body)
    wanted[7] = Range(
        body.active_from, None if body.active_to is None else date.fromordinal(body.active_to.toordinal() + 1)
    )
    return [row[name] for name in names] != wanted


async def insert(tx: Tx, practitioner_id: UUID, organisation_id: UUID, body: PractitionerIn) -> bool:
    """Resource and practitioner of one id, tied to the person of that RPPS number; False when the number is taken."""
    values = _values(body)
    await tx.execute(
        "INSERT INTO resource (id, organisation_id, kind, name) VALUES ($1, $2, 'practitioner', $3)",
        practitioner_id,
        organisation_id,
        values[5],
    )
    row = await tx.fetchrow(
        """
        INSERT INTO practitioner (id, organisation_id, rpps, profession, specialty, family_name, given_name,
                                  display_name, email, active_during,
                                  external, person_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                (SELECT person_id FROM known_person WHERE rpps = $3 AND status <> 'closed' ORDER BY person_id LIMIT 1))
        ON CONFLICT (organisation_id, rpps) DO NOTHING RETURNING id
        """,
        practitioner_id,
        organisation_id,
        *values,
    )
    return row is not None


async def rpps_taken(tx: Tx, organisation_id: UUID, rpps: str | None, but: UUID) -> bool:
    """Whether another practitioner of the organisation has this number."""
    taken = await tx.fetchval(
        "SELECT true FROM practitioner WHERE organisation_id = $1 AND rpps = $2 AND id <> $3",
        organisation_id,
        rpps,
        but,
    )
    return taken is True


async def update(tx: Tx, practitioner_id: UUID, body: PractitionerIn) -> None:
    """The practitioner anew, with the name of its resource and the person of its number."""
    values = _values(body)
    await tx.execute(
        """
        WITH r AS (UPDATE resource SET name = $7, version = version + 1 WHERE id = $1 AND name <> $7)
        UPDATE practitioner SET rpps = $2, profession = $3, specialty = $4, family_name = $5, given_name = $6,
               display_name = $7, email = $8, active_during = $9, external = $10, version = version + 1,
               person_id = (SELECT person_id FROM known_person WHERE rpps = $2 AND status <> 'closed'
                            ORDER BY person_id LIMIT 1)
        WHERE id = $1
        """,
        practitioner_id,
        *values,
    )


async def bump(tx: Tx, practitioner_id: UUID) -> None:
    """One version further: what others copy has changed beside the row itself (contract, places of work)."""
    await tx.execute("UPDATE practitioner SET version = version + 1 WHERE id = $1", practitioner_id)


async def use(tx: Tx, practitioner_id: UUID, last_day: date) -> tuple[int, int]:
    """Live appointments after a day, and open schedules of a practitioner who has left by now."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM appointment a WHERE a.practitioner_id = $1 AND a.local_date > $2
                AND a.status IN ('pending', 'booked', 'arrived')),
               (SELECT count(*) FROM schedule s JOIN organisation o ON o.id = s.organisation_id
                WHERE s.practitioner_id = $1 AND s.active AND (kit_now() AT TIME ZONE o.timezone)::date > $2)
        """,
        practitioner_id,
        last_day,
    )
    return (row[0], row[1]) if row is not None else (0, 0)


async def contract(tx: Tx, contract_id: UUID) -> Record | None:
    """One contract, locked."""
    return await tx.fetchrow("SELECT * FROM contract WHERE id = $1 FOR UPDATE", contract_id)


async def contracts(
    tx: Tx, practitioner_id: UUID | None, person_id: UUID | None, after: UUID | None, limit: int
) -> list[Record]:
    """Contracts by id, after an id: of one practitioner, of one person, or all."""
    return await tx.fetch(
        """
        SELECT c.* FROM contract c JOIN practitioner p ON p.id = c.practitioner_id
        WHERE ($1::uuid IS NULL OR c.practitioner_id = $1) AND ($2::uuid IS NULL OR p.person_id = $2)
          AND ($3::uuid IS NULL OR c.id > $3)
        ORDER BY c.id LIMIT $4
        """,
        practitioner_id,
        person_id,
        after,
        limit,
    )


async def contract_clashes(tx: Tx, body: ContractIn, but: UUID | None) -> bool:
    """Whether another contract of the practitioner covers some of these days. The practitioner's row is locked."""
    found = await tx.fetchval(
        "SELECT true FROM contract WHERE practitioner_id = $1 AND during && $2 AND id IS DISTINCT FROM $3 LIMIT 1",
        body.practitioner_id,
        days(body.first_day, body.last_day),
        but,
    )
    return found is True


async def insert_contract(tx: Tx, organisation_id: UUID, body: ContractIn) -> Record | None:
    """The new row."""
    return await tx.fetchrow(
        """
        INSERT INTO contract (organisation_id, practitioner_id, weekly_minutes, rule_pack, during)
        VALUES ($1, $2, $3, $4, $5) RETURNING *
        """,
        organisation_id,
        body.practitioner_id,
        body.weekly_minutes,
        body.rule_pack,
        days(body.first_day, body.last_day),
    )


async def update_contract(tx: Tx, contract_id: UUID, body: ContractIn) -> Record | None:
    """The row after the change; its practitioner stays."""
    return await tx.fetchrow(
        """
        UPDATE contract SET weekly_minutes = $2, rule_pack = $3, during = $4, version = version + 1 WHERE id = $1
        RETURNING *
        """,
        contract_id,
        body.weekly_minutes,
        body.rule_pack,
        days(body.first_day, body.last_day),
    )


async def know_person(tx: Tx, person_id: UUID, rpps: str | None, status: str, epoch: int) -> bool:
    """Keeps what the gateway says of a person; False when something newer is known."""
    kept = await tx.fetchval(
        """
        INSERT INTO known_person (person_id, rpps, status, epoch) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person_id) DO UPDATE SET rpps = excluded.rpps, status = excluded.status, epoch = excluded.epoch
        WHERE known_person.epoch <= excluded.epoch
        RETURNING person_id
        """,
        person_id,
        rpps,
        status,
        epoch,
    )
    return kept is not None


async def tie_person(tx: Tx, person_id: UUID, rpps: str | None) -> None:
    """The person is the practitioner of this number, and of no other; without a number, of none."""
    await tx.execute(
        """
        UPDATE practitioner SET person_id = CASE WHEN rpps = $2 THEN $1 END
        WHERE (rpps = $2 AND person_id IS DISTINCT FROM $1) OR (person_id = $1 AND rpps IS DISTINCT FROM $2)
        """,
        person_id,
        rpps,
    )
