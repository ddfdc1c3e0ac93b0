"""SQL of continuity plans."""

PLACE = "SELECT id, kind, group_id FROM place WHERE id = $1 AND retired_at IS NULL"
ACTIVE_FOR = "SELECT * FROM continuity_plan WHERE provider_place = $1 AND state = 'active'"
ACTIVE = "SELECT id FROM continuity_plan WHERE group_id = $1 AND state = 'active'"
# Two at once: the second waits here for the first.
LOCK_GROUP = "SELECT id FROM cooperation_group WHERE id = $1 FOR NO KEY UPDATE"
LOCK = "SELECT * FROM continuity_plan WHERE id = $1 FOR NO KEY UPDATE"
ONE = "SELECT * FROM continuity_plan WHERE id = $1"
LIST = """
SELECT * FROM continuity_plan
WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
