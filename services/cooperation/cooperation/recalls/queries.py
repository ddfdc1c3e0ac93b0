"""SQL of recalls and of signatures."""

# --- what a scope reaches: the loads' membership as it was frozen at their start, whatever became of the runs since
LOADS_STARTED = "SELECT id FROM load WHERE id = ANY ($1::uuid[]) AND state <> 'open'"
RUNS_KNOWN = "SELECT id FROM run WHERE id = ANY ($1::uuid[])"
# $1 loads, $2 runs, $3-$5 machines with their spans, $6 instruments, $7 models. A marked instrument that is counted by
# model is followed by the set that it is in.
REACHED = """
SELECT m.run_id FROM load_run m WHERE m.load_id = ANY ($1::uuid[]) AND m.frozen
UNION SELECT r.id FROM run r WHERE r.id = ANY ($2::uuid[])
UNION
SELECT m.run_id FROM unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[]) AS s (machine_id, since, until)
JOIN load l ON l.machine_id = s.machine_id AND l.started_at < s.until AND l.started_at > s.since - interval '1 day'
    AND coalesce(l.cycle_ended_at, l.ends_by, l.started_at) >= s.since
JOIN load_run m ON m.load_id = l.id AND m.frozen
UNION SELECT c.run_id FROM run_content c WHERE c.instrument_id = ANY ($6::uuid[])
UNION
SELECT r.id FROM instrument i JOIN run r ON r.set_id = i.set_id
WHERE i.id = ANY ($6::uuid[]) AND (r.stage IN ('returning', 'received', 'washing', 'washed') OR EXISTS (
    SELECT FROM run_content c JOIN composition_line cl ON cl.id = c.line_id
    WHERE c.run_id = r.id AND c.instrument_id IS NULL AND cl.model_id = i.model_id))
UNION
SELECT c.run_id FROM composition_line cl JOIN run_content c ON c.line_id = cl.id
WHERE cl.model_id = ANY ($7::uuid[]) AND c.counted > 0
"""
# A set in a crate in a compartment is on the road.
FACTS = """
SELECT r.id, r.organisation_id, r.group_id, r.set_id, r.stage, r.ended_at, u.operation_ref,
       EXISTS (SELECT FROM allocation a WHERE a.run_id = r.id AND a.ended_at IS NULL) AS allocated,
       coalesce('compartment' IN (p.kind, outer_p.kind), false) AS in_transit
FROM run r
LEFT JOIN use u ON u.run_id = r.id
LEFT JOIN custody c ON c.subject_id = r.set_id AND c.until IS NULL
LEFT JOIN place p ON p.id = c.place_id
LEFT JOIN custody outer_c ON outer_c.subject_id = p.id AND outer_c.until IS NULL
LEFT JOIN place outer_p ON outer_p.id = outer_c.place_id
WHERE r.id = ANY ($1::uuid[]) ORDER BY r.id
"""
LOTS = """
SELECT l.id, l.organisation_id, l.group_id, o.state
FROM unnest($1::text[], $2::uuid[]) AS s (lot, item_id)
JOIN order_line l ON l.lot = s.lot AND (s.item_id IS NULL OR l.item_id = s.item_id)
JOIN flow_order o ON o.id = l.order_id
ORDER BY l.id
"""
LOCK_MACHINES = "SELECT id FROM machine WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_INSTRUMENTS = "SELECT id FROM instrument WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_ORDER_LINES = "SELECT id FROM order_line WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"

# --- recalls
VISIBLE = "SELECT * FROM recall WHERE id = $1"
LOCK = "SELECT * FROM recall WHERE id = $1 FOR NO KEY UPDATE"
LISTED = "SELECT subject_id FROM recall_line WHERE recall_id = $1"
COUNTS = """
SELECT l.organisation_id, l.state, count(*) AS lines, count(*) FILTER (WHERE l.ended IS NULL) AS left
FROM recall_line l WHERE l.recall_id = $1 GROUP BY 1, 2
"""
OPERATIONS_OF = """
SELECT organisation_id, count(DISTINCT operation_ref) AS operations
FROM recall_line WHERE recall_id = $1 AND operation_ref IS NOT NULL GROUP BY 1
"""
MEMBER_NAMES = "SELECT id, name FROM member WHERE id = ANY ($1::uuid[])"
LIST = """
SELECT r.id, r.state, r.cause, r.unfounded, r.opened_at, r.closed_at, n.lines, n.left
FROM recall r CROSS JOIN LATERAL (
    SELECT count(*) AS lines, count(*) FILTER (WHERE l.ended IS NULL) AS left
    FROM recall_line l WHERE l.recall_id = r.id
) n
WHERE ($1::text IS NULL OR r.state = $1) AND ($2::uuid IS NULL OR r.id < $2)
ORDER BY r.id DESC LIMIT $3
"""

# --- lines
LOCK_OPEN_OF = """
SELECT * FROM recall_line WHERE subject_id = ANY ($1::uuid[]) AND ended IS NULL ORDER BY id FOR NO KEY UPDATE
"""
LOCK_OF = "SELECT * FROM recall_line WHERE subject_id = $1 ORDER BY id FOR NO KEY UPDATE"
LOCK_LINE = "SELECT * FROM recall_line WHERE id = $1 FOR NO KEY UPDATE"
LOCK_LINES = "SELECT * FROM recall_line WHERE recall_id = $1 ORDER BY id FOR NO KEY UPDATE"
LEFT_OF = """
SELECT count(*) FROM recall_line WHERE recall_id = $1 AND organisation_id = $2 AND ended IS NULL
"""
USED_IN = "SELECT operation_ref FROM use WHERE run_id = $1"
OPERATIONS = """
SELECT l.organisation_id, l.operation_ref, min(u.used_at) AS used_at,
       array_agg(l.subject_id ORDER BY l.subject_id) AS run_ids, bool_and(l.ended IS NOT NULL) AS acknowledged
FROM recall_line l JOIN use u ON u.run_id = l.subject_id
WHERE l.recall_id = $1 AND l.operation_ref IS NOT NULL
GROUP BY 1, 2 ORDER BY 3, 1, 2
"""
LINES = """
SELECT l.*, s.name AS set_name, r.label, at.ids, at.names, at.kind, at.site_id
FROM recall_line l
LEFT JOIN run r ON r.id = l.subject_id
LEFT JOIN instrument_set s ON s.id = l.set_id
LEFT JOIN LATERAL (
    WITH RECURSIVE chain AS (
        SELECT c.place_id, 0 AS depth FROM custody c
        WHERE c.subject_id = r.set_id AND c.until IS NULL AND r.stage NOT IN ('used', 'aborted')
        UNION ALL
        SELECT c.place_id, chain.depth + 1
        FROM chain JOIN custody c ON c.subject_id = chain.place_id AND c.until IS NULL WHERE chain.depth < 4
    )
    SELECT array_agg(p.id ORDER BY chain.depth) AS ids, array_agg(p.name ORDER BY chain.depth) AS names,
           (array_agg(p.kind ORDER BY chain.depth DESC))[1] AS kind,
           (array_agg(p.site_id ORDER BY chain.depth DESC))[1] AS site_id
    FROM chain JOIN place p ON p.id = chain.place_id
) at ON true
WHERE ($1::uuid IS NULL OR l.recall_id = $1) AND ($2::uuid IS NULL OR l.organisation_id = $2)
  AND ($3::uuid IS NULL OR $3 = ANY (at.ids) OR at.site_id = $3) AND ($4::text IS NULL OR l.state = $4)
  AND ($5::boolean IS NULL OR (l.ended IS NULL) = $5) AND ($6::uuid IS NULL OR l.id > $6)
  AND ($7::uuid IS NULL OR l.id = $7)
ORDER BY l.id LIMIT $8
"""

# --- signatures
SIGNERS = """
SELECT person_id, role FROM signature
WHERE about_id = $1 AND act = $2 AND ($3::timestamptz IS NULL OR signed_at >= $3)
"""
SIGN = """
INSERT INTO signature (id, organisation_id, group_id, about_kind, about_id, act, person_id, role, reason, signed_at,
                       created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
"""
SIGNATURES = """
SELECT act, person_id, role, signed_at FROM signature WHERE about_id = ANY ($1::uuid[]) ORDER BY signed_at, id
"""
