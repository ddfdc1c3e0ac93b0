"""SQL of lines and calendars, and of what a closed line may announce."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from maillage.database import Tx

SET = (
    "name", "number", "time_zone", "calendar_id", "adapter_id", "mode", "distribution", "strategy", "required_skills",
    "preferred_skills", "relax_after_s", "head_starts", "overflow_rules", "callback_policy", "max_waiting", "wrap_up_s",
    "offer_s", "emergency_targets", "duty_sectors", "web_address", "active",
)  # fmt: skip
LINE = """
SELECT l.*, c.weekly, c.holiday_set, c.exceptions, c.drain_minutes
FROM line l JOIN calendar c ON c.id = l.calendar_id
"""


async def line(tx: Tx, line_id: UUID, *, lock: bool = False) -> Record | None:
    """One line within reach, with its hours."""
    if lock:
        # Against calls that arrive now too: their foreign key waits until number and telephone system are decided.
        return await tx.fetchrow(LINE + "WHERE l.id = $1 FOR UPDATE OF l", line_id)
    return await tx.fetchrow(LINE + "WHERE l.id = $1", line_id)


async def line_by_number(tx: Tx, adapter_id: str, number: str) -> Record | None:
    """The active line that an adapter serves under a number (E.164)."""
    return await tx.fetchrow(LINE + "WHERE l.number = $2 AND l.adapter_id = $1 AND l.active", adapter_id, number)


async def notices(tx: Tx, organisation_id: UUID, sectors: Sequence[str], at: datetime) -> list[Record]:
    """What may be announced of the duty of these sectors at an instant, in the order of the sectors."""
    return await tx.fetch(
        """
        SELECT sector, parts FROM duty_notice
        WHERE organisation_id = $1 AND sector = ANY ($2) AND read_at <= $3 AND valid_until > $3 AND parts <> '[]'
        ORDER BY array_position($2, sector)
        """,
        organisation_id,
        list(sectors),
        at,
    )


async def lines(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Lines by id, also those switched off."""
    return await tx.fetch("SELECT * FROM line WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2", after, limit)


async def add(tx: Tx, line_id: UUID, organisation_id: UUID, client_id: UUID, values: list[object]) -> Record | None:
    """A new line; the base refuses a number that another has."""
    return await tx.fetchrow(
        """
        INSERT INTO line (id, organisation_id, client_id, name, number, time_zone, calendar_id, adapter_id, mode,
                          distribution, strategy, required_skills, preferred_skills, relax_after_s, head_starts,
                          overflow_rules, callback_policy, max_waiting, wrap_up_s, offer_s, emergency_targets,
                          duty_sectors, web_address, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25)
        RETURNING *
        """,
        line_id,
        organisation_id,
        client_id,
        *values,
        tx.now,
    )


async def change(tx: Tx, line_id: UUID, values: list[object]) -> Record | None:
    """All that may be set; whether it is open is told anew."""
    return await tx.fetchrow(
        """
        UPDATE line SET name = $2, number = $3, time_zone = $4, calendar_id = $5, adapter_id = $6, mode = $7,
               distribution = $8, strategy = $9, required_skills = $10, preferred_skills = $11, relax_after_s = $12,
               head_starts = $13, overflow_rules = $14, callback_policy = $15, max_waiting = $16, wrap_up_s = $17,
               offer_s = $18, emergency_targets = $19, duty_sectors = $20, web_address = $21, active = $22,
               tell_at = NULL, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        line_id,
        *values,
    )


async def usable(tx: Tx, organisation_id: UUID, calendar_id: UUID, adapter_id: str) -> Record | None:
    """Whether a calendar is of this centre, and a telephone system within the caller's reach."""
    return await tx.fetchrow(
        """
        SELECT EXISTS (SELECT FROM calendar WHERE id = $2 AND organisation_id = $1) AS calendar,
               EXISTS (SELECT FROM telephony_adapter WHERE id = $3) AS adapter
        """,
        organisation_id,
        calendar_id,
        adapter_id,
    )


async def live_calls(tx: Tx, line_id: UUID) -> object:
    """How many calls of the line are not over."""
    return await tx.fetchval(
        """
        SELECT count(*) FROM call WHERE line_id = $1 AND state IN
            ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring', 'wrapping')
        """,
        line_id,
    )


async def ask_duty(tx: Tx, organisation_id: UUID, sectors: Sequence[str], ids: Sequence[UUID]) -> None:
    """The duty of these sectors is read as soon as possible; what is known stays until then. `ids` for new ones."""
    await tx.execute(
        """
        INSERT INTO duty_notice (id, organisation_id, sector, parts, valid_until, read_at, ask_at)
        SELECT n.id, $2, n.sector, '[]', $4, $4, $4 FROM unnest($1::uuid[], $3::text[]) AS n (id, sector)
        ON CONFLICT (organisation_id, sector) DO UPDATE SET ask_at = excluded.ask_at
        """,
        list(ids),
        organisation_id,
        list(sectors),
        tx.now,
    )


async def due_to_tell(tx: Tx) -> list[Record]:
    """Active lines whose opening has changed, or may have, since it was last told."""
    return await tx.fetch(
        LINE + "WHERE l.active AND (l.tell_at IS NULL OR l.tell_at <= $1) ORDER BY l.id FOR NO KEY UPDATE OF l",
        tx.now,
    )


async def told(tx: Tx, line_id: UUID, is_open: bool, until: datetime | None) -> None:
    """What was told, and when it changes; a line without any hours is looked at once a day."""
    await tx.execute(
        "UPDATE line SET open_told = $2, tell_at = coalesce($3, $4::timestamptz + interval '1 day') WHERE id = $1",
        line_id,
        is_open,
        until,
        tx.now,
    )
