"""SQL of repeat callers: one indexed query by number and by patient."""

# $1 organisation, $2 number's hash or null, $3 patient or null, $4 from, $5 the call that is judged, $6 now.
# Left the queue counts once an hour of the clock; anything else once a call. A message past a deadline stays so until
# somebody acknowledges it, however old it is.
STANDING = """
WITH earlier AS (
    SELECT id, state, direction, outcome, queued_at, arrived_at FROM call
    WHERE organisation_id = $1 AND number_hash = $2 AND arrived_at BETWEEN $4 AND $6 AND id <> $5
    UNION
    SELECT id, state, direction, outcome, queued_at, arrived_at FROM call
    WHERE patient_id = $3 AND organisation_id = $1 AND arrived_at BETWEEN $4 AND $6 AND id <> $5
), unresolved AS (
    SELECT CASE WHEN e.direction = 'inbound' AND e.state = 'abandoned' AND e.queued_at IS NOT NULL
                THEN date_trunc('hour', e.arrived_at)::text ELSE e.id::text END AS once
    FROM earlier e
    WHERE (e.direction = 'inbound' AND e.state = 'abandoned' AND e.queued_at IS NOT NULL)
       OR e.outcome = 'unclassified'
       OR EXISTS (SELECT FROM message m WHERE m.call_id = e.id AND m.state <> 'closed')
       OR EXISTS (SELECT FROM callback b WHERE b.call_id = e.id AND b.state NOT IN ('done', 'cancelled'))
)
SELECT (SELECT count(DISTINCT once) FROM unresolved)::int AS calls,
       EXISTS (SELECT FROM message m
               WHERE m.organisation_id = $1 AND m.number_hash = $2 AND m.state IN ('sent', 'delivered', 'read')
                 AND (m.level > 0 OR m.due_at < $6))
       OR EXISTS (SELECT FROM message m
               WHERE m.patient_id = $3 AND m.organisation_id = $1 AND m.state IN ('sent', 'delivered', 'read')
                 AND (m.level > 0 OR m.due_at < $6)) AS overdue
"""
SETTLED = """
SELECT EXISTS (SELECT FROM call_appointment a
               WHERE a.call_id = $1 AND a.status NOT IN ('cancelled', 'entered-in-error'))
    OR EXISTS (SELECT FROM message m WHERE m.call_id = $1 AND m.urgency = 'urgent' AND m.state <> 'draft')
    OR EXISTS (SELECT FROM red_flag r WHERE r.call_id = $1 AND (r.handed_over_at IS NOT NULL
               OR r.outcome IN ('handed_to_15', 'caller_already_with_15', 'practitioner_took_over',
                                'line_lost_15_informed')))
"""
