"""SQL of the demonstration: many rows in one statement, under the same constraints and triggers as any booking.

`COPY` is not possible here: PostgreSQL refuses it on tables with row-level security.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from appointments.demo.patients import Person
from appointments.demo.visits import Visit
from appointments.directory.schemas import OrganisationIn
from maillage.database import Tx

BY = "system:demonstration"
BATCH = 2000

PATIENTS = """
INSERT INTO patient (id, organisation_id, identity_status, birth_family_name, used_family_name, birth_given_names,
                     birth_date, sex, first_seen_at, created_at)
SELECT p.id, $1, p.status, p.family, p.used, p.given, p.birth, p.sex,
       CASE WHEN p.known THEN $2::timestamptz - interval '400 days' END,
       $2::timestamptz - interval '500 days'
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::text[], $10::boolean[])
     AS p (id, status, family, used, given, birth, sex, known)
"""
CONTACTS = """
INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at)
SELECT $1, c.id, c.kind, c.value, CASE WHEN c.kind = 'mobile' THEN $2::timestamptz - interval '500 days' END
FROM unnest($3::uuid[], $4::text[], $5::text[]) AS c (id, kind, value)
"""
RELATIONS = """
INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind)
SELECT r.child, r.parent, $1, 'parent' FROM unnest($2::uuid[], $3::uuid[]) AS r (child, parent)
"""
APPOINTMENTS = """
WITH v AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::date[], $8::timestamptz[],
                         $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::int[],
                         $15::timestamptz[], $16::timestamptz[])
        AS v (id, patient_id, reason_id, mode, schedule_id, local_date, starts_at, ends_at, occupied_until, status,
              audience, channel, version, created_at, changed_at)
), written AS (
    INSERT INTO appointment (id, organisation_id, patient_id, reason_id, mode, schedule_id, practitioner_id, site_id,
                             resource_ids, during, occupied, local_date, status, version, audience, channel, booked_by,
                             created_at, changed_at, visit_address)
    SELECT v.id, $1, v.patient_id, v.reason_id, v.mode, s.id, s.practitioner_id, s.site_id, ARRAY[s.practitioner_id],
           tstzrange(v.starts_at, v.ends_at), tstzrange(v.starts_at, v.occupied_until), v.local_date, v.status,
           v.version, v.audience, v.channel, $17, v.created_at, v.changed_at,
           CASE WHEN v.mode = 'home' THEN jsonb_build_object(
               'line', 1 + abs(hashtext(v.id::text) % 90) || ' rue des Tilleuls', 'postal_code', t.postal_code,
               'city', t.city) END
    FROM v JOIN schedule s ON s.id = v.schedule_id JOIN site t ON t.id = s.site_id
)
INSERT INTO busy (organisation_id, resource_id, during, appointment_id)
SELECT $1, s.practitioner_id, tstzrange(v.starts_at, v.occupied_until), v.id
FROM v JOIN schedule s ON s.id = v.schedule_id
"""
# History and audit of each step; the actor is the demonstration, and says so.
HISTORY = """
WITH h AS (
    SELECT h.*, a.during, a.practitioner_id
    FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[]) AS h (id, version, event, status, at)
    JOIN appointment a ON a.id = h.id
), told AS (
    INSERT INTO appointment_change (appointment_id, version, organisation_id, event, status, during, practitioner_id,
                                    by, at)
    SELECT h.id, h.version, $1, h.event, h.status, h.during, h.practitioner_id, $7, h.at FROM h
)
INSERT INTO kit.audit (organisation_id, at, actor, role, action, record, record_id, facts)
SELECT $1, h.at, $7, 'system', 'appointment.' || h.event, 'appointment', h.id,
       json_build_object('status', h.status, 'version', h.version)::text
FROM h
"""

SEEN = """
UPDATE patient p SET first_seen_at = least(p.first_seen_at, v.first)
FROM (SELECT patient_id, min(lower(during)) AS first FROM appointment WHERE status = 'fulfilled' GROUP BY patient_id) v
WHERE p.id = v.patient_id AND p.organisation_id = $1
"""


async def organisation(tx: Tx, organisation_id: UUID, name: str, body: OrganisationIn) -> bool:
    """The centre's row, also when its name came first by an event; False when it has sites already."""
    await tx.execute("SET LOCAL statement_timeout = '60s'")  # a slow machine may take long over thousands of rows
    if await tx.fetchval("SELECT true FROM site WHERE organisation_id = $1 LIMIT 1", organisation_id):
        return False
    await tx.execute(
        """
        INSERT INTO organisation (id, name, finess_legal, timezone, phone, holiday_zone) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET finess_legal = excluded.finess_legal, phone = excluded.phone
        """,
        organisation_id,
        name,
        body.finess_legal,
        body.timezone,
        body.phone,
        body.holiday_zone,
    )
    return True


async def patients(tx: Tx, organisation_id: UUID, people: Sequence[Person]) -> None:
    """Patients, their contacts and the parents of children."""
    columns = zip(
        *(
            (p.id, p.identity_status, p.family_name, p.used_name, p.given_name, p.birth_date, p.sex, p.known)
            for p in people
        ),
        strict=True,
    )
    await tx.execute(PATIENTS, organisation_id, tx.now, *(list(column) for column in columns))
    contacts = [(p.id, "mobile", p.phone) for p in people if p.phone] + [
        (p.id, "email", p.email) for p in people if p.email
    ]
    await tx.execute(CONTACTS, organisation_id, tx.now, *(list(column) for column in zip(*contacts, strict=True)))
    known = {p.id for p in people}
    children = [(p.id, p.parent) for p in people if p.parent in known]
    await tx.execute(RELATIONS, organisation_id, *(list(column) for column in zip(*children, strict=True)))


async def visits(
    tx: Tx, organisation_id: UUID, planned: Sequence[tuple[Visit, UUID]], reasons: dict[str, UUID]
) -> None:
    """Appointments of (visit, schedule) with busy rows, history and audit, some thousands at a time."""
    for first in range(0, len(planned), BATCH):
        part = planned[first : first + BATCH]
        rows = [
            (
                *(v.id, v.patient.id, reasons[v.reason], v.mode, schedule_id, v.local_date, v.start, v.end),
                *(v.occupied_until, v.status, v.audience, v.channel, len(v.steps), v.steps[0][2], v.steps[-1][2]),
            )
            for v, schedule_id in part
        ]
        await tx.execute(APPOINTMENTS, organisation_id, *(list(column) for column in zip(*rows, strict=True)), BY)
        steps = [
            (v.id, version, event, status, at)
            for v, _ in part
            for version, (event, status, at) in enumerate(v.steps, start=1)
        ]
        await tx.execute(HISTORY, organisation_id, *(list(column) for column in zip(*steps, strict=True)), BY)
    await tx.execute(SEEN, organisation_id)


async def local_day(tx: Tx, zone: str) -> date:
    """The present local day, by the base's clock."""
    day = await tx.fetchval("SELECT (kit_now() AT TIME ZONE $1)::date", zone)
    assert isinstance(day, date)
    return day
