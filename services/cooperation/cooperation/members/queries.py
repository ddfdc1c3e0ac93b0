"""SQL of the group and its members."""

GROUP = "SELECT id, gs1_prefix, time_zone, parameters FROM cooperation_group WHERE id = $1"
OWN_GROUP = """
SELECT id FROM cooperation_group WHERE id = $1
UNION ALL SELECT group_id FROM member WHERE id = $1 LIMIT 1
"""
