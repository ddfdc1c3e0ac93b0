"""SQL of the demonstration: what stands where, and what a day came to."""

AT_STAGE = """
SELECT r.id, r.set_id, r.organisation_id, r.stage_since, r.label, r.soak_from, r.soak_to, r.composition_version_id,
       s.tag, v.wash_programme, v.programme, v.packaging_ids, c.place_id
FROM run r JOIN instrument_set s ON s.id = r.set_id
JOIN composition_version v ON v.id = r.composition_version_id
LEFT JOIN custody c ON c.subject_id = r.set_id AND c.until IS NULL
WHERE r.stage = $1 AND ($2::uuid IS NULL OR r.organisation_id = $2)
ORDER BY r.stage_since, r.id
"""
SETS = "SELECT id, organisation_id, tag FROM instrument_set ORDER BY tag"
LINES = "SELECT id, quantity, mode, critical FROM composition_line WHERE version_id = $1 ORDER BY position"
INSTRUMENTS = """
SELECT i.code, l.id AS line_id FROM instrument i
JOIN composition_line l ON l.version_id = $2 AND l.model_id = i.model_id
WHERE i.set_id = $1 AND i.status = 'in_service' ORDER BY i.code
"""
PROGRAMMES = "SELECT id, code, kind, temp_c, plateau_s, a0_min, expected_min FROM programme ORDER BY code"
CRATES_AT = """
SELECT c.id, c.tag, c.load_state, c.seal,
    (SELECT count(*) FROM custody k WHERE k.place_id = c.id AND k.until IS NULL) AS held
FROM crate c JOIN custody here ON here.subject_id = c.id AND here.until IS NULL
WHERE here.place_id = $1 AND c.flow = 'sterilisation' ORDER BY c.tag
"""
TO_DECIDE = "SELECT id, kind FROM load WHERE state = 'to_decide' ORDER BY cycle_ended_at"
MEMBERSHIP = """
INSERT INTO membership_ref (membership_id, organisation_id, person_id, role, valid_from, sequence)
VALUES ($1, $2, $3, $4, $5, 1)
"""

# --- what the day came to -----------------------------------------------------------------------------------------
TURN_AROUND = """
SELECT count(*) AS released,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM released_at - began)) AS p50_s,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM released_at - began)) AS p90_s
FROM (SELECT r.released_at, (SELECT min(e.occurred_at) FROM trace_entry e WHERE e.subject_id = r.id) AS began
      FROM run r WHERE r.released_at IS NOT NULL) t
"""
STAGES = """
SELECT stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS p50,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) AS p90
FROM (SELECT data->'row'->>'stage' AS after, lag(data->'row'->>'stage') OVER w AS stage,
             extract(epoch FROM occurred_at - lag(occurred_at) OVER w) / 60 AS minutes
      FROM trace_entry WHERE subject_kind = 'run' AND data->'row' ? 'stage'
      WINDOW w AS (PARTITION BY subject_id ORDER BY seq)) t
WHERE stage IS NOT NULL AND stage NOT IN ('released') GROUP BY stage
"""
COUNTS = """
SELECT (SELECT count(*) FROM run WHERE stage = 'used') AS used,
    (SELECT count(*) FROM run WHERE stage = 'aborted') AS aborted,
    (SELECT coalesce(sum(washes), 0) FROM run) AS washes,
    (SELECT coalesce(sum(rewash_count), 0) FROM run) AS rewashes,
    (SELECT count(*) FROM load WHERE state = 'released' AND kind = 'washing') AS washed,
    (SELECT count(*) FROM load WHERE state = 'rejected' AND kind = 'washing') AS washes_refused,
    (SELECT count(*) FROM load WHERE state = 'released' AND kind <> 'washing') AS released,
    (SELECT count(*) FROM load WHERE state = 'rejected' AND kind <> 'washing') AS rejected,
    (SELECT count(*) FROM handover WHERE state = 'taken') AS handovers,
    (SELECT count(*) FROM issue) AS issues,
    (SELECT count(*) FROM scan) AS scans,
    (SELECT count(*) FROM trace_entry) AS entries
"""
ISSUES = "SELECT kind, count(*) AS n FROM issue GROUP BY kind ORDER BY n DESC, kind"
