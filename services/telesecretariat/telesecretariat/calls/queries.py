"""SQL of what calls led to."""

PUT_APPOINTMENT = """
INSERT INTO call_appointment AS c
    (appointment_id, organisation_id, call_id, patient_id, status, starts_at, event_id, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (appointment_id) DO UPDATE SET status = excluded.status, starts_at = excluded.starts_at,
    event_id = excluded.event_id, version = excluded.version
WHERE c.version < excluded.version
"""
