"""SQL of tasks."""

OPEN = """
INSERT INTO task (id, organisation_id, client_id, kind, subject_id, patient_id, practitioner_id, call_id, note_sealed,
    due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING *
"""
# A need told by another service: the newer fact wins by its place in the teller's outbox, in whatever order they come.
# What is done stays done when the need is settled; who has taken a task that is needed again keeps it.
NEED = """
INSERT INTO task AS t (id, organisation_id, client_id, kind, subject_id, patient_id, due_at, state, outcome, closed_at,
    told_sequence, created_at)
VALUES ($1, $2, $3, 'call_patient', $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET
    state = CASE WHEN t.state = 'taken' AND excluded.state = 'open' THEN 'taken' ELSE excluded.state END,
    owner_id = CASE WHEN t.state = 'taken' THEN t.owner_id END,
    outcome = excluded.outcome, closed_at = excluded.closed_at, due_at = excluded.due_at,
    told_sequence = excluded.told_sequence, version = t.version + 1
WHERE t.told_sequence < excluded.told_sequence
    AND NOT (excluded.state = 'cancelled' AND t.state IN ('done', 'cancelled'))
RETURNING *
"""
CLIENT_OF = """
SELECT id FROM client WHERE organisation_id = $1 AND valid @> $2::timestamptz ORDER BY created_at, id LIMIT 1
"""
CLIENT = "SELECT id, organisation_id FROM client WHERE id = $1 AND id = ANY (reached_clients())"
LOCK = "SELECT * FROM task WHERE id = $1 FOR NO KEY UPDATE"
TASK = "SELECT * FROM task WHERE id = $1"
LABEL = "SELECT label FROM agent WHERE id = $1"
TAKE = "UPDATE task SET state = 'taken', owner_id = $2, version = version + 1 WHERE id = $1 RETURNING *"
CLOSE = """
UPDATE task SET state = $2, outcome = $3, closed_at = $4, owner_id = coalesce(owner_id, $5), version = version + 1
WHERE id = $1 RETURNING *
"""
OPEN_ABOUT = """
SELECT * FROM task WHERE subject_id = $1 AND kind = $2 AND state IN ('open', 'taken') ORDER BY id FOR NO KEY UPDATE
"""
LIST = """
SELECT * FROM task
WHERE ($1::text IS NULL AND state IN ('open', 'taken') OR state = $1)
  AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR client_id = $3)
  AND ($4::uuid IS NULL OR owner_id = $4)
  AND ($5::timestamptz IS NULL OR (due_at, id) > ($5, $6::uuid))
ORDER BY due_at, id LIMIT $7
"""
