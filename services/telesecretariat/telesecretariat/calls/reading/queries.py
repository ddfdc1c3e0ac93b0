"""SQL of reading calls."""

_ITEM = """c.id, c.client_id, c.line_id, c.direction, c.state, c.agent_id, c.arrived_at, c.answered_at, c.ended_at,
       c.wait_s, c.talk_s, c.caller_kind, c.practitioner_id, c.motive, c.outcome, c.note_sealed IS NOT NULL AS has_note,
       c.version"""

# By line, so that each page is read off one index per line, however many calls there have been.
CALLS = (
    """
SELECT found.* FROM line l CROSS JOIN LATERAL (
    SELECT """
    + _ITEM
    + """
    FROM call c
    WHERE c.line_id = l.id AND c.arrived_at >= $4 AND c.arrived_at < $5
      AND ($3::uuid IS NULL OR c.agent_id = $3) AND ($6::text IS NULL OR c.state = $6)
      AND (NOT $7 OR c.outcome = 'unclassified')
      AND ($8::timestamptz IS NULL OR (c.arrived_at, c.id) < ($8, $9::uuid))
    ORDER BY c.arrived_at DESC, c.id DESC LIMIT $10
) found
WHERE ($1::uuid IS NULL OR l.client_id = $1) AND ($2::uuid IS NULL OR l.id = $2)
ORDER BY found.arrived_at DESC, found.id DESC LIMIT $10
"""
)
FILE = """
SELECT c.*, (SELECT r.id FROM red_flag r WHERE r.call_id = c.id AND r.state <> 'closed') AS red_flag_id
FROM call c WHERE c.id = $1
"""
TIMELINE = "SELECT seq, at, kind, state, agent_id, facts FROM call_event WHERE call_id = $1 ORDER BY seq"
WHOSE = "SELECT organisation_id FROM call WHERE id = $1"
# $1 call, $2 since when a red flag is recent.
CONTEXT = (
    """
WITH this AS (
    SELECT id, organisation_id, number_hash, patient_id, line_id, repeat_caller FROM call WHERE id = $1
), same AS (
    (SELECT c.id FROM this t JOIN call c ON c.organisation_id = t.organisation_id AND c.number_hash = t.number_hash
     WHERE c.id <> $1 ORDER BY c.arrived_at DESC, c.id DESC LIMIT 5)
    UNION
    (SELECT c.id FROM this t JOIN call c ON c.patient_id = t.patient_id AND c.organisation_id = t.organisation_id
     WHERE c.id <> $1 ORDER BY c.arrived_at DESC, c.id DESC LIMIT 5)
), previous AS (
    SELECT """
    + _ITEM
    + """
    FROM same s JOIN call c ON c.id = s.id ORDER BY c.arrived_at DESC, c.id DESC LIMIT 5
), messages AS (
    SELECT m.id, m.practitioner_id, m.urgency, m.state, m.level, m.due_at, m.wants_callback
    FROM this t JOIN message m ON m.organisation_id = t.organisation_id
         AND (m.number_hash = t.number_hash OR m.patient_id = t.patient_id)
    WHERE m.state NOT IN ('draft', 'closed') ORDER BY m.due_at NULLS LAST, m.id LIMIT 20
), callbacks AS (
    SELECT b.id, b.line_id, b.state, b.attempts, b.not_before
    FROM this t JOIN callback b ON b.organisation_id = t.organisation_id AND b.number_hash = t.number_hash
    WHERE b.state IN ('open', 'dialling') ORDER BY b.not_before LIMIT 20
), appointments AS (
    SELECT appointment_id, patient_id, status, starts_at FROM call_appointment
    WHERE call_id = $1 ORDER BY starts_at LIMIT 20
)
SELECT t.organisation_id, t.repeat_caller,
       (SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') FROM previous p) AS previous,
       (SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') FROM messages m) AS messages,
       (SELECT coalesce(jsonb_agg(to_jsonb(b)), '[]') FROM callbacks b) AS callbacks,
       (SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') FROM appointments a) AS appointments,
       EXISTS (SELECT FROM red_flag r JOIN call c ON c.id = r.call_id
               WHERE r.opened_at >= $2 AND c.id <> $1 AND c.organisation_id = t.organisation_id
                 AND (c.number_hash = t.number_hash OR c.patient_id = t.patient_id)) AS red_flag_recent,
       (SELECT r.id FROM red_flag r WHERE r.call_id = $1 AND r.state <> 'closed') AS red_flag_id
FROM this t
"""
)
# Whether site, practitioner and motive are of the organisation; null asks nothing.
KNOWN = """
SELECT $2::uuid IS NULL OR EXISTS (SELECT FROM site_ref WHERE site_id = $2 AND organisation_id = $1) AS site_id,
       $3::uuid IS NULL OR EXISTS (SELECT FROM practitioner_ref
           WHERE practitioner_id = $3 AND organisation_id = $1) AS practitioner_id,
       $4::text IS NULL OR EXISTS (SELECT FROM catalogue_entry
           WHERE organisation_id = $1 AND kind = 'motive' AND code = $4 AND active) AS motive
"""
