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
SITE_OF_PLACE = "SELECT site_id FROM place WHERE id = $1"
LINES_TO_COUNT = """
SELECT l.id, l.model_id, l.quantity, l.mode, l.critical, m.single_use
FROM composition_line l JOIN instrument_model m ON m.id = l.model_id WHERE l.version_id = $1 ORDER BY l.position
"""
LOCK_INSTRUMENTS = "SELECT * FROM instrument WHERE code = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_CONTENT = "SELECT * FROM run_content WHERE run_id = $1 ORDER BY id FOR NO KEY UPDATE"
# The least worn first; what is held is proposed to nobody.
SUBSTITUTES = """
SELECT i.id, i.code, i.model_id FROM instrument i
WHERE i.model_id = ANY ($1::uuid[]) AND i.organisation_id = $2 AND i.set_id IS NULL AND i.status = 'in_service'
  AND NOT EXISTS (SELECT FROM hold_subject h WHERE h.subject_id = i.id AND h.active)
ORDER BY i.runs_count, i.id LIMIT 50
"""
_RUNS = """
SELECT r.*, r.organisation_id AS owner_id, s.name AS set_name, s.tag, c.id AS composition_id,
       c.code AS composition_code, v.no AS composition_no, p.id AS place_id, p.kind AS place_kind, p.name AS place_name
FROM run r JOIN instrument_set s ON s.id = r.set_id
JOIN composition_version v ON v.id = r.composition_version_id JOIN composition c ON c.id = v.composition_id
LEFT JOIN custody h ON h.subject_id = r.set_id AND h.until IS NULL LEFT JOIN place p ON p.id = h.place_id
"""
RUN = f"{_RUNS} WHERE r.id = $1"
LIST = f"""{_RUNS}
WHERE ($1::text IS NULL OR r.stage = $1) AND ($2::uuid IS NULL OR r.set_id = $2)
  AND ($3::uuid[] IS NULL OR h.place_id = ANY ($3) AND r.stage NOT IN ('used', 'aborted'))
  AND ($4::uuid IS NULL OR r.id < $4)
ORDER BY r.id DESC LIMIT $5
"""
# The place, and the crates that stand in it, or in a compartment of it.
INSIDE = """
WITH RECURSIVE inside AS (
    SELECT $1::uuid AS id, 0 AS depth
    UNION ALL
    SELECT c.subject_id, inside.depth + 1 FROM inside JOIN custody c ON c.place_id = inside.id AND c.until IS NULL
    WHERE c.subject_kind = 'crate' AND inside.depth < 4
)
SELECT array_agg(id) FROM inside
"""
SITE_KIND = "SELECT s.kind FROM place p JOIN site s ON s.id = p.site_id WHERE p.id = $1"

# The file of a run.
FILE_LINES = """
SELECT l.id AS line_id, l.position, l.model_id, m.alias AS model, l.quantity, l.mode, l.critical, m.single_use
FROM composition_line l JOIN instrument_model m ON m.id = l.model_id WHERE l.version_id = $1 ORDER BY l.position
"""
FILE_CONTENT = """
SELECT c.line_id, c.counted, c.used, c.instrument_id, i.code FROM run_content c
LEFT JOIN instrument i ON i.id = c.instrument_id WHERE c.run_id = $1 AND c.counted > 0 ORDER BY c.line_id, i.code
"""
FILE_LOADS = """
SELECT i.id AS load_run_id, l.id AS load_id, l.kind, l.state, l.machine_id, m.name AS machine_name, l.programme_id,
       p.code AS programme_code, p.no AS programme_no, p.name AS programme_name, p.temp_c, p.plateau_s, p.a0_min,
       l.cycle_no, l.started_at, l.started_by, l.cycle_ended_at, l.tests_at_start, i.added_by, i.removed_at, i.clean,
       i.intact, i.dry, i.seen_at, i.seen_by
FROM load_run i JOIN load l ON l.id = i.load_id JOIN machine m ON m.id = l.machine_id
JOIN programme p ON p.id = l.programme_id
WHERE i.run_id = $1 ORDER BY i.id
"""
FILE_RECORDS = """
SELECT load_id, id, cycle_no, source, accepted, refused_for, encode(sha256, 'hex') AS sha256, began_at, ended_at,
       verdict, failings, figures, second_agrees, recorded_by, witness, created_at
FROM cycle_record WHERE load_id = ANY ($1::uuid[]) ORDER BY accepted DESC, created_at
"""
FILE_CONTROLS = "SELECT * FROM control WHERE load_id = ANY ($1::uuid[]) ORDER BY read_at, id"
FILE_DECISIONS = """
SELECT d.*, s.document_ref FROM decision d LEFT JOIN signatory s ON s.id = d.signatory_id
WHERE d.load_id = ANY ($1::uuid[])
"""
FILE_USE = "SELECT * FROM use WHERE run_id = $1"
FILE_ISSUES = """
SELECT id, kind, severity, state, created_at FROM issue
WHERE subject_id = ANY ($1::uuid[]) OR load_id = ANY ($2::uuid[]) ORDER BY id
"""
FILE_RECALLS = """
SELECT recall_id, id AS line_id, state, ended, ended_at FROM recall_line WHERE subject_id = $1 ORDER BY id
"""
FILE_DEVICES = """
SELECT d.id AS device_id, s.kind AS station, p.id AS place_id, p.name AS place_name
FROM device d JOIN station s ON s.id = d.station_id JOIN place p ON p.id = s.place_id WHERE d.id = ANY ($1::uuid[])
"""
# With its crates and their vehicles, each as long as the set was in it.
FILE_STAYS = """
WITH RECURSIVE trail AS (
    SELECT c.place_id, c.since, c.until, c.handover_id, 0 AS depth FROM custody c
    WHERE c.subject_id = $1 AND (c.until IS NULL OR c.until > $2 OR c.since >= $2)
      AND ($3::timestamptz IS NULL OR c.since <= $3)
    UNION ALL
    SELECT c.place_id, greatest(c.since, t.since), least(c.until, t.until), c.handover_id, t.depth + 1
    FROM trail t JOIN custody c ON c.subject_id = t.place_id
      AND tstzrange(c.since, c.until) && tstzrange(t.since, t.until)
    WHERE t.depth < 3
)
SELECT t.*, p.name AS place_name, p.kind AS place_kind, p.site_id, s.name AS site_name,
       h.given_by, h.given_at, h.taken_by, h.taken_at
FROM trail t JOIN place p ON p.id = t.place_id LEFT JOIN site s ON s.id = p.site_id
LEFT JOIN handover h ON h.id = t.handover_id
ORDER BY t.since, t.depth, t.until NULLS LAST
"""

# The file of a set.
SET_FILE = """
SELECT s.*, s.organisation_id AS owner_id, c.code AS composition_code, c.name AS composition_name,
       v.no AS composition_no
FROM instrument_set s JOIN composition c ON c.id = s.composition_id
JOIN composition_version v ON v.id = s.composition_version_id WHERE s.id = $1
"""
SET_RUNS = """
SELECT r.*, l.cycle_no, d.outcome, u.operation_ref, u.used_at
FROM run r LEFT JOIN load l ON l.id = r.load_id LEFT JOIN decision d ON d.load_id = r.load_id
LEFT JOIN use u ON u.run_id = r.id
WHERE r.set_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 200
"""
SET_INSTRUMENTS = """
SELECT i.id, i.code, i.model_id, m.alias AS model, i.status, i.runs_count
FROM instrument i JOIN instrument_model m ON m.id = i.model_id WHERE i.set_id = $1 ORDER BY m.alias, i.code
"""

# Timed alarms: runs that have none of the kind yet.
GROUPS = "SELECT id FROM cooperation_group ORDER BY id"
# $3: the limit; $4: whether soaking goes on on the road. If not, the clock is not looked at while the set rides.
SOAKED_TOO_LONG = """
SELECT r.id FROM run r
WHERE r.group_id = $1 AND r.stage IN ('returning', 'received') AND coalesce(r.soak_to, $2) - r.soak_from > $3::interval
  AND ($4 OR r.soak_to IS NOT NULL OR NOT EXISTS (
    SELECT FROM custody c JOIN custody v ON v.subject_id = c.place_id AND v.until IS NULL
    JOIN place p ON p.id = v.place_id AND p.kind = 'compartment' WHERE c.subject_id = r.set_id AND c.until IS NULL))
  AND NOT EXISTS (SELECT FROM issue i WHERE i.subject_id = r.id AND i.kind = 'soak_too_long')
ORDER BY r.id LIMIT 500
"""
NOT_BACK = """
SELECT r.id FROM run r JOIN use u ON u.run_id = r.opened_from
WHERE r.group_id = $1 AND r.stage = 'returning' AND u.used_at < $2
  AND NOT EXISTS (SELECT FROM issue i WHERE i.subject_id = r.id AND i.kind = 'set_not_back')
ORDER BY r.id LIMIT 500
"""
HAS_ISSUE = "SELECT EXISTS (SELECT FROM issue WHERE subject_id = $1 AND kind = $2)"
