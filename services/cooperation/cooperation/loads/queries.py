"""SQL of loads."""

LOAD = "SELECT * FROM load WHERE id = $1"
LOCK = "SELECT * FROM load WHERE id = $1 FOR NO KEY UPDATE"
LOCK_OPEN_OF_MACHINE = "SELECT * FROM load WHERE machine_id = $1 AND state = 'open' FOR NO KEY UPDATE"
OPEN_OF_MACHINE = "SELECT id FROM load WHERE machine_id = $1 AND state = 'open'"
PROGRAMME = "SELECT *, valid @> $2::timestamptz AND retired_at IS NULL AS in_force FROM programme WHERE id = $1"
CYCLE_TAKEN = "SELECT EXISTS (SELECT FROM load WHERE machine_id = $1 AND cycle_no = $2 AND id <> $3)"
# What is in a load now: not taken out again.
IN_LOAD = "SELECT * FROM load_run WHERE load_id = $1 AND removed_at IS NULL ORDER BY run_id"
SIZE = "SELECT load_size($1)"
# The load that a run is in and that is not decided.
ALIVE = "SELECT * FROM load_run WHERE run_id = $1 AND removed_at IS NULL AND NOT ended"
# Runs whose composition does not name this programme, or one of whose models does not bear it.
PROGRAMME_WRONG = """
SELECT r.id, CASE WHEN $2 = 'washing' THEN v.wash_programme ELSE v.programme END AS wanted
FROM run r JOIN composition_version v ON v.id = r.composition_version_id
WHERE r.id = ANY ($1::uuid[])
  AND ($3 <> CASE WHEN $2 = 'washing' THEN v.wash_programme ELSE v.programme END
    OR EXISTS (SELECT FROM composition_line l JOIN instrument_model m ON m.id = l.model_id
               WHERE l.version_id = v.id AND NOT $3 = ANY (m.programmes_allowed)))
LIMIT 1
"""
OVERDUE = "SELECT id FROM load WHERE state = 'running' AND ends_by < $1 ORDER BY ends_by LIMIT 100"
LOADS = """
SELECT * FROM load
WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR machine_id = $2)
  AND ($3::timestamptz IS NULL OR created_at >= $3) AND ($4::timestamptz IS NULL OR created_at < $4)
  AND ($5::uuid IS NULL OR id < $5)
ORDER BY id DESC LIMIT $6
"""

# The evidence.
RECORD = "SELECT * FROM cycle_record WHERE load_id = $1 AND accepted"
# The last reading of each kind. A failed one counts until a conform one was both read and told after it: neither a late
# telling nor an earlier time hides it.
CONTROLS = """
SELECT DISTINCT ON (c.kind) c.id, c.kind, c.result, c.read_by, c.read_at FROM control c WHERE c.load_id = $1
ORDER BY c.kind, c.result = 'failed' AND NOT EXISTS (
    SELECT FROM control o WHERE o.load_id = c.load_id AND o.kind = c.kind AND o.result = 'conform'
      AND o.read_at > c.read_at AND o.created_at > c.created_at
) DESC, c.read_at DESC, c.created_at DESC, c.id DESC
"""
CONTROLS_ALL = "SELECT * FROM control WHERE load_id = $1 ORDER BY read_at, id"
PROGRAMME_AT = "SELECT $2::timestamptz IS NOT NULL AND valid @> $2::timestamptz FROM programme WHERE id = $1"
OPEN_ISSUES = """
SELECT id FROM issue
WHERE state <> 'closed' AND (load_id = $1 OR subject_kind = 'load' AND subject_id = $1) ORDER BY id
"""
PACKS = """
SELECT l.run_id, l.intact, l.dry, l.clean, l.seen_at, r.packaging_id, r.stage
FROM load_run l JOIN run r ON r.id = l.run_id
WHERE l.load_id = $1 AND l.removed_at IS NULL ORDER BY l.run_id
"""
LOADERS = "SELECT DISTINCT added_by FROM load_run WHERE load_id = $1 AND removed_at IS NULL"
SIGNATORY = """
SELECT id FROM signatory
WHERE person_id = $1 AND $2 = ANY (machine_ids) AND valid @> $3::timestamptz AND retired_at IS NULL
ORDER BY id LIMIT 1
"""
DECISION = "SELECT * FROM decision WHERE load_id = $1"
ADD_DECISION = """
INSERT INTO decision (id, organisation_id, load_id, outcome, signatory_id, person_id, role, decided_at, proved_at,
                      reason, evidence, evidence_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $8)
"""
ADD_CONTROL = """
INSERT INTO control (id, organisation_id, load_id, kind, result, read_by, read_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
SHELF_DAYS = "SELECT id, shelf_days FROM packaging WHERE id = ANY ($1::uuid[])"

# The load file.
FILE_HEAD = """
SELECT m.name AS machine_name, m.kind AS machine_kind, p.code AS programme_code, p.no AS programme_no,
       p.name AS programme_name, p.kind AS programme_kind, p.temp_c, p.band_k, p.plateau_s, p.a0_min
FROM machine m, programme p WHERE m.id = $1 AND p.id = $2
"""
FILE_RUNS = """
SELECT l.run_id, r.organisation_id AS owner_id, r.set_id, s.name AS set_name, r.label, r.stage,
       r.sterile_on, r.expires_on, l.intact, l.dry, l.clean, l.seen_at, l.seen_by, l.added_by
FROM load_run l JOIN run r ON r.id = l.run_id JOIN instrument_set s ON s.id = r.set_id
WHERE l.load_id = $1 AND l.removed_at IS NULL ORDER BY s.name, l.run_id
"""
FILE_RECORDS = """
SELECT id, cycle_no, source, accepted, refused_for, encode(sha256, 'hex') AS sha256, began_at, ended_at, verdict,
       failings, figures, second_agrees, recorded_by, witness, created_at
FROM cycle_record WHERE load_id = $1 ORDER BY accepted DESC, created_at
"""
FILE_ISSUES = """
SELECT id, kind, severity, state, created_at FROM issue
WHERE load_id = $1 OR subject_kind = 'load' AND subject_id = $1 ORDER BY id
"""
