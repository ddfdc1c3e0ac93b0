"""SQL of custody."""

LOCK_NOW = "SELECT * FROM custody WHERE subject_id = $1 AND until IS NULL FOR NO KEY UPDATE"
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
