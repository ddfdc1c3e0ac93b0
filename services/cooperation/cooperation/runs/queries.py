"""SQL of runs."""

LOCK = "SELECT * FROM run WHERE id = $1 FOR NO KEY UPDATE"
LOCK_ALL = "SELECT * FROM run WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_LIVE_OF_SET = """
SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted') FOR NO KEY UPDATE
"""
LOCK_OF_LABEL = "SELECT * FROM run WHERE label = $1 FOR NO KEY UPDATE"
LAST_OF_SET = "SELECT * FROM run WHERE set_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
COMPOSITION_OF = "SELECT composition_id FROM composition_version WHERE id = $1"
LABEL_SERIAL = "SELECT nextval('run_label_serial')"
