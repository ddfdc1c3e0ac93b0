"""SQL of contracts and assignments."""

from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from telesecretariat.clients.schemas import ClientIn

CLIENT = "SELECT c.*, lower(c.valid) AS valid_from, upper(c.valid) AS valid_to FROM client c "
ASSIGNMENT = "SELECT a.*, lower(a.during) AS valid_from, upper(a.during) AS valid_to FROM agent_assignment a "
# Of a contract that the caller is a party to.
OF_SEEN = "WHERE a.id = $1 AND a.client_id IN (SELECT id FROM client)"
CLIENT_SET = (
    "name", "sl_threshold_s", "sl_goal", "short_abandon_s", "prices", "retention", "monitoring_declared",
    "recording_declared",
)  # fmt: skip


async def centre(tx: Tx, client_id: UUID) -> object:
    """The centre of a client whose contract the caller reaches now."""
    return await tx.fetchval(
        """
        SELECT organisation_id FROM client
        WHERE id = $1 AND (kit_all() OR id = ANY ((SELECT reached_clients())::uuid[]))
        """,
        client_id,
    )


async def client(tx: Tx, client_id: UUID, *, lock: bool = False) -> Record | None:
    """One contract within reach."""
    if lock:
        return await tx.fetchrow(CLIENT + "WHERE c.id = $1 FOR NO KEY UPDATE", client_id)
    return await tx.fetchrow(CLIENT + "WHERE c.id = $1", client_id)


async def clients(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Contracts by id, also those that are over."""
    return await tx.fetch(CLIENT + "WHERE $1::uuid IS NULL OR c.id > $1 ORDER BY c.id LIMIT $2", after, limit)


async def add_client(tx: Tx, body: ClientIn) -> UUID:
    """A contract; the base refuses one that overlaps another of the same two."""
    made = new_id()
    await tx.execute(
        """
        INSERT INTO client (id, organisation_id, provider_id, name, valid, sl_threshold_s, sl_goal, short_abandon_s,
                            prices, retention, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        made,
        body.organisation_id,
        body.provider_id,
        body.name,
        asyncpg.Range(body.valid_from, body.valid_to),
        body.sl_threshold_s,
        body.sl_goal,
        body.short_abandon_s,
        dict(body.prices),
        body.retention.model_dump(exclude_defaults=True),
        tx.now,
    )
    return made


async def change_client(tx: Tx, client_id: UUID, ends: datetime | None, values: list[object]) -> None:
    """All that a manager may set of a contract."""
    await tx.execute(
        """
        UPDATE client SET version = version + 1, valid = tstzrange(lower(valid), $2), name = $3, sl_threshold_s = $4,
               sl_goal = $5, short_abandon_s = $6, prices = $7, retention = $8, monitoring_declared = $9,
               recording_declared = $10
        WHERE id = $1
        """,
        client_id,
        ends,
        *values,
    )


async def lines_that_do_not_tell(tx: Tx, client_id: UUID) -> object:
    """How many active lines of the client have no announcement that somebody may listen."""
    return await tx.fetchval(
        """
        SELECT count(*) FROM line l WHERE l.client_id = $1 AND l.active AND NOT EXISTS (
            SELECT FROM announcement a WHERE a.client_id = $1 AND a.moment = 'monitoring'
            AND (a.line_id IS NULL OR a.line_id = l.id))
        """,
        client_id,
    )


async def agent_known(tx: Tx, agent_id: UUID, client_id: UUID) -> object:
    """Whether the agent works for the client's provider. A centre does not see the agents of its provider: for a
    caller of the centre it is enough that the agent is not somebody of another firm."""
    return await tx.fetchval(
        """
        SELECT coalesce((SELECT a.organisation_id = c.provider_id FROM agent a WHERE a.id = $1),
                        c.provider_id IS DISTINCT FROM kit_own())
        FROM client c WHERE c.id = $2
        """,
        agent_id,
        client_id,
    )


async def assignment(tx: Tx, assignment_id: UUID, *, lock: bool = False) -> Record | None:
    """One assignment within reach."""
    if lock:
        return await tx.fetchrow(ASSIGNMENT + OF_SEEN + " FOR NO KEY UPDATE", assignment_id)
    return await tx.fetchrow(ASSIGNMENT + OF_SEEN, assignment_id)


async def assignments(
    tx: Tx, client_id: UUID | None, agent_id: UUID | None, after: UUID | None, limit: int
) -> list[Record]:
    """Assignments by id, of a client, of an agent, or all."""
    return await tx.fetch(
        ASSIGNMENT
        + """
        WHERE ($1::uuid IS NULL OR a.client_id = $1) AND ($2::uuid IS NULL OR a.agent_id = $2)
          AND ($3::uuid IS NULL OR a.id > $3) AND a.client_id IN (SELECT id FROM client)
        ORDER BY a.id LIMIT $4
        """,
        client_id,
        agent_id,
        after,
        limit,
    )


async def add_assignment(
    tx: Tx, organisation_id: UUID, client_id: UUID, agent_id: UUID, during: "asyncpg.Range[datetime]", made: UUID
) -> None:
    """An assignment; the base refuses one that overlaps another of the same two."""
    await tx.execute(
        """
        INSERT INTO agent_assignment (id, organisation_id, client_id, agent_id, during, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        made,
        organisation_id,
        client_id,
        agent_id,
        during,
        tx.now,
    )


async def end_assignment(tx: Tx, assignment_id: UUID, during: "asyncpg.Range[datetime]") -> None:
    """Its new extent."""
    await tx.execute(
        "UPDATE agent_assignment SET during = $2, version = version + 1 WHERE id = $1", assignment_id, during
    )
