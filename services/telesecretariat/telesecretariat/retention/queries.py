"""SQL of retention. Each statement forgets at most $2 rows and says how many; $1 is now, the rest are defaults in days
where a client has not chosen otherwise."""

# Number, note and who it was about; the call's history says when they went.
CALLS = """
WITH due AS (
    SELECT c.id FROM client k JOIN line l ON l.client_id = k.id JOIN call c ON c.line_id = l.id
    WHERE c.arrived_at < $1::timestamptz - coalesce((k.retention ->> 'call_days')::int, $3) * interval '1 day'
      AND (c.number_hash IS NOT NULL OR c.note_sealed IS NOT NULL OR c.number_sealed IS NOT NULL
           OR c.patient_id IS NOT NULL)
      AND c.state IN ('completed', 'abandoned', 'overflowed', 'callback_requested', 'closed', 'refused', 'failed')
    ORDER BY c.id LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED
), forgotten AS (
    UPDATE call c SET number_sealed = NULL, number_hash = NULL, note_sealed = NULL, patient_id = NULL,
        version = c.version + 1
    FROM due WHERE c.id = due.id
    RETURNING c.id, c.organisation_id, c.client_id, c.version, c.state, c.agent_id
), told AS (
    INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state, agent_id, facts)
    SELECT id, version, organisation_id, client_id, $1, 'forgotten', state, agent_id, '{}' FROM forgotten
)
SELECT count(*) FROM forgotten
"""
CALLBACKS = """
WITH due AS (
    SELECT c.id FROM callback c JOIN client k ON k.id = c.client_id
    WHERE c.closed_at < $1::timestamptz - coalesce((k.retention ->> 'call_days')::int, $3) * interval '1 day'
      AND (c.number_sealed IS NOT NULL OR c.number_hash IS NOT NULL)
    LIMIT $2
), forgotten AS (
    UPDATE callback c SET number_sealed = NULL, number_hash = NULL, version = version + 1
    FROM due WHERE c.id = due.id RETURNING c.id
)
SELECT count(*) FROM forgotten
"""
RED_FLAGS = """
WITH due AS (
    SELECT r.id FROM red_flag r JOIN client k ON k.id = r.client_id
    WHERE r.closed_at < $1::timestamptz - coalesce((k.retention ->> 'call_days')::int, $3) * interval '1 day'
      AND (r.answers_sealed IS NOT NULL OR r.address_sealed IS NOT NULL OR r.exact_words_sealed IS NOT NULL)
    LIMIT $2
), forgotten AS (
    UPDATE red_flag r SET answers_sealed = NULL, address_sealed = NULL, exact_words_sealed = NULL,
        version = version + 1
    FROM due WHERE r.id = due.id RETURNING r.id
)
SELECT count(*) FROM forgotten
"""
TASKS = """
WITH due AS (
    SELECT t.id FROM task t LEFT JOIN client k ON k.id = t.client_id
    WHERE t.closed_at < $1::timestamptz - coalesce((k.retention ->> 'call_days')::int, $3) * interval '1 day'
      AND t.note_sealed IS NOT NULL
    LIMIT $2
), forgotten AS (
    UPDATE task t SET note_sealed = NULL, version = version + 1 FROM due WHERE t.id = due.id RETURNING t.id
)
SELECT count(*) FROM forgotten
"""
# A message goes whole, with its steps and what was sent about it; notifications and steps first, for they name it. A
# draft that was never sent is never closed: it goes by its age.
MESSAGES = """
WITH due AS (
    SELECT m.id FROM message m JOIN client k ON k.id = m.client_id
    WHERE coalesce(m.closed_at, CASE WHEN m.state = 'draft' THEN m.created_at END)
        < $1::timestamptz - coalesce((k.retention ->> 'message_days')::int, $3) * interval '1 day'
    LIMIT $2
), steps AS (
    DELETE FROM message_step s USING due WHERE s.message_id = due.id
), sent AS (
    DELETE FROM notification n USING due WHERE n.message_id = due.id
), gone AS (
    DELETE FROM message m USING due WHERE m.id = due.id RETURNING m.id
)
SELECT count(*) FROM gone
"""
HANDOVERS = """
WITH due AS (
    SELECT h.id FROM handover h JOIN client k ON k.id = h.client_id
    WHERE coalesce(h.acknowledged_at, h.signed_at, h.created_at)
        < $1::timestamptz - coalesce((k.retention ->> 'message_days')::int, $3) * interval '1 day'
    LIMIT $2
), gone AS (
    DELETE FROM handover h USING due WHERE h.id = due.id RETURNING h.id
)
SELECT count(*) FROM gone
"""
DISPLAYS = """
WITH due AS (
    SELECT d.id FROM instruction_display d JOIN client k ON k.id = d.client_id
    WHERE d.displayed_at < $1::timestamptz - coalesce((k.retention ->> 'proof_days')::int, $3) * interval '1 day'
    LIMIT $2
), gone AS (
    DELETE FROM instruction_display d USING due WHERE d.id = due.id RETURNING d.id
)
SELECT count(*) FROM gone
"""
# A number that somebody has replaced, once nothing that was sent names it; $3 is not asked.
CONTACT_POINTS = """
WITH gone AS (
    DELETE FROM contact_point WHERE id IN (
        SELECT p.id FROM contact_point p
        WHERE NOT p.active AND $1::timestamptz IS NOT NULL AND $3::int IS NOT NULL
          AND NOT EXISTS (SELECT FROM notification n WHERE n.contact_point_id = p.id) LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone
"""
# What was said of a call is kept a year at most.
REVIEWS = """
WITH gone AS (
    DELETE FROM quality_review WHERE id IN (
        SELECT id FROM quality_review WHERE created_at < $1::timestamptz - $3::int * interval '1 day' LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone
"""
FACTS = """
WITH gone AS (
    DELETE FROM telephony_fact WHERE ctid IN (
        SELECT ctid FROM telephony_fact WHERE received_at < $1::timestamptz - $3::int * interval '1 day' LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone
"""
COMMANDS = """
WITH gone AS (
    DELETE FROM telephony_command WHERE ctid IN (
        SELECT ctid FROM telephony_command
        WHERE created_at < $1::timestamptz - $3::int * interval '1 day' AND state IN ('done', 'failed', 'expired')
        LIMIT $2)
    RETURNING 1
)
SELECT count(*) FROM gone
"""
