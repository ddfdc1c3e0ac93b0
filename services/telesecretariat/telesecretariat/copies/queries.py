"""SQL of the copies. A fact older than the stored one changes nothing."""

PUT_PERSON = """
INSERT INTO person_ref AS r (person_id, organisation_id, display_name, rpps, status, epoch)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (person_id) DO UPDATE SET display_name = excluded.display_name, rpps = excluded.rpps,
    status = excluded.status, epoch = excluded.epoch
WHERE r.epoch <= excluded.epoch
RETURNING status
"""
PUT_MEMBERSHIP = """
INSERT INTO membership_ref AS r (membership_id, organisation_id, person_id, role, valid_from, valid_to, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (membership_id) DO UPDATE SET role = excluded.role, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
"""
MAY_ANSWER = """
SELECT EXISTS (SELECT FROM membership_ref
    WHERE person_id = $1 AND role IN ('telesecretary', 'supervisor')
      AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2))
"""
PUT_ORGANISATION = """
INSERT INTO organisation_ref AS r (id, organisation_id, kind, name, active, sequence) VALUES ($1, $1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, active = excluded.active,
    sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
RETURNING id
"""
NAME_CLIENTS = "UPDATE client SET name = $2, version = version + 1 WHERE organisation_id = $1 AND name <> $2"
PUT_DELEGATION = """
INSERT INTO delegation_ref AS r (delegation_id, organisation_id, provider_id, valid_from, valid_to, sequence)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (delegation_id) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
"""
PUT_ABSENCE = """
INSERT INTO absence_ref AS r (absence_id, organisation_id, practitioner_id, during, state, version)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (absence_id) DO UPDATE SET during = excluded.during, state = excluded.state, version = excluded.version
WHERE r.version < excluded.version
"""
HAS_DESK = "SELECT true FROM agent WHERE id = $1 AND desk_sid = $2"

# Which rows speak of a patient, one kind at a time; calls are changed by their own one way.
CALLS_OF = "SELECT id FROM call WHERE patient_id = $1 ORDER BY id"
MOVE = """
WITH m AS (
    UPDATE message SET patient_id = $2, version = version + 1 WHERE patient_id = $1
    RETURNING 'message' AS record, id, organisation_id
), t AS (
    UPDATE task SET patient_id = $2, version = version + 1 WHERE patient_id = $1
    RETURNING 'task' AS record, id, organisation_id
), c AS (
    UPDATE callback SET patient_id = $2, version = version + 1 WHERE patient_id = $1
    RETURNING 'callback' AS record, id, organisation_id
)
INSERT INTO patient_move (record, record_id, from_id, into_id, organisation_id, moved_at)
SELECT record, id, $1, $2, organisation_id, $3 FROM (TABLE m UNION ALL TABLE t UNION ALL TABLE c) moved
ON CONFLICT DO NOTHING
"""
MOVED_CALL = """
INSERT INTO patient_move (record, record_id, from_id, into_id, organisation_id, moved_at)
VALUES ('call', $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
CALLS_MOVED = """
SELECT c.id FROM patient_move p JOIN call c ON c.id = p.record_id
WHERE p.record = 'call' AND p.from_id = $1 AND p.into_id = $2 AND c.patient_id = $2 ORDER BY c.id
"""
MOVE_BACK = """
WITH back AS (
    DELETE FROM patient_move WHERE from_id = $1 AND into_id = $2 RETURNING record, record_id
), m AS (
    UPDATE message SET patient_id = $1, version = version + 1
    FROM back b WHERE b.record = 'message' AND b.record_id = message.id AND patient_id = $2
), t AS (
    UPDATE task SET patient_id = $1, version = version + 1
    FROM back b WHERE b.record = 'task' AND b.record_id = task.id AND patient_id = $2
)
UPDATE callback SET patient_id = $1, version = version + 1
FROM back b WHERE b.record = 'callback' AND b.record_id = callback.id AND patient_id = $2
"""
