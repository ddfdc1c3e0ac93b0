"""SQL of messages."""

PRACTITIONER = """
SELECT practitioner_id, organisation_id FROM practitioner_ref WHERE practitioner_id = $1 AND active
    AND (kit_role() IS NULL OR organisation_id = ANY ((SELECT reached_centres())::uuid[]))
"""
# The practitioners that a person is: tied by RPPS.
MINE = """
SELECT p.practitioner_id FROM person_ref r JOIN practitioner_ref p ON p.rpps = r.rpps WHERE r.person_id = $1
"""
PERSON_OF = """
SELECT r.person_id FROM practitioner_ref p JOIN person_ref r ON r.rpps = p.rpps WHERE p.practitioner_id = $1 LIMIT 1
"""
CLIENT_OF = """
SELECT id FROM client
WHERE organisation_id = $1 AND valid @> $2::timestamptz AND id = ANY (reached_clients()) ORDER BY created_at, id LIMIT 1
"""
LINE_OF = """
SELECT coalesce((SELECT line_id FROM call WHERE id = $2),
                (SELECT id FROM line WHERE client_id = $1 AND active ORDER BY created_at, id LIMIT 1)) AS id
"""
# What a motive is to a centre: a word of its catalogue, and whether it means danger of life.
MOTIVE = """
SELECT EXISTS (SELECT FROM catalogue_entry e
               WHERE e.organisation_id = $1 AND e.kind = 'motive' AND e.code = $3 AND e.active) AS known,
       EXISTS (SELECT FROM catalogue_entry e WHERE e.organisation_id = $1 AND e.kind = 'motive' AND e.code = $3
               AND e.facts -> 'red_flag' = 'true'::jsonb)
       OR EXISTS (SELECT FROM red_flag_set s CROSS JOIN jsonb_array_elements(s.items) item
               WHERE s.client_id = $2 AND s.state = 'published' AND s.validity @> $4::timestamptz
                 AND item ->> 'code' = $3) AS red_flag
"""
ADD = """
INSERT INTO message (id, organisation_id, client_id, practitioner_id, patient_id, call_id, number_hash, urgency, motive,
    body_sealed, wants_callback, author_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *
"""
MESSAGE = "SELECT * FROM message WHERE id = $1"
LOCK = "SELECT * FROM message WHERE id = $1 FOR NO KEY UPDATE"
STEP = """
INSERT INTO message_step (id, organisation_id, message_id, at, kind, level, by_id, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
STEPS = "SELECT at, kind, level, by_id, facts FROM message_step WHERE message_id = $1 ORDER BY at, id"
BACKUP_FIRST = """
SELECT c.backup_practitioner_id FROM contact_point c
WHERE c.practitioner_id = $1 AND c.role = 'backup' AND c.active AND c.backup_practitioner_id IS NOT NULL
  AND EXISTS (SELECT FROM absence_ref a
              WHERE a.practitioner_id = $1 AND a.state = 'active' AND a.during @> $2::timestamptz)
ORDER BY c.place, c.id LIMIT 1
"""
BACKUP = """
SELECT backup_practitioner_id FROM contact_point
WHERE practitioner_id = $1 AND role = 'backup' AND active AND backup_practitioner_id IS NOT NULL
ORDER BY place, id LIMIT 1
"""
SENT = """
UPDATE message SET state = 'sent', sent_at = $2, due_at = $3, backup_id = $4, version = version + 1
WHERE id = $1 RETURNING *
"""
DELIVERED = """
UPDATE message SET state = 'delivered', delivered_at = $2, version = version + 1
WHERE id = ANY ($1) AND state = 'sent' RETURNING *
"""
READ = """
UPDATE message SET state = 'read', read_at = $2, delivered_at = coalesce(delivered_at, $2), version = version + 1
WHERE id = $1 AND state IN ('sent', 'delivered') RETURNING *
"""
ACKNOWLEDGED = """
UPDATE message SET state = 'acknowledged', action = $2, answer_sealed = $3, acknowledged_at = $4, acknowledged_by = $5,
    version = version + 1
WHERE id = $1 RETURNING *
"""
# The patient who was to be called has been: on a callback of the call, by a task about the message, or by somebody who
# says so.
CALLED = """
SELECT EXISTS (SELECT FROM callback b WHERE b.call_id = $2 AND b.state = 'done' AND b.closed_at >= $3)
    OR EXISTS (SELECT FROM task t WHERE t.subject_id = $1 AND t.kind = 'call_patient' AND t.state = 'done'
               AND t.outcome <> 'not_reached')
"""
CLOSED = """
UPDATE message SET state = 'closed', callback_done = callback_done OR $2, closed_at = $3, version = version + 1
WHERE id = $1 RETURNING *
"""
# Acknowledged, nothing left to do: told to the patient, or nobody was waiting. Who said that he calls says when he has.
SETTLED = """
SELECT * FROM message m
WHERE m.state = 'acknowledged' AND m.action <> 'will_call_back'
  AND NOT EXISTS (SELECT FROM task t WHERE t.subject_id = m.id AND t.state IN ('open', 'taken'))
  AND (NOT m.wants_callback OR m.callback_done
       OR EXISTS (SELECT FROM callback b WHERE b.call_id = m.call_id AND b.state = 'done' AND b.closed_at >= m.sent_at)
       OR EXISTS (SELECT FROM task t WHERE t.subject_id = m.id AND t.kind = 'call_patient' AND t.state = 'done'
                  AND t.outcome <> 'not_reached'))
ORDER BY m.id LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED
"""
DUE = """
SELECT * FROM message WHERE due_at <= $1 AND state IN ('sent', 'delivered', 'read')
ORDER BY due_at, id LIMIT 50 FOR NO KEY UPDATE SKIP LOCKED
"""
ESCALATED = """
UPDATE message SET level = $2, due_at = $3, backup_id = coalesce($4, backup_id), version = version + 1
WHERE id = $1 RETURNING *
"""
# Still to be acknowledged or closed unless a state is named; who is told last and still waits comes first.
LIST = """
SELECT *, coalesce(due_at, sent_at, created_at) AS place FROM message
WHERE ($1::text IS NULL AND state <> 'closed' OR state = $1)
  AND ($2::uuid IS NULL OR practitioner_id = $2) AND ($3::uuid IS NULL OR client_id = $3)
  AND ($4::uuid IS NULL OR patient_id = $4) AND ($5::uuid IS NULL OR call_id = $5)
  AND ($6::uuid[] IS NULL OR state <> 'draft' AND (practitioner_id = ANY ($6) OR backup_id = ANY ($6)))
  AND ($7::timestamptz IS NULL OR (coalesce(due_at, sent_at, created_at), id) > ($7, $8::uuid))
ORDER BY place, id LIMIT $9
"""
POINTS = """
SELECT id, channel, hours, place FROM contact_point
WHERE active AND role = $1 AND place > $4
  AND (practitioner_id = $2 OR $1 = 'supervisor' AND practitioner_id IS NULL AND organisation_id = $3)
ORDER BY place, id
"""
NOTIFY = """
INSERT INTO notification (id, organisation_id, message_id, level, contact_point_id, channel, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message_id, level, contact_point_id) DO NOTHING
"""
DROP_NOTIFICATIONS = "UPDATE notification SET state = 'cancelled' WHERE message_id = $1 AND state = 'due'"
# Takes notifications up, or drops those of messages that somebody has acknowledged meanwhile.
CLAIM = """
WITH picked AS (
    SELECT n.id, m.state NOT IN ('sent', 'delivered', 'read') AS over
    FROM notification n JOIN message m ON m.id = n.message_id
    WHERE n.state = 'due' AND n.due_at <= $1
    ORDER BY n.due_at, n.id LIMIT $2 FOR UPDATE OF n SKIP LOCKED
), taken AS (
    UPDATE notification n SET state = CASE WHEN p.over THEN 'cancelled' ELSE 'sending' END, claimed_at = $1,
        attempts = n.attempts + 1
    FROM picked p WHERE n.id = p.id RETURNING n.*
)
SELECT t.id, t.organisation_id, t.message_id, t.level, t.attempts, c.channel, c.address_sealed, c.language, c.place,
       m.urgency
FROM taken t JOIN contact_point c ON c.id = t.contact_point_id JOIN message m ON m.id = t.message_id
WHERE t.state = 'sending'
"""
SETTLE = """
UPDATE notification SET state = $2, provider_id = $3, settled_at = $4 WHERE id = $1 AND state = 'sending' RETURNING id
"""
PUT_OFF = "UPDATE notification SET state = 'due', due_at = $2 WHERE id = $1 AND state = 'sending'"
LOST = """
UPDATE notification SET state = 'unknown', settled_at = $2 WHERE state = 'sending' AND claimed_at < $1
RETURNING organisation_id, message_id, level, channel
"""
CONTACT_POINTS = """
SELECT role, channel, address_sealed, hours, place, language, backup_practitioner_id FROM contact_point
WHERE active AND ($1::uuid IS NOT NULL AND practitioner_id = $1
                  OR $1 IS NULL AND practitioner_id IS NULL AND organisation_id = $2 AND role = 'supervisor')
ORDER BY role DESC, place, id
"""
RETIRE = """
UPDATE contact_point SET active = false, version = version + 1
WHERE active AND ($1::uuid IS NOT NULL AND practitioner_id = $1
                  OR $1 IS NULL AND practitioner_id IS NULL AND organisation_id = $2 AND role = 'supervisor')
"""
ADD_POINT = """
INSERT INTO contact_point (id, organisation_id, practitioner_id, person_id, role, channel, address_sealed, hours, place,
    language, backup_practitioner_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
CLIENT = "SELECT organisation_id FROM client WHERE id = $1 AND id = ANY (reached_clients())"
