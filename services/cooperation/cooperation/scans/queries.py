"""SQL of scans."""

# Those of others are not there to be locked: row-level security asks for writing.
LOCK_DEVICE = """
SELECT d.id, d.organisation_id, d.last_seq, d.clock_offset_ms, d.context,
       s.id AS station_id, s.organisation_id AS station_owner, s.kind, s.place_id, s.machine_id,
       g.id AS group_id, g.gs1_prefix, g.time_zone, g.parameters
FROM device d JOIN station s ON s.id = d.station_id JOIN cooperation_group g ON g.id = d.group_id
WHERE d.id = $1 AND d.station_id = $2 AND d.retired_at IS NULL AND s.retired_at IS NULL
FOR NO KEY UPDATE OF d
"""
DEVICE = "SELECT id, organisation_id, group_id FROM device WHERE id = $1 FOR NO KEY UPDATE"
ALARMED = "SELECT EXISTS (SELECT FROM issue WHERE subject_id = $1 AND kind = $2 AND state <> 'closed')"
# Scans of these numbers, and the last ones before: what counts once within two seconds.
KEPT = """
SELECT seq, id, code, scanned_at, outcome, result FROM scan
WHERE device_id = $1 AND (seq = ANY ($2::bigint[]) OR seq > $3) ORDER BY seq
"""
# The scans of a batch, given as JSON, and where the device stands after them.
KEEP = """
WITH moved AS (UPDATE device SET last_seq = $2, clock_offset_ms = $3, context = $4 WHERE id = $1)
INSERT INTO scan (device_id, seq, id, organisation_id, group_id, station_id, code, scanned_at, occurred_at, actor,
                  outcome, refused_for, subject_kind, subject_id, result, created_at)
SELECT $1, s.seq, s.id, $6, $7, $8, s.code, s.scanned_at, s.occurred_at, $9,
       s.outcome, s.refused_for, s.subject_kind, s.subject_id, s.result, $10
FROM jsonb_to_recordset($5) AS s (seq bigint, id uuid, code text, scanned_at timestamptz, occurred_at timestamptz,
    outcome text, refused_for text, subject_kind text, subject_id uuid, result jsonb)
"""

# $1: marks of sets, $2: labels of packs. The labelled runs themselves, and the live runs of all these sets.
_RUNS = """
SELECT r.* FROM run r WHERE r.id IN (
    SELECT b.id FROM run b WHERE b.label = ANY ($2::text[])
    UNION ALL SELECT l.id FROM instrument_set s JOIN run l ON l.set_id = s.id
    WHERE s.tag = ANY ($1::text[]) AND l.stage NOT IN ('used', 'aborted')
    UNION ALL SELECT l.id FROM run b JOIN run l ON l.set_id = b.set_id
    WHERE b.label = ANY ($2::text[]) AND l.stage NOT IN ('used', 'aborted'))
ORDER BY r.id
"""
RUNS = _RUNS
LOCK_RUNS = _RUNS + "FOR NO KEY UPDATE"
RUN = "SELECT * FROM run WHERE id = $1"
LIVE_OF_SET = "SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted')"
SETS = "SELECT * FROM instrument_set WHERE tag = ANY ($1::text[]) OR id = ANY ($2::uuid[])"
LOCK_SET = "SELECT * FROM instrument_set WHERE id = $1 FOR NO KEY UPDATE"
INSTRUMENTS = "SELECT * FROM instrument WHERE code = ANY ($1::text[])"
CRATES = "SELECT * FROM crate WHERE tag = ANY ($1::text[]) AND retired_at IS NULL"
FOREIGN = "SELECT mark FROM unnest($1::text[]) AS asked (mark) WHERE mark_exists(mark)"

LINES = """
SELECT l.id, l.quantity, l.mode, l.critical, m.id AS model_id, m.alias
FROM composition_line l JOIN instrument_model m ON m.id = l.model_id
WHERE l.version_id = $1 ORDER BY l.position
"""
MODELS = "SELECT model_id FROM composition_line WHERE version_id = $1"
# $2: whose places; null: all. Between two others it is theirs.
OPEN_HANDOVER = """
SELECT h.id, h.to_place_id, h.given_at FROM handover_crate c JOIN handover h ON h.id = c.handover_id
WHERE c.crate_id = $1 AND h.state = 'given' AND NOT c.taken AND ($2::uuid[] IS NULL OR EXISTS (
    SELECT FROM place p WHERE p.id IN (h.from_place_id, h.to_place_id) AND p.organisation_id = ANY ($2)))
ORDER BY h.given_at DESC LIMIT 1
"""

COLUMNS = """
    id, device_id, seq, station_id, code, scanned_at, occurred_at, outcome, refused_for, subject_kind, subject_id,
    result, settled_at, settled_by, settled_how, created_at
"""
# Identifiers are made in the order of time.
LIST = f"""
SELECT {COLUMNS} FROM scan
WHERE ($1::uuid IS NULL OR device_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""
TO_SETTLE = f"""
SELECT {COLUMNS} FROM scan
WHERE outcome IN ('refused', 'late') AND settled_at IS NULL
  AND ($1::uuid IS NULL OR device_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""
ONE = f"SELECT {COLUMNS}, organisation_id FROM scan WHERE id = $1"
LOCK = f"SELECT {COLUMNS}, organisation_id FROM scan WHERE id = $1 FOR NO KEY UPDATE"
SETTLE = "UPDATE scan SET settled_at = $2, settled_by = $3, settled_how = $4 WHERE id = $1"
