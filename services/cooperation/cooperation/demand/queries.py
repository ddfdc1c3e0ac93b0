"""SQL of demand: operations, needs, allocations, how long stages take."""

LOCK_ALLOCATION_OF_RUN = "SELECT * FROM allocation WHERE run_id = $1 AND ended_at IS NULL FOR NO KEY UPDATE"

# --- the state of the line: what a promise is reckoned from
LIVE_RUNS = """
SELECT * FROM run WHERE organisation_id = $1 AND stage NOT IN ('used', 'aborted') ORDER BY id
"""
LIVE_RUNS_PAGE = """
SELECT r.* FROM run r JOIN instrument_set s ON s.id = r.set_id LEFT JOIN place p ON p.id = s.home_place_id
WHERE r.stage NOT IN ('used', 'aborted') AND ($1::uuid IS NULL OR r.id > $1)
  AND ($2::uuid IS NULL OR p.site_id = $2
       OR (p.site_id IS NULL AND $2 = (SELECT t.id FROM site t WHERE t.organisation_id = s.organisation_id
               AND t.retired_at IS NULL ORDER BY t.created_at, t.id LIMIT 1)))
ORDER BY r.id LIMIT $3
"""
RUN = "SELECT * FROM run WHERE id = $1"
# Where a set without a home place belongs: its owner's first site.
SETS = """
SELECT s.id, s.composition_id,
    coalesce(p.site_id, (SELECT t.id FROM site t WHERE t.organisation_id = s.organisation_id AND t.retired_at IS NULL
                         ORDER BY t.created_at, t.id LIMIT 1)) AS home_site_id,
    EXISTS (SELECT FROM programme g WHERE g.group_id = s.group_id AND g.code = v.programme
            AND g.kind = 'low_temperature') AS low_temperature
FROM instrument_set s JOIN composition_version v ON v.id = s.composition_version_id
LEFT JOIN place p ON p.id = s.home_place_id
WHERE s.id = ANY ($1::uuid[])
"""
# The site where each set is, through crate and compartment; null on the road.
SITES_OF = """
WITH RECURSIVE chain AS (
    SELECT c.subject_id, c.place_id, 0 AS depth FROM custody c
    WHERE c.subject_id = ANY ($1::uuid[]) AND c.until IS NULL
    UNION ALL
    SELECT chain.subject_id, c.place_id, chain.depth + 1
    FROM chain JOIN custody c ON c.subject_id = chain.place_id AND c.until IS NULL WHERE chain.depth < 4
)
SELECT DISTINCT ON (chain.subject_id) chain.subject_id, p.site_id
FROM chain JOIN place p ON p.id = chain.place_id ORDER BY chain.subject_id, p.site_id IS NULL, chain.depth
"""
PLANT = """
SELECT id FROM site WHERE group_id = $1 AND kind = 'plant' AND retired_at IS NULL ORDER BY created_at, id LIMIT 1
"""
LINKS = """
SELECT from_site_id, to_site_id, seconds, departures FROM road_link WHERE group_id = $1 AND retired_at IS NULL
"""
FLEETS = """
SELECT kind, count(*) AS machines, count(*) FILTER (WHERE state = 'in_service') AS in_service
FROM machine WHERE group_id = $1 AND retired_at IS NULL GROUP BY kind
"""
SPREADS = """
SELECT composition_id, stage, hour, observations, p50_s, p90_s FROM stage_spread
WHERE composition_id = ANY ($1::uuid[]) AND observations >= $2
"""

# --- needs of one organisation, reckoned by one at a time ----------------------------------------------------------
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('demand ' || $1::uuid, 0))"
MEMBERS = """
SELECT id, group_id FROM member WHERE retired_at IS NULL AND ($1::uuid IS NULL OR id = $1 OR group_id = $1) ORDER BY id
"""
DUE = """
INSERT INTO reckoning_due (organisation_id, since)
SELECT id, $2 FROM member WHERE retired_at IS NULL AND (id = $1 OR group_id = $1) ORDER BY id ON CONFLICT DO NOTHING
"""
NOT_DUE = "DELETE FROM reckoning_due WHERE organisation_id = $1"
ARE_DUE = "SELECT organisation_id FROM reckoning_due ORDER BY since, organisation_id"
OPEN_NEEDS = """
SELECT n.*, o.operation_ref, o.site_id, o.starts_at,
    (SELECT count(*) FROM use u JOIN run r ON r.id = u.run_id
     JOIN composition_version v ON v.id = r.composition_version_id
     WHERE u.organisation_id = n.organisation_id AND u.operation_ref = o.operation_ref
       AND v.composition_id = n.composition_id) AS used
FROM operation o JOIN need n ON n.operation_id = o.id
WHERE o.organisation_id = $1 AND o.state = 'planned' AND o.starts_at < $2 AND n.quantity > 0
ORDER BY o.starts_at, n.id
"""
LIVE_ALLOCATIONS = "SELECT * FROM allocation WHERE organisation_id = $1 AND ended_at IS NULL ORDER BY created_at, id"
LOCK_ALLOCATIONS = """
SELECT * FROM allocation WHERE run_id = ANY ($1::uuid[]) AND ended_at IS NULL ORDER BY run_id FOR NO KEY UPDATE
"""
TAKEN_BACK = "SELECT need_id, run_id FROM allocation WHERE need_id = ANY ($1::uuid[]) AND ended_why = 'taken_back'"
PROMISED_RUNS = """
SELECT run_id, coalesce(operation_ref, '') AS operation_ref FROM urgent_request
WHERE organisation_id = $1 AND state = 'promised' AND run_id IS NOT NULL
"""
PROMISES = "SELECT run_id, stage, p50, p90 FROM promise WHERE organisation_id = $1"
PUT_PROMISES = """
INSERT INTO promise AS p (run_id, organisation_id, group_id, set_id, stage, p50, p90, reckoned_at)
SELECT g.run_id, $1, $2, g.set_id, g.stage, g.p50, g.p90, $8
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[])
     AS g (run_id, set_id, stage, p50, p90)
ON CONFLICT (run_id) DO UPDATE SET stage = excluded.stage, p50 = excluded.p50, p90 = excluded.p90,
    reckoned_at = excluded.reckoned_at, version = p.version + 1
"""
FORGET_PROMISES = "DELETE FROM promise WHERE run_id = ANY ($1::uuid[])"

# --- the operating programme ---------------------------------------------------------------------------------------
SITE = "SELECT organisation_id, group_id FROM site WHERE id = $1 AND kind = 'hospital' AND retired_at IS NULL"
COMPOSITIONS = """
SELECT id, code FROM composition
WHERE organisation_id = $1 AND (code = ANY ($2::text[]) OR id = ANY ($3::uuid[])) AND retired_at IS NULL
"""
LOCK_OPERATION = "SELECT * FROM operation WHERE organisation_id = $1 AND operation_ref = $2 FOR NO KEY UPDATE"
# Within reach; somebody of the plant may reach two hospitals that use one reference.
LOCK_OPERATIONS = "SELECT * FROM operation WHERE operation_ref = $1 ORDER BY id FOR NO KEY UPDATE"
NEEDS_OF = "SELECT * FROM need WHERE operation_id = $1 ORDER BY id FOR NO KEY UPDATE"
OPERATIONS = """
SELECT o.* FROM operation o
WHERE o.starts_at >= $1 AND o.starts_at < $2 AND o.state <> 'cancelled'
  AND ($3::timestamptz IS NULL OR o.starts_at > $3 OR (o.starts_at = $3 AND o.id > $4))
ORDER BY o.starts_at, o.id LIMIT $5
"""
OPERATION = "SELECT * FROM operation WHERE operation_ref = $1 ORDER BY id"
_NEED = """
SELECT n.id, n.organisation_id, n.group_id, n.composition_id, n.quantity, n.state, n.p90, n.version,
    o.operation_ref, o.site_id, o.theatre, o.starts_at, c.code AS composition, n.operation_id,
    (SELECT count(*) FROM use u JOIN run r ON r.id = u.run_id
     JOIN composition_version v ON v.id = r.composition_version_id
     WHERE u.organisation_id = n.organisation_id AND u.operation_ref = o.operation_ref
       AND v.composition_id = n.composition_id) AS used,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'run_id', a.run_id) ORDER BY a.id), '[]')
     FROM allocation a WHERE a.need_id = n.id AND a.ended_at IS NULL) AS allocations
FROM operation o JOIN need n ON n.operation_id = o.id JOIN composition c ON c.id = n.composition_id
"""
NEEDS = f"""{_NEED}
WHERE o.starts_at >= $1 AND o.starts_at < $2 AND o.state <> 'cancelled' AND n.quantity > 0
  AND ($3::text IS NULL OR n.state = $3) AND ($4::uuid IS NULL OR n.composition_id = $4)
  AND ($5::timestamptz IS NULL OR o.starts_at > $5 OR (o.starts_at = $5 AND n.id > $6))
ORDER BY o.starts_at, n.id LIMIT $7
"""
NEED = f"{_NEED} WHERE n.id = $1"
NEEDS_OF_OPERATIONS = f"{_NEED} WHERE o.id = ANY ($1::uuid[]) AND n.quantity > 0 ORDER BY o.starts_at, n.id"
DAY_PAST = """
SELECT o.id, o.organisation_id, o.group_id FROM operation o JOIN cooperation_group g ON g.id = o.group_id
WHERE o.state = 'planned' AND o.starts_at < $1
  AND (o.starts_at AT TIME ZONE g.time_zone)::date < ($1 AT TIME ZONE g.time_zone)::date
ORDER BY o.starts_at LIMIT 1000
"""
LOCK_PLANNED = "SELECT * FROM operation WHERE id = $1 AND state = 'planned' FOR NO KEY UPDATE SKIP LOCKED"
OPERATION_OF_USE = """
SELECT o.* FROM use u JOIN operation o ON o.organisation_id = u.organisation_id AND o.operation_ref = u.operation_ref
WHERE u.run_id = $1 AND o.state = 'planned' FOR NO KEY UPDATE OF o
"""
GROUP_OF_NEED = """
SELECT n.*, o.operation_ref, o.site_id, o.starts_at, o.state AS operation_state
FROM need n JOIN operation o ON o.id = n.operation_id WHERE n.id = $1
"""
ALLOCATION = "SELECT * FROM allocation WHERE id = $1"
ALLOCATIONS_OF_NEED = "SELECT * FROM allocation WHERE need_id = $1 AND ended_at IS NULL FOR NO KEY UPDATE"
RUNS_OF_COMPOSITION = """
SELECT r.* FROM run r JOIN instrument_set s ON s.id = r.set_id
WHERE s.composition_id = $1 AND r.stage NOT IN ('used', 'aborted') ORDER BY r.id LIMIT 500
"""
ALLOCATED_TO = "SELECT run_id, need_id FROM allocation WHERE run_id = ANY ($1::uuid[]) AND ended_at IS NULL"
COMPOSITION_OF = "SELECT composition_id FROM composition_version WHERE id = $1"
HOSPITAL_SITES = """
SELECT id, gln, organisation_id FROM site
WHERE group_id = $1 AND kind = 'hospital' AND retired_at IS NULL AND ($2::uuid[] IS NULL OR organisation_id = ANY ($2))
ORDER BY id
"""

# --- how long stages take ------------------------------------------------------------------------------------------
# A stage that ended forwards: since when it was at it is in the trace.
OBSERVE = """
INSERT INTO stage_time (run_id, stage, organisation_id, group_id, composition_id, hour, seconds, at)
SELECT r.id, $2, r.organisation_id, r.group_id, $3, extract(hour FROM b.since AT TIME ZONE g.time_zone),
    extract(epoch FROM $4::timestamptz - b.since), $4
FROM run r JOIN cooperation_group g ON g.id = r.group_id CROSS JOIN LATERAL (
    SELECT (e.data->'row'->>'stage_since')::timestamptz AS since FROM trace_entry e
    WHERE e.subject_id = $1 AND e.subject_version < $5 AND e.data->'row' ? 'stage_since'
    ORDER BY e.subject_version DESC, e.seq DESC LIMIT 1) b
WHERE r.id = $1 AND b.since <= $4
ON CONFLICT DO NOTHING
"""
SPREAD = """
INSERT INTO stage_spread (composition_id, stage, hour, organisation_id, observations, p50_s, p90_s, made_at)
SELECT composition_id, stage, coalesce(hour, -1), organisation_id, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), $1
FROM stage_time WHERE at > $2
GROUP BY GROUPING SETS ((organisation_id, composition_id, stage, hour), (organisation_id, composition_id, stage))
HAVING count(*) >= $3
ON CONFLICT (composition_id, stage, hour) DO UPDATE SET observations = excluded.observations, p50_s = excluded.p50_s,
    p90_s = excluded.p90_s, made_at = excluded.made_at
"""
FORGET_SPREADS = "DELETE FROM stage_spread WHERE made_at < $1"
FORGET_TIMES = "DELETE FROM stage_time WHERE at < $1"
