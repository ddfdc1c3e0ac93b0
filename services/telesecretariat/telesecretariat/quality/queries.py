"""SQL of grids and reviews. An agent sees what was shared of her own calls by the policy of the table."""

GRIDS = "SELECT * FROM quality_grid WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"
GRID = "SELECT * FROM quality_grid WHERE id = $1"
# One new grid of an organisation after another, also when there is none yet that could be locked.
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('quality_grid ' || $1::uuid, 0))"
RETIRE = """
UPDATE quality_grid SET state = 'retired', version = version + 1 WHERE organisation_id = $1 AND state = 'active'
"""
ADD_GRID = """
INSERT INTO quality_grid (id, organisation_id, name, criteria, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *
"""
# Locked: draws of one organisation follow each other, so that no agent is drawn twice over.
ACTIVE = """
SELECT * FROM quality_grid WHERE state = 'active' AND ($1::uuid IS NULL OR organisation_id = $1)
ORDER BY id FOR NO KEY UPDATE
"""
# The order of an agent's calls is that of a hash of seed and call: it does not depend on what else there is.
DRAWN = """
WITH done AS (
    SELECT agent_id, count(*) AS many FROM quality_review WHERE month = $1 GROUP BY agent_id
), candidate AS (
    SELECT c.id, c.organisation_id, c.client_id, c.agent_id, row_number() OVER (
        PARTITION BY c.agent_id ORDER BY sha256(convert_to($2::text || '/' || c.id::text, 'UTF8'))) AS place
    FROM line l JOIN call c ON c.line_id = l.id JOIN agent a ON a.id = c.agent_id
    WHERE a.organisation_id = $3 AND c.state = 'completed' AND c.answered_at IS NOT NULL
        AND c.arrived_at >= $1::date::timestamp AT TIME ZONE l.time_zone
        AND c.arrived_at < ($1::date + interval '1 month') AT TIME ZONE l.time_zone
        AND NOT EXISTS (SELECT FROM quality_review r WHERE r.call_id = c.id)
)
SELECT c.* FROM candidate c LEFT JOIN done d USING (agent_id)
WHERE c.place <= $4 - coalesce(d.many, 0) ORDER BY c.agent_id, c.place
"""
ADD_REVIEW = """
INSERT INTO quality_review (id, organisation_id, client_id, grid_id, call_id, agent_id, month, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
REVIEWS = """
SELECT * FROM quality_review
WHERE ($1::date IS NULL OR month = $1) AND ($2::uuid IS NULL OR agent_id = $2)
    AND ($3::uuid IS NULL OR client_id = $3) AND ($4::text IS NULL OR state = $4) AND ($5::uuid IS NULL OR id > $5)
ORDER BY id LIMIT $6
"""
REVIEW = "SELECT * FROM quality_review WHERE id = $1"
LOCK = "SELECT * FROM quality_review WHERE id = $1 FOR NO KEY UPDATE"
SCORE = """
UPDATE quality_review SET state = 'scored', scores = $2, total = $3, comment_sealed = $4, reviewer_id = $5,
    version = version + 1
WHERE id = $1 RETURNING *
"""
SHARE = "UPDATE quality_review SET state = 'shared', shared_at = $2, version = version + 1 WHERE id = $1 RETURNING *"
COMMENT = """
UPDATE quality_review SET state = 'commented', agent_comment_sealed = $2, version = version + 1
WHERE id = $1 RETURNING *
"""
FINISH = "UPDATE quality_review SET state = 'final', version = version + 1 WHERE id = $1 RETURNING *"
