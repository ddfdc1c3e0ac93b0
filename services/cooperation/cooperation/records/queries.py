"""SQL of cycle records."""

# The load that waits for this cycle of this machine: the one with its number, else the running one without a number.
LOAD_OF_CYCLE = """
SELECT id FROM load WHERE machine_id = $1 AND (cycle_no = $2 OR cycle_no IS NULL AND state = 'running')
ORDER BY cycle_no NULLS LAST LIMIT 1
"""
CYCLE_TAKEN = "SELECT EXISTS (SELECT FROM load WHERE machine_id = $1 AND cycle_no = $2 AND id <> $3)"
COUNTS = "SELECT id FROM cycle_record WHERE load_id = $1 AND accepted"
PROGRAMME = "SELECT * FROM programme WHERE id = $1"
ADD = """
INSERT INTO cycle_record (id, organisation_id, load_id, machine_id, cycle_no, source, accepted, refused_for, curve,
                          sha256, layout, began_at, ended_at, verdict, failings, figures, second_agrees, recorded_by,
                          witness, created_at)
VALUES ($1, $2, $3, $4, $5, $6, true, NULL, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""
# Once for each refusal of the same bytes: a connector that tries again for ever fills nothing.
KEEP_REFUSED = """
INSERT INTO cycle_record (id, organisation_id, load_id, machine_id, cycle_no, source, accepted, refused_for, curve,
                          sha256, layout, recorded_by, witness, created_at)
SELECT $1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11, $12, $13
WHERE NOT EXISTS (SELECT FROM cycle_record WHERE sha256 = $9 AND machine_id = $4 AND refused_for = $7
                  AND load_id IS NOT DISTINCT FROM $3)
RETURNING id
"""
RECORD = "SELECT *, encode(sha256, 'hex') AS sha256_hex FROM cycle_record WHERE load_id = $1 AND accepted"
AT_PROVIDER = "SELECT s.kind = 'provider' FROM machine m JOIN site s ON s.id = m.site_id WHERE m.id = $1"
