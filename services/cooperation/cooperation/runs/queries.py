"""SQL of runs."""

LOCK = "SELECT * FROM run WHERE id = $1 FOR NO KEY UPDATE"
LOCK_ALL = "SELECT * FROM run WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_LIVE_OF_SET = """
SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted') FOR NO KEY UPDATE
"""
LOCK_OF_LABEL = "SELECT * FROM run WHERE label = $1 FOR NO KEY UPDATE"
LAST_OF_SET = "SELECT * FROM run WHERE set_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
COMPOSITIONS_OF = "SELECT id, composition_id FROM composition_version WHERE id = ANY ($1::uuid[])"
LABEL_SERIAL = "SELECT nextval('run_label_serial')"
SET = "SELECT * FROM instrument_set WHERE id = $1"
SET_OF_TAG = "SELECT * FROM instrument_set WHERE tag = $1"
PACKAGINGS_LISTED = """
SELECT p.id, p.sealed FROM composition_version v JOIN packaging p ON p.id = ANY (v.packaging_ids)
WHERE v.id = $1 AND p.retired_at IS NULL ORDER BY p.id
"""
THEATRES_OF_SITE = """
SELECT id FROM place WHERE site_id = $1 AND kind = 'theatre' AND retired_at IS NULL ORDER BY id LIMIT 2
"""
SITE_OF_PLACE = "SELECT site_id FROM place WHERE id = $1"
# The last seal test of the local day counts.
SEALER_TESTED = """
SELECT t.result = 'conform' FROM machine_test t JOIN machine m ON m.id = t.machine_id
WHERE t.machine_id = $1 AND t.kind = 'seal' AND t.local_day = $2 AND m.kind = 'sealer' AND m.state = 'in_service'
ORDER BY t.tested_at DESC, t.id DESC LIMIT 1
"""
