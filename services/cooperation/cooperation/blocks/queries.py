"""SQL of blocks."""

# $1: runs, $2: sets or instruments or order lines that are looked at themselves.
BLOCKS = """
SELECT l.subject_id, 'recall' AS kind, 'RECALLED' AS code, l.recall_id AS cause_id
FROM recall_line l WHERE l.subject_id = ANY ($1::uuid[] || $2::uuid[]) AND l.ended IS NULL
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
SELECT r.id, o.kind, 'ON_HOLD', h.hold_id
FROM run r JOIN instrument i ON i.set_id = r.set_id
JOIN hold_subject h ON h.subject_id = i.id AND h.active JOIN hold o ON o.id = h.hold_id
WHERE r.id = ANY ($1::uuid[]) AND r.stage NOT IN ('used', 'aborted', 'packed', 'sterilising', 'released')
"""
