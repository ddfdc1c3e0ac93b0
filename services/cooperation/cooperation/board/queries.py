"""SQL of the board: counts of what the caller reaches, in one statement."""

# $1 now, $2 minutes of soaking, $3 minutes that a stop may be late, $4 hours until a set is back, $5 local day
COUNTS = """
SELECT
    (SELECT count(*) FROM load WHERE state = 'running' AND ends_by < $1) AS records_overdue,
    (SELECT count(*) FROM load WHERE state = 'to_decide') AS loads_to_decide,
    (SELECT count(*) FROM stop s JOIN tour t ON t.id = s.tour_id
     WHERE s.state = 'expected' AND t.state <> 'done' AND s.promised_at + $3::int * interval '1 minute' < $1)
        AS stops_late,
    (SELECT count(*) FROM handover WHERE state = 'given' AND take_by < $1) AS handovers_overdue,
    (SELECT count(*) FROM run WHERE stage = 'returning' AND soak_from IS NOT NULL AND soak_to IS NULL
     AND soak_from + $2::int * interval '1 minute' < $1) AS soaking_too_long,
    (SELECT count(*) FROM run WHERE stage = 'returning' AND stage_since + $4::int * interval '1 hour' < $1)
        AS sets_not_back,
    (SELECT count(*) FROM scan WHERE outcome IN ('refused', 'late') AND settled_at IS NULL) AS to_settle,
    (SELECT count(*) FROM loan WHERE state = 'announced' AND due_on <= $5) AS loans_expected
"""
NEEDS = """
SELECT n.state, count(*) AS needs FROM operation o JOIN need n ON n.operation_id = o.id
WHERE o.state = 'planned' AND o.starts_at >= $1 AND o.starts_at < $2 AND n.quantity > 0 GROUP BY n.state
"""
ISSUES = "SELECT severity, count(*) AS issues FROM issue WHERE state <> 'closed' GROUP BY severity"
URGENT = """
SELECT * FROM urgent_request WHERE state IN ('asked', 'promised') ORDER BY needed_at, id LIMIT 50
"""
MACHINES_OUT = """
SELECT id, name, kind, state FROM machine
WHERE group_id = $1 AND state <> 'in_service' AND retired_at IS NULL ORDER BY name, id
"""
