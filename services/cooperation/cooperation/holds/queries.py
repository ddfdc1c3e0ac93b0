"""SQL of holds."""

# $1 sets, $2 instruments, $3 runs, $4 lines of orders: named themselves.
NAMED = """
SELECT 'set' AS kind, id, organisation_id, group_id, 'named' AS contact, NULL::text AS operation_ref, true AS live
FROM instrument_set WHERE id = ANY ($1::uuid[])
UNION ALL
SELECT 'instrument', id, organisation_id, group_id, 'named', NULL, true FROM instrument WHERE id = ANY ($2::uuid[])
UNION ALL
SELECT 'run', r.id, r.organisation_id, r.group_id, 'named', u.operation_ref, r.stage NOT IN ('used', 'aborted')
FROM run r LEFT JOIN use u ON u.run_id = r.id WHERE r.id = ANY ($3::uuid[])
UNION ALL
SELECT 'order_line', id, organisation_id, group_id, 'named', NULL, true FROM order_line WHERE id = ANY ($4::uuid[])
"""
# The instruments of a set that is held for prions may go into another: they are held with it. A run ($2) is one turn
# of its set: the set is held with it, and what was counted in it.
OF_SETS = """
WITH sets AS (SELECT unnest($1::uuid[]) AS id UNION SELECT set_id FROM run WHERE id = ANY ($2::uuid[]))
SELECT 'instrument' AS kind, i.id, i.organisation_id, i.group_id, 'instrument' AS contact, NULL::text AS operation_ref,
       true AS live
FROM instrument i JOIN sets s ON s.id = i.set_id
UNION
SELECT 'instrument', i.id, i.organisation_id, i.group_id, 'instrument', NULL, true
FROM run_content c JOIN instrument i ON i.id = c.instrument_id WHERE c.run_id = ANY ($2::uuid[])
UNION
SELECT 'set', t.id, t.organisation_id, t.group_id, 'instrument', NULL, true
FROM instrument_set t JOIN sets s ON s.id = t.id WHERE t.id <> ALL ($1::uuid[])
"""
# From interventions ($1, of the organisations $2) over the packs used in them to each later run of their sets and
# of their marked instruments, to the interventions of those, and so on until nothing new is reached. What is counted by
# model is followed by its set. Later: as recorded by this service, whose clock orders the runs of a set and the counts
# of an instrument.
CONTACT_RUNS = """
WITH RECURSIVE first AS (
    SELECT u.run_id FROM use u WHERE u.operation_ref = ANY ($1::text[]) AND u.organisation_id = ANY ($2::uuid[])
), reached (run_id) AS (
    SELECT run_id FROM first
    UNION
    SELECT n.run_id FROM reached r CROSS JOIN LATERAL (
        SELECT beside.run_id FROM use u
        JOIN use beside ON beside.organisation_id = u.organisation_id AND beside.operation_ref = u.operation_ref
        WHERE u.run_id = r.run_id
        UNION ALL
        SELECT later.id FROM run this
        JOIN run later ON later.set_id = this.set_id AND (later.created_at, later.id) > (this.created_at, this.id)
        WHERE this.id = r.run_id
        UNION ALL
        SELECT later.run_id FROM run_content c
        JOIN run_content later ON later.instrument_id = c.instrument_id
            AND (later.created_at, later.id) > (c.created_at, c.id)
        WHERE c.run_id = r.run_id
    ) n
)
SELECT run_id, run_id IN (SELECT run_id FROM first) AS is_first FROM reached
"""
# The runs reached ($1), those of the interventions themselves ($2), their sets, and the instruments of both.
CONTACTS = """
WITH runs AS MATERIALIZED (
    SELECT r.*, r.id = ANY ($2::uuid[]) AS is_first FROM run r WHERE r.id = ANY ($1::uuid[])
), sets AS MATERIALIZED (
    SELECT set_id, bool_or(is_first) AS is_first FROM runs GROUP BY 1
)
SELECT 'run' AS kind, r.id, r.organisation_id, r.group_id,
       CASE WHEN r.is_first THEN 'operation' WHEN s.is_first THEN 'later_run' ELSE 'instrument' END AS contact,
       u.operation_ref, r.stage NOT IN ('used', 'aborted') AS live
FROM runs r JOIN sets s ON s.set_id = r.set_id LEFT JOIN use u ON u.run_id = r.id
UNION ALL
SELECT 'set', i.id, i.organisation_id, i.group_id, CASE WHEN s.is_first THEN 'operation' ELSE 'instrument' END, NULL,
       true
FROM sets s JOIN instrument_set i ON i.id = s.set_id
UNION ALL (
    SELECT 'instrument', i.id, i.organisation_id, i.group_id, 'instrument', NULL, true
    FROM sets s JOIN instrument i ON i.set_id = s.set_id
    UNION
    SELECT 'instrument', i.id, i.organisation_id, i.group_id, 'instrument', NULL, true
    FROM run_content c JOIN instrument i ON i.id = c.instrument_id WHERE c.run_id = ANY ($1::uuid[])
)
"""
# Packs and sets on their way that are held by what is in them: $1 sets, $2 instruments.
LIVE_RUNS = """
SELECT id FROM run WHERE set_id = ANY ($1::uuid[]) AND stage NOT IN ('used', 'aborted')
UNION
SELECT r.id FROM run_content c JOIN run r ON r.id = c.run_id
WHERE c.instrument_id = ANY ($2::uuid[]) AND r.stage NOT IN ('used', 'aborted')
UNION
SELECT r.id FROM instrument i JOIN run r ON r.set_id = i.set_id
WHERE i.id = ANY ($2::uuid[]) AND r.stage NOT IN ('used', 'aborted')
"""
ALLOCATED = "SELECT run_id FROM allocation WHERE run_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY run_id"
OPERATIONS_KNOWN = """
SELECT DISTINCT operation_ref FROM use
WHERE operation_ref = ANY ($1::text[]) AND organisation_id = ANY ($2::uuid[])
"""

VISIBLE = "SELECT * FROM hold WHERE id = $1"
LOCK = "SELECT * FROM hold WHERE id = $1 FOR NO KEY UPDATE"
LOCK_SUBJECTS = "SELECT * FROM hold_subject WHERE hold_id = $1 ORDER BY id FOR NO KEY UPDATE"
LIST = """
SELECT h.id, h.kind, h.state, h.cause, h.created_at, h.ended_at,
       (SELECT count(*) FROM hold_subject s WHERE s.hold_id = h.id) AS subjects
FROM hold h
WHERE ($1::text IS NULL OR h.state = $1) AND ($2::text IS NULL OR h.kind = $2) AND ($3::uuid IS NULL OR h.id < $3)
ORDER BY h.id DESC LIMIT $4
"""
# Where each is: a run where its set is, an instrument with its set unless it left it (repair).
SUBJECTS = """
SELECT s.subject_kind AS kind, s.subject_id AS id, s.organisation_id, s.contact, s.operation_ref, s.active,
       coalesce(t.name, m.alias) AS name, coalesce(r.stage, i.status, t.status) AS status, at.ids, at.names,
       at.kind AS at, at.site_id
FROM hold_subject s
LEFT JOIN run r ON r.id = s.subject_id AND s.subject_kind = 'run'
LEFT JOIN instrument i ON i.id = s.subject_id AND s.subject_kind = 'instrument'
LEFT JOIN instrument_model m ON m.id = i.model_id
LEFT JOIN instrument_set t ON t.id = CASE s.subject_kind WHEN 'set' THEN s.subject_id WHEN 'run' THEN r.set_id END
LEFT JOIN LATERAL (
    WITH RECURSIVE chain AS (
        SELECT c.place_id, 0 AS depth FROM custody c
        WHERE c.until IS NULL AND c.subject_id = CASE
            WHEN s.subject_kind = 'instrument' AND i.status = 'in_service' AND i.set_id IS NOT NULL THEN i.set_id
            WHEN s.subject_kind = 'instrument' THEN i.id
            WHEN s.subject_kind = 'set' OR r.stage NOT IN ('used', 'aborted') THEN t.id END
        UNION ALL
        SELECT c.place_id, chain.depth + 1
        FROM chain JOIN custody c ON c.subject_id = chain.place_id AND c.until IS NULL WHERE chain.depth < 4
    )
    SELECT array_agg(p.id ORDER BY chain.depth) AS ids, array_agg(p.name ORDER BY chain.depth) AS names,
           (array_agg(p.kind ORDER BY chain.depth DESC))[1] AS kind,
           (array_agg(p.site_id ORDER BY chain.depth DESC))[1] AS site_id
    FROM chain JOIN place p ON p.id = chain.place_id
) at ON true
WHERE s.hold_id = $1 ORDER BY s.id
"""
