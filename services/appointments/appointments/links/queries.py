"""SQL of manage links. A link lives until 24 hours after the visit, wherever a move has taken it.

That of an offer lives until 24 hours after the time that was offered.
"""

from appointments.teleconsultation.queries import CURRENT, PHONE

FIND = """
SELECT l.appointment_id, l.offer_id, l.organisation_id, l.tries, coalesce($2 = ANY (l.opened_by), false) AS open,
       p.birth_date
FROM manage_link l
LEFT JOIN appointment a ON a.id = l.appointment_id
LEFT JOIN waiting_offer o ON o.id = l.offer_id LEFT JOIN waiting_entry e ON e.id = o.entry_id
JOIN patient p ON p.id = coalesce(a.patient_id, e.patient_id)
WHERE l.token_hash = $1 AND coalesce(upper(a.during) + interval '24 hours', l.expires_at) > $3
"""
FIND_TO_ANSWER = FIND + "FOR UPDATE OF l"
COUNT_WRONG = "UPDATE manage_link SET tries = tries + 1 WHERE token_hash = $1"
# The twenty visitors who opened it last.
OPEN_FOR = """
UPDATE manage_link SET opened_by = (array_remove(opened_by, $2) || $2)[greatest(1, cardinality(opened_by) - 18):]
WHERE token_hash = $1
"""
GRANTED = """
SELECT EXISTS (
    SELECT FROM manage_link l JOIN appointment a ON a.id = l.appointment_id
    WHERE l.appointment_id = $1 AND $2 = ANY (l.opened_by) AND l.tries < $4
      AND upper(a.during) + interval '24 hours' > $3)
"""
GRANTED_OFFER = """
SELECT EXISTS (
    SELECT FROM manage_link l
    WHERE l.offer_id = $1 AND $2 = ANY (l.opened_by) AND l.tries < $4 AND l.expires_at > $3)
"""

# $1 patients (or null), $2 appointments (or null), $3 only those that end after this instant (or null).
SEEN = f"""
SELECT a.id, a.organisation_id, a.version, a.status, lower(a.during) AS start, upper(a.during) AS end,
    s.timezone AS zone,
       a.mode, a.practitioner_id, pr.display_name AS practitioner, a.site_id, s.code AS site_code, s.name AS site,
       CASE WHEN a.visit_address IS NOT NULL THEN concat_ws(', ', a.visit_address ->> 'line',
                concat_ws(' ', a.visit_address ->> 'postal_code', a.visit_address ->> 'city'))
            ELSE concat_ws(', ', pl.name, coalesce(pl.address_line, s.address_line),
                nullif(concat_ws(' ', coalesce(pl.postal_code, s.postal_code), coalesce(pl.city, s.city)), ''))
            END AS address,
       CASE WHEN a.mode = 'on_site' THEN coalesce(s.access_note, '') ELSE '' END AS access,
       vr.fallback_at IS NOT NULL AS by_phone, CASE WHEN vr.fallback_at IS NOT NULL THEN {PHONE} END AS phone_called,
       a.reason_id, v.code AS reason_code, v.public_label AS reason_fr,
       coalesce(v.public_label_en, v.public_label) AS reason_en, coalesce(v.text_after, '') AS after_fr,
       coalesce(v.text_after_en, v.text_after, '') AS after_en, a.patient_id,
       coalesce(p.used_given_name, p.birth_given_names) AS person, a.language, a.changed_at
FROM appointment a JOIN site s ON s.id = a.site_id JOIN practitioner pr ON pr.id = a.practitioner_id
JOIN visit_reason v ON v.id = a.reason_id JOIN patient p ON p.id = a.patient_id
LEFT JOIN place pl ON pl.id = a.place_id
{CURRENT}
WHERE a.id IN (
        SELECT unnest($2::uuid[]) UNION SELECT b.id FROM appointment b WHERE b.patient_id = ANY ($1::uuid[]))
  AND ($3::timestamptz IS NULL OR (upper(a.during) > $3 AND a.status IN ('pending', 'booked', 'arrived')))
ORDER BY lower(a.during), a.id LIMIT 50
"""
