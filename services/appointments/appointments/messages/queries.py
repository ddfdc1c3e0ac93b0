"""SQL of messages: what is planned, read and ordered again. What the worker does is in `sending`."""

# Drops what was planned for an earlier state, and plans what is now to be said: one message per channel, to the contact
# that fits best. Rank: the contact just proved, the requester's, the patient's proved and other contacts, those of
# relations who may receive. A landline is called only when there is nothing else; it then gets the SMS reminders too.
# $1 appointment (null: an offer), $2 version, $3 kind (null: reminders only), $4 organisation, $5 patient, $6 language,
# $7 now, $8-$10 kinds, values and ranks of contacts that are not in the base, $11 the requester when he is a patient,
# $12 what it is about beside the appointment, $13 number, $14 when an SMS or a call is due, $15 what was planned for
# versions before this one is dropped, $16 reason, $17-$19 channels, numbers and dues of reminders,
# $20 channels that have been tried in vain.
PLAN = """
WITH dropped AS (
    UPDATE message SET state = 'dropped' WHERE appointment_id = $1 AND state = 'planned' AND version < $15
), given AS (
    SELECT * FROM unnest($8::text[], $9::text[], $10::int[]) AS g (kind, value, rank)
), filed AS (
    SELECT c.kind, c.value, CASE WHEN c.verified_at IS NULL THEN 3 ELSE 2 END AS rank
    FROM contact c WHERE c.patient_id = $5
    UNION ALL
    SELECT c.kind, c.value, 1 FROM contact c WHERE c.patient_id = $11 AND c.organisation_id = $4
    UNION ALL
    SELECT c.kind, c.value, 4 FROM relation r JOIN contact c ON c.patient_id = r.other_patient_id
    WHERE r.patient_id = $5 AND r.may_receive AND r.during @> $7::timestamptz
), reached AS (
    SELECT kind, value, rank FROM given UNION ALL SELECT kind, value, rank FROM filed
), chosen AS (
    SELECT DISTINCT ON (channel) channel, value
    FROM (SELECT *, CASE kind WHEN 'mobile' THEN 'sms' WHEN 'email' THEN 'email' ELSE 'voice' END AS channel
          FROM reached) AS way
    WHERE channel <> ALL ($20::text[])
    ORDER BY channel, rank, value
), ways AS (
    SELECT channel, value FROM chosen
    WHERE channel <> 'voice' OR NOT EXISTS (SELECT FROM chosen AS other WHERE other.channel <> 'voice')
), told AS (
    SELECT $3::text AS kind, channel, value, $12::uuid AS ref_id, $13::int AS number,
           CASE channel WHEN 'email' THEN $7::timestamptz ELSE $14::timestamptz END AS due_at
    FROM ways WHERE $3::text IS NOT NULL
    UNION ALL
    SELECT 'reminder', w.channel, w.value, NULL, r.number, r.due_at
    FROM unnest($17::text[], $18::int[], $19::timestamptz[]) AS r (channel, number, due_at)
    JOIN ways w ON w.channel = r.channel OR (w.channel = 'voice' AND r.channel = 'sms')
    WHERE NOT EXISTS (SELECT FROM visit_reason v WHERE v.id = $16 AND v.reminder_policy = 'none')
)
INSERT INTO message (organisation_id, appointment_id, patient_id, version, kind, channel, recipient, from_file,
                     language, ref_id, number, due_at, created_at)
SELECT $4, $1::uuid, CASE WHEN $1::uuid IS NULL THEN $5::uuid END, $2, kind, channel, value,
       value IN (SELECT f.value FROM filed f), $6, ref_id, number, due_at, $7
FROM told
ON CONFLICT DO NOTHING
RETURNING kind, channel
"""

# What a message is planned from when the caller has only an id.
TOLD_OF_APPOINTMENT = """
SELECT a.id AS appointment_id, a.version, a.organisation_id, a.patient_id, a.reason_id, a.language, a.requester,
       a.audience, a.status, lower(a.during) AS start, s.timezone, o.settings
FROM appointment a JOIN site s ON s.id = a.site_id JOIN organisation o ON o.id = a.organisation_id
WHERE a.id = $1
"""
TOLD_OF_OFFER = """
SELECT NULL::uuid AS appointment_id, 0 AS version, e.organisation_id, e.patient_id, e.reason_id, e.language,
       e.requester, e.audience, o.state AS status, lower(h.during) AS start, s.timezone, c.settings
FROM waiting_offer o JOIN waiting_entry e ON e.id = o.entry_id JOIN hold h ON h.id = o.hold_id
JOIN site s ON s.id = h.site_id JOIN organisation c ON c.id = e.organisation_id
WHERE o.id = $1
"""
DROP_EARLIER = "UPDATE message SET state = 'dropped' WHERE appointment_id = $1 AND state = 'planned' AND version < $2"
DROP = "UPDATE message SET state = 'dropped' WHERE ref_id = $1 AND state = 'planned'"

# $1 appointment, $2 patient, $3 kind, $4 state, each null when not asked; $5, $6 the last row seen, $7 how many.
LIST = """
SELECT m.id, m.appointment_id, m.version, m.kind, m.number, m.ref_id, m.channel, m.recipient, m.state, m.attempts,
       m.due_at, m.sent_at, m.created_at
FROM message m
WHERE ($1::uuid IS NULL OR m.appointment_id = $1)
  AND ($2::uuid IS NULL OR m.id = ANY (ARRAY(
      SELECT x.id FROM message x WHERE x.patient_id = $2
      UNION ALL
      SELECT x.id FROM appointment a JOIN message x ON x.appointment_id = a.id WHERE a.patient_id = $2)))
  AND ($3::text IS NULL OR m.kind = $3) AND ($4::text IS NULL OR m.state = $4)
  AND ($5::timestamptz IS NULL OR (m.created_at, m.id) < ($5, $6::uuid))
ORDER BY m.created_at DESC, m.id DESC LIMIT $7
"""
LOCK = "SELECT * FROM message WHERE id = $1 FOR UPDATE"
AGAIN = """
UPDATE message SET state = 'planned', attempts = 0, resent = resent + 1, due_at = $2, provider_ref = NULL
WHERE id = $1 RETURNING *
"""
