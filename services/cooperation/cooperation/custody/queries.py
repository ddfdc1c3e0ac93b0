"""SQL of custody."""

LOCK_NOW = "SELECT * FROM custody WHERE subject_id = $1 AND until IS NULL FOR NO KEY UPDATE"
LOCK_ALL_NOW = """
SELECT * FROM custody WHERE subject_id = ANY ($1::uuid[]) AND until IS NULL ORDER BY subject_id FOR NO KEY UPDATE
"""
PLACES = "SELECT id, kind, site_id FROM place WHERE id = ANY ($1::uuid[])"
# Through the crate that it is in, and the compartment that the crate is in: from the inside out.
WHERE = """
WITH RECURSIVE chain AS (
    SELECT c.place_id, 0 AS depth FROM custody c WHERE c.subject_id = $1 AND c.until IS NULL
    UNION ALL
    SELECT c.place_id, chain.depth + 1 FROM chain JOIN custody c ON c.subject_id = chain.place_id AND c.until IS NULL
    WHERE chain.depth < 4
)
SELECT p.id, p.kind, p.site_id, p.name, p.cleanliness, p.locked, chain.depth
FROM chain JOIN place p ON p.id = chain.place_id
ORDER BY chain.depth
"""
IN_PLACE = "SELECT * FROM custody WHERE place_id = $1 AND until IS NULL ORDER BY subject_id FOR NO KEY UPDATE"

# A crate, a set and an instrument by their mark; a parcel has none.
_NAMED = """
    coalesce(s.tag, c.tag, i.code) AS code
"""
_NAMES = """
LEFT JOIN instrument_set s ON y.subject_kind = 'set' AND s.id = y.subject_id
LEFT JOIN crate c ON y.subject_kind = 'crate' AND c.id = y.subject_id
LEFT JOIN instrument i ON y.subject_kind = 'instrument' AND i.id = y.subject_id
"""
STAYS = f"""
SELECT y.id, y.subject_kind, y.subject_id, y.place_id, p.kind AS place_kind, p.name AS place_name, y.since, y.until,
       y.handover_id, '{{}}'::uuid[] AS through, {_NAMED}
FROM custody y JOIN place p ON p.id = y.place_id {_NAMES}
WHERE y.subject_id = $1 AND ($2::timestamptz IS NULL OR (y.since, y.id) < ($2, $3::uuid))
ORDER BY y.since DESC, y.id DESC LIMIT $4
"""
# Down through the compartments and crates that are in the place.
CONTENT = f"""
WITH RECURSIVE inside AS (
    SELECT y.*, '{{}}'::uuid[] AS through FROM custody y WHERE y.place_id = $1 AND y.until IS NULL
    UNION ALL
    SELECT y.*, inside.through || inside.subject_id
    FROM inside JOIN custody y ON y.place_id = inside.subject_id AND y.until IS NULL
    WHERE inside.subject_kind = 'crate' AND cardinality(inside.through) < 4
)
SELECT y.id, y.subject_kind, y.subject_id, y.place_id, p.kind AS place_kind, p.name AS place_name, y.since, y.until,
       y.handover_id, y.through, {_NAMED}
FROM inside y JOIN place p ON p.id = y.place_id {_NAMES}
WHERE $2::uuid IS NULL OR y.id > $2
ORDER BY y.id LIMIT $3
"""
PLACE = "SELECT id FROM place WHERE id = $1"
