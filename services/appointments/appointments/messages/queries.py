"""SQL of messages."""

# Drops what was planned for an earlier state, and plans what is now to be said: one message per channel, to the contact
# that fits best. Rank: the contact just proved, the requester's, the patient's proved and other contacts, those of
# relations who may receive. A landline is called only when there is nothing else.
# $1 appointment, $2 version, $3 kind, $4 organisation, $5 patient, $6 language, $7 now,
# $8-$10 kinds, values and ranks of contacts that are not in the base, $11 the requester when he is a patient.
PLAN = """
WITH dropped AS (
    UPDATE message SET state = 'dropped' WHERE appointment_id = $1 AND state = 'planned' AND version < $2
), given AS (
    SELECT * FROM unnest($8::text[], $9::text[], $10::int[]) AS g (kind, value, rank)
), reached AS (
    SELECT kind, value, rank FROM given
    UNION ALL
    SELECT c.kind, c.value, CASE WHEN c.verified_at IS NULL THEN 3 ELSE 2 END FROM contact c WHERE c.patient_id = $5
    UNION ALL
    SELECT c.kind, c.value, 1 FROM contact c WHERE c.patient_id = $11
    UNION ALL
    SELECT c.kind, c.value, 4 FROM relation r JOIN contact c ON c.patient_id = r.other_patient_id
    WHERE r.patient_id = $5 AND r.may_receive AND r.during @> $7::timestamptz
), chosen AS (
    SELECT DISTINCT ON (channel) channel, value
    FROM (SELECT *, CASE kind WHEN 'mobile' THEN 'sms' WHEN 'email' THEN 'email' ELSE 'voice' END AS channel
          FROM reached) AS way
    ORDER BY channel, rank, value
)
INSERT INTO message (organisation_id, appointment_id, version, kind, channel, recipient, language, due_at, created_at)
SELECT $4, $1, $2, $3, channel, value, $6, $7, $7 FROM chosen
WHERE channel <> 'voice' OR NOT EXISTS (SELECT FROM chosen AS other WHERE other.channel <> 'voice')
ON CONFLICT DO NOTHING
RETURNING channel
"""

# Takes due messages up, or drops those that events have overtaken. The lock on the appointment waits for nobody: a
# message whose appointment is being changed at this moment is left to the next round.
CLAIM = """
WITH picked AS (
    SELECT m.id,
           upper(a.during) < $1
           OR (m.kind = 'cancelled') <> (a.status = 'cancelled')
           OR a.status NOT IN ('pending', 'booked', 'cancelled')
           OR EXISTS (SELECT FROM message n WHERE n.appointment_id = m.appointment_id
               AND n.version > m.version) AS overtaken
    FROM message m JOIN appointment a ON a.id = m.appointment_id
    WHERE m.state = 'planned' AND m.due_at <= $1
    ORDER BY m.due_at LIMIT $2
    FOR UPDATE OF m SKIP LOCKED FOR SHARE OF a SKIP LOCKED
), taken AS (
    UPDATE message m
    SET state = CASE WHEN p.overtaken THEN 'dropped' ELSE 'sending' END, claimed_at = $1, attempts = m.attempts + 1
    FROM picked p WHERE m.id = p.id
    RETURNING m.*
)
SELECT t.id, t.organisation_id, t.appointment_id, t.kind, t.channel, t.recipient, t.language, t.attempts,
       a.status, a.mode, lower(a.during) AS start, upper(a.during) + interval '24 hours' AS link_until,
       s.name AS site_name, s.address_line, s.postal_code, s.city, s.timezone,
       coalesce(o.phone, s.phone) AS phone, o.name AS organisation_name
FROM taken t JOIN appointment a ON a.id = t.appointment_id JOIN site s ON s.id = a.site_id
JOIN organisation o ON o.id = t.organisation_id
WHERE t.state = 'sending'
"""

ADD_LINKS = """
INSERT INTO manage_link (token_hash, organisation_id, appointment_id, expires_at, created_at)
SELECT *, $5 FROM unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::timestamptz[])
"""
DROP_LINK = "DELETE FROM manage_link WHERE token_hash = $1"

SETTLE = """
UPDATE message SET state = $2, provider_ref = $3, sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END
WHERE id = $1 AND state = 'sending'
"""
PUT_OFF = "UPDATE message SET state = 'planned', due_at = $2 WHERE id = $1 AND state = 'sending'"
LOST = """
UPDATE message SET state = 'unknown' WHERE state = 'sending' AND claimed_at < $1
RETURNING id, organisation_id, channel, kind
"""

LIST = """
SELECT m.id, m.appointment_id, m.version, m.kind, m.channel, m.recipient, m.state, m.attempts, m.due_at, m.sent_at,
       m.created_at
FROM message m
WHERE ($1::uuid IS NULL OR m.appointment_id = $1) AND ($2::text IS NULL OR m.state = $2)
  AND ($3::timestamptz IS NULL OR (m.created_at, m.id) < ($3, $4::uuid))
ORDER BY m.created_at DESC, m.id DESC LIMIT $5
"""
LOCK = """
SELECT m.*, upper(a.during) < $2
            OR (m.kind = 'cancelled') <> (a.status = 'cancelled')
            OR EXISTS (SELECT FROM message n WHERE n.appointment_id = m.appointment_id
                AND n.version > m.version) AS overtaken
FROM message m JOIN appointment a ON a.id = m.appointment_id WHERE m.id = $1 FOR UPDATE OF m
"""
AGAIN = """
UPDATE message SET state = 'planned', attempts = 0, due_at = $2, provider_ref = NULL WHERE id = $1 RETURNING *
"""
