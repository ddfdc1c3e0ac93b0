"""SQL of blocks."""

# $1: runs, $2: sets or instruments or order lines that are looked at themselves. A recalled pack that is secured, or
# was not found and turns up, is as bad as before: only an unfounded recall frees it (`cleared`). Last, what is held of
# a set's instruments (few: looked at before anything is counted).
BLOCKS = """
SELECT l.subject_id, 'recall' AS kind, 'RECALLED' AS code, l.recall_id AS cause_id
FROM recall_line l WHERE l.subject_id = ANY ($1::uuid[] || $2::uuid[])
    AND (l.ended IS NULL OR l.ended IN ('secured', 'written_off'))
UNION ALL
SELECT h.subject_id, o.kind, 'ON_HOLD', h.hold_id
FROM hold_subject h JOIN hold o ON o.id = h.hold_id
WHERE h.subject_id = ANY ($1::uuid[] || $2::uuid[]) AND h.active
UNION ALL
SELECT r.id, o.kind, 'ON_HOLD', h.hold_id
FROM run r JOIN hold_subject h ON h.subject_id = r.set_id AND h.active JOIN hold o ON o.id = h.hold_id
WHERE r.id = ANY ($1::uuid[]) AND r.stage NOT IN ('used', 'aborted')
UNION ALL
SELECT r.id, o.kind, 'ON_HOLD', h.hold_id
FROM run r JOIN run_content c ON c.run_id = r.id
JOIN hold_subject h ON h.subject_id = c.instrument_id AND h.active JOIN hold o ON o.id = h.hold_id
WHERE r.id = ANY ($1::uuid[]) AND r.stage NOT IN ('used', 'aborted')
UNION ALL
SELECT n.id, o.kind, 'ON_HOLD', n.hold_id
FROM (
    SELECT r.id, r.stage, i.model_id, i.status, h.hold_id
    FROM run r JOIN instrument i ON i.set_id = r.set_id JOIN hold_subject h ON h.subject_id = i.id AND h.active
    WHERE r.id = ANY ($1::uuid[]) AND r.stage NOT IN ('used', 'aborted') OFFSET 0
) n JOIN hold o ON o.id = n.hold_id
WHERE n.stage NOT IN ('packed', 'sterilising', 'released') OR may_hold(n.id, n.model_id, n.status)
"""
AWAITED = "SELECT recall_id FROM recall_line WHERE subject_id = ANY ($1::uuid[]) AND ended IS NULL LIMIT 1"
# What must not be used, by name. A hold on a set or an instrument blocks the pack that it is in as well. `since`: also
# when its pack came to its stage, for what was recalled in process is told again once it has a label.
_BLOCKED = """
WITH held AS (
    SELECT h.subject_id, h.subject_kind, h.hold_id, h.created_at, o.kind
    FROM hold_subject h JOIN hold o ON o.id = h.hold_id WHERE h.active
), found AS (
    SELECT 'run' AS kind, r.id, r.label, 'RECALLED' AS code, 'recall' AS reason, l.recall_id AS cause_id,
           greatest(l.created_at, r.stage_since) AS since
    FROM recall_line l JOIN run r ON r.id = l.subject_id
    WHERE (l.ended IS NULL OR l.ended IN ('secured', 'written_off')) AND r.label IS NOT NULL
        AND r.stage NOT IN ('used', 'aborted')
    UNION ALL
    SELECT 'run', r.id, r.label, 'ON_HOLD', h.kind, h.hold_id, greatest(h.created_at, r.stage_since)
    FROM held h JOIN run r ON r.id = h.subject_id OR r.set_id = h.subject_id
    WHERE r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted')
    UNION ALL
    SELECT 'run', r.id, r.label, 'ON_HOLD', h.kind, h.hold_id, greatest(h.created_at, r.stage_since)
    FROM held h JOIN run_content c ON c.instrument_id = h.subject_id JOIN run r ON r.id = c.run_id
    WHERE h.subject_kind = 'instrument' AND r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted')
    UNION ALL
    SELECT 'run', r.id, r.label, 'ON_HOLD', h.kind, h.hold_id, greatest(h.created_at, r.stage_since)
    FROM held h JOIN instrument i ON i.id = h.subject_id JOIN run r ON r.set_id = i.set_id
    WHERE r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted') AND may_hold(r.id, i.model_id, i.status)
    UNION ALL
    SELECT 'run', r.id, r.label, 'EXPIRED', 'expired', NULL,
           (r.expires_on + 1)::timestamp AT TIME ZONE g.time_zone
    FROM run r JOIN cooperation_group g ON g.id = r.group_id WHERE r.stage = 'released' AND r.expires_on < $2
    UNION ALL
    SELECT 'set', s.id, NULL, 'ON_HOLD', h.kind, h.hold_id, h.created_at
    FROM held h JOIN instrument_set s ON s.id = h.subject_id
    UNION ALL
    SELECT 'instrument', i.id, NULL, 'ON_HOLD', h.kind, h.hold_id, h.created_at
    FROM held h JOIN instrument i ON i.id = h.subject_id
)
SELECT DISTINCT f.kind, f.id, f.label, f.code, f.reason, f.cause_id, f.since,
       coalesce('https://id.gs1.org/00/' || f.label, s.tag, i.code) AS uri
FROM found f LEFT JOIN instrument_set s ON f.kind = 'set' AND s.id = f.id
     LEFT JOIN instrument i ON f.kind = 'instrument' AND i.id = f.id
"""
BLOCKED = _BLOCKED + "WHERE $1::timestamptz IS NULL OR f.since >= $1 ORDER BY f.since, f.id, f.code"
# Names of what a recall or a hold let go since then, whatever else may block it.
LIFTED = """
WITH ended AS (
    SELECT l.subject_id FROM recall_line l WHERE l.ended_at >= $1 AND l.ended = 'cleared'
    UNION SELECT h.subject_id FROM hold_subject h JOIN hold o ON o.id = h.hold_id
    WHERE o.ended_at >= $1 AND NOT h.active
)
SELECT 'https://id.gs1.org/00/' || r.label AS uri, r.id
FROM ended e JOIN run r ON r.id = e.subject_id OR r.set_id = e.subject_id
WHERE r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted')
UNION SELECT s.tag, s.id FROM ended e JOIN instrument_set s ON s.id = e.subject_id
UNION SELECT i.code, i.id FROM ended e JOIN instrument i ON i.id = e.subject_id
UNION SELECT 'https://id.gs1.org/00/' || r.label, r.id
FROM ended e JOIN run_content c ON c.instrument_id = e.subject_id JOIN run r ON r.id = c.run_id
WHERE r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted')
UNION SELECT 'https://id.gs1.org/00/' || r.label, r.id
FROM ended e JOIN instrument i ON i.id = e.subject_id JOIN run r ON r.set_id = i.set_id
WHERE r.label IS NOT NULL AND r.stage NOT IN ('used', 'aborted')
"""
