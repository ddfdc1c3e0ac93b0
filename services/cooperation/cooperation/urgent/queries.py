"""SQL of urgent requests."""

LOCK = "SELECT * FROM urgent_request WHERE id = $1 FOR NO KEY UPDATE"
REQUEST = "SELECT * FROM urgent_request WHERE id = $1"
LIST = """
SELECT * FROM urgent_request
WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""
# Neither promised to another, nor kept for an operation.
FREE_RUNS = """
SELECT r.* FROM run r JOIN instrument_set s ON s.id = r.set_id
WHERE s.composition_id = $1 AND r.stage NOT IN ('used', 'aborted')
  AND NOT EXISTS (SELECT FROM urgent_request u WHERE u.run_id = r.id AND u.state = 'promised' AND u.id <> $2)
  AND NOT EXISTS (SELECT FROM allocation a WHERE a.run_id = r.id AND a.ended_at IS NULL)
ORDER BY r.id LIMIT 200
"""
# Who waits at the same stage since longer, among those whose turn is a matter of order.
PASSED_OVER = """
SELECT id AS run_id, set_id FROM run
WHERE group_id = $1 AND stage = $2 AND stage IN ('received', 'washed', 'assembled', 'packed') AND stage_since < $3
  AND id <> $4
ORDER BY stage_since, id LIMIT 100
"""
VISIBLE_RUNS = "SELECT id FROM run WHERE id = ANY ($1::uuid[])"
# Promised sets that are at their site since this instant: themselves, or in the crate that came.
ARRIVED = """
SELECT u.* FROM urgent_request u JOIN run r ON r.id = u.run_id JOIN place p ON p.id = $2
WHERE u.state IN ('promised', 'missed') AND u.site_id = p.site_id AND r.stage IN ('released', 'used')
  AND (r.set_id = $1 OR EXISTS (
      SELECT FROM custody c WHERE c.subject_id = r.set_id AND c.place_id = $1 AND c.since <= $3
        AND (c.until IS NULL OR c.until >= $3)))
ORDER BY u.id FOR NO KEY UPDATE OF u
"""
PROMISED_RUN = "SELECT * FROM urgent_request WHERE run_id = $1 AND state = 'promised' FOR NO KEY UPDATE"
OVERDUE = """
SELECT id FROM urgent_request
WHERE (state = 'promised' AND promised_at < $1) OR (state = 'asked' AND needed_at < $1) ORDER BY id LIMIT 500
"""
LOCK_OVERDUE = """
SELECT * FROM urgent_request WHERE id = $1
  AND ((state = 'promised' AND promised_at < $2) OR (state = 'asked' AND needed_at < $2)) FOR NO KEY UPDATE SKIP LOCKED
"""
