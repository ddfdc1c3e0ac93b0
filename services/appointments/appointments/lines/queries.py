"""SQL of what the telephone and the duty say of themselves."""

# A line of an organisation that has no appointments here is nobody's; what was said earlier changes nothing.
KEEP_LINE = """
INSERT INTO phone_line AS l (line_id, organisation_id, open, until, next_opening, sequence)
SELECT $1, o.id, $3, $4, $5, $6 FROM organisation o WHERE o.id = $2
ON CONFLICT (line_id) DO UPDATE
SET open = excluded.open, until = excluded.until, next_opening = excluded.next_opening, sequence = excluded.sequence
WHERE l.sequence < excluded.sequence
"""
KEEP_DUTY_NUMBER = """
INSERT INTO duty_number AS d (scheme_id, patient_number, effective_from, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (scheme_id) DO UPDATE
SET patient_number = excluded.patient_number, effective_from = excluded.effective_from, version = excluded.version
WHERE d.version < excluded.version
"""
LINES = "SELECT open, until, next_opening FROM phone_line WHERE organisation_id = $1"
DUTY_NUMBERS = """
SELECT patient_number, effective_from FROM duty_number
WHERE effective_from > $1 OR scheme_id = (
    SELECT scheme_id FROM duty_number WHERE effective_from <= $1 ORDER BY effective_from DESC, scheme_id DESC LIMIT 1)
ORDER BY effective_from, scheme_id
"""
