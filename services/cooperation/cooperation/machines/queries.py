"""SQL of machines."""

LOCK = "SELECT * FROM machine WHERE id = $1 FOR NO KEY UPDATE"
MACHINE = "SELECT * FROM machine WHERE id = $1"
# Of the caller's own group: a member reads which machines there are, not their tests.
MACHINES = """
SELECT * FROM machine
WHERE retired_at IS NULL AND (kit_all() OR organisation_id = ANY (kit_orgs())) AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT $2
"""
RUNNING = "SELECT EXISTS (SELECT FROM load WHERE machine_id = $1 AND state = 'running')"
# The last of each kind on that local day, those before $3 left out.
TESTS_OF_DAY = """
SELECT DISTINCT ON (kind) id, kind, result, tested_at FROM machine_test
WHERE machine_id = $1 AND local_day = $2 AND ($3::timestamptz IS NULL OR tested_at >= $3)
ORDER BY kind, tested_at DESC, id DESC
"""
FAILURES_OF_DAY = """
SELECT count(*) FROM machine_test WHERE machine_id = $1 AND local_day = $2 AND kind = $3 AND result = 'failed'
"""
ADD_TEST = """
INSERT INTO machine_test (id, organisation_id, machine_id, kind, local_day, result, tested_at, recorded_by,
                          after_service, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
SAME_TEST = """
SELECT id, machine_id, kind, local_day, result, tested_at, recorded_by, after_service FROM machine_test
WHERE machine_id = $1 AND local_day = $2 AND kind = $3 AND tested_at = $4 AND result = $5
"""
TESTS = """
SELECT id, machine_id, kind, local_day, result, tested_at, recorded_by, after_service FROM machine_test
WHERE machine_id = $1 AND ($2::date IS NULL OR local_day = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""
