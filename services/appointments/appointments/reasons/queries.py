"""SQL of visit reasons."""

from uuid import UUID

from asyncpg import Record

from appointments.reasons.schemas import ReasonIn
from maillage.database import Tx

COLUMNS = (
    "code", "label", "public_label", "public_label_en", "instruction", "instruction_en", "export_text", "professions",
    "modes", "bookable_by", "min_notice_minutes", "max_ahead_days", "min_age", "max_age", "first_visit",
    "known_patient_only", "unscheduled", "sensitive", "needs_confirmation", "needs", "text_to_accept", "text_after",
    "text_after_en", "questions", "max_live", "min_gap_days", "rank", "active", "protocol_id",
)  # fmt: skip


def _values(body: ReasonIn) -> list[object]:
    given = body.model_dump(mode="json")
    return [given[name] for name in COLUMNS[:-1]] + [body.protocol_id]


def differs(row: Record, body: ReasonIn) -> bool:
    """Whether writing `body` would change anything."""
    return [row[name] for name in COLUMNS] != _values(body)


async def reason(tx: Tx, reason_id: UUID, *, lock: bool = False) -> Record | None:
    """One reason within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM visit_reason WHERE id = $1 FOR UPDATE", reason_id)
    return await tx.fetchrow("SELECT * FROM visit_reason WHERE id = $1", reason_id)


async def reasons(
    tx: Tx, profession: str | None, inactive: bool, after: tuple[int, UUID] | None, limit: int
) -> list[Record]:
    """Reasons by rank, then id, after a sort key."""
    return await tx.fetch(
        """
        SELECT * FROM visit_reason
        WHERE ($1::text IS NULL OR professions @> ARRAY[$1]) AND (active OR $2)
          AND ($3::int IS NULL OR (rank, id) > ($3, $4::uuid))
        ORDER BY rank, id LIMIT $5
        """,
        profession,
        inactive,
        *(after or (None, None)),
        limit,
    )


async def public_reasons(tx: Tx, profession: str | None, after: tuple[int, UUID] | None, limit: int) -> list[Record]:
    """What the public may know of: what it may book, and what it is told to ask for by phone unless that is
    sensitive."""
    return await tx.fetch(
        """
        SELECT * FROM visit_reason
        WHERE active AND ('public' = ANY (bookable_by) OR NOT sensitive)
          AND ($1::text IS NULL OR professions @> ARRAY[$1])
          AND ($2::int IS NULL OR (rank, id) > ($2, $3::uuid))
        ORDER BY rank, id LIMIT $4
        """,
        profession,
        *(after or (None, None)),
        limit,
    )


async def by_code(tx: Tx, organisation_id: UUID) -> dict[str, Record]:
    """Every reason of one organisation, locked, by code."""
    sql = "SELECT * FROM visit_reason WHERE organisation_id = $1 ORDER BY id FOR UPDATE"
    return {row["code"]: row for row in await tx.fetch(sql, organisation_id)}


async def insert(tx: Tx, organisation_id: UUID, body: ReasonIn) -> Record | None:
    """The new row; None when the code is taken."""
    return await tx.fetchrow(
        """
        INSERT INTO visit_reason (
            organisation_id, code, label, public_label, public_label_en, instruction, instruction_en, export_text,
            professions, modes, bookable_by, min_notice_minutes, max_ahead_days, min_age, max_age, first_visit,
            known_patient_only, unscheduled, sensitive, needs_confirmation, needs, text_to_accept, text_after,
            text_after_en, questions, max_live, min_gap_days, rank, active, protocol_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23,
                $24, $25, $26, $27, $28, $29, $30)
        ON CONFLICT (organisation_id, code) DO NOTHING RETURNING *
        """,
        organisation_id,
        *_values(body),
    )


async def update(tx: Tx, reason_id: UUID, body: ReasonIn) -> Record | None:
    """The row after the change."""
    return await tx.fetchrow(
        """
        UPDATE visit_reason SET
            code = $2, label = $3, public_label = $4, public_label_en = $5, instruction = $6, instruction_en = $7,
            export_text = $8, professions = $9, modes = $10, bookable_by = $11, min_notice_minutes = $12,
            max_ahead_days = $13, min_age = $14, max_age = $15, first_visit = $16, known_patient_only = $17,
            unscheduled = $18, sensitive = $19, needs_confirmation = $20, needs = $21, text_to_accept = $22,
            text_after = $23, text_after_en = $24, questions = $25, max_live = $26, min_gap_days = $27, rank = $28,
            active = $29, protocol_id = $30, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        reason_id,
        *_values(body),
    )


async def use(tx: Tx, reason_id: UUID) -> tuple[int, int]:
    """How many live appointments to come have this reason, and how many rules of open schedules name it."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM appointment a
                WHERE a.reason_id = $1 AND a.status IN ('pending', 'booked', 'arrived') AND upper(a.during) >
                kit_now()),
               (SELECT count(*) FROM opening_rule r JOIN schedule s ON s.id = r.schedule_id
                WHERE $1 = ANY (r.reason_ids) AND s.active)
        """,
        reason_id,
    )
    return (row[0], row[1]) if row is not None else (0, 0)
