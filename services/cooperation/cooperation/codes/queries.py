"""SQL of codes."""

SET = "SELECT * FROM instrument_set WHERE tag = $1"
RUN = "SELECT * FROM run WHERE label = $1"
LIVE = "SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted')"
# A crate is the group's; a place is known by the code on its wall.
OTHER = """
SELECT 'instrument' AS kind, id, organisation_id FROM instrument WHERE code = $1
UNION ALL SELECT 'crate', id, organisation_id FROM crate WHERE tag = $1 AND retired_at IS NULL
UNION ALL SELECT 'place', id, organisation_id FROM place WHERE code = $2 AND retired_at IS NULL
LIMIT 1
"""
