"""SQL of red flags. A row is read and changed under the lock of its call."""

OPEN_OF_CALL = "SELECT * FROM red_flag WHERE call_id = $1 AND state <> 'closed'"
LATEST_OF_CALL = "SELECT * FROM red_flag WHERE call_id = $1 ORDER BY opened_at DESC LIMIT 1"
RED_FLAG = "SELECT * FROM red_flag WHERE id = $1"
CALL_OF = "SELECT call_id FROM red_flag WHERE id = $1"
ALL_OPEN = """
SELECT id, call_id, client_id, agent_id, code, state, opened_at, version
FROM red_flag WHERE state <> 'closed' ORDER BY opened_at, id
"""
# What is needed to dial: the targets of the line, what its telephone system is, the list valid now.
MEANS = """
SELECT l.emergency_targets, a.kind, coalesce('dial_third' = ANY (a.capabilities), true) AS dials,
       s.id AS set_id
FROM call c JOIN line l ON l.id = c.line_id
LEFT JOIN telephony_adapter a ON a.id = c.adapter_id
LEFT JOIN red_flag_set s ON s.client_id = c.client_id AND s.state = 'published' AND s.validity @> $2::timestamptz
WHERE c.id = $1
"""
ADD = """
INSERT INTO red_flag (id, organisation_id, client_id, call_id, agent_id, set_id, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *
"""
DIALLED = """
UPDATE red_flag SET state = 'dialling', leg = $2, target = $3, dial_deadline = $4, version = version + 1
WHERE id = $1 RETURNING *
"""
WAIT = "UPDATE red_flag SET leg = NULL, dial_deadline = $2, version = version + 1 WHERE id = $1 RETURNING *"
ANSWERED = """
UPDATE red_flag SET state = 'three_way', leg = $2, three_way_at = coalesce(three_way_at, $3), dial_deadline = NULL,
    version = version + 1
WHERE id = $1 RETURNING *
"""
LEG_LOST = "UPDATE red_flag SET leg = NULL, version = version + 1 WHERE id = $1 RETURNING *"
HANDED_OVER = """
UPDATE red_flag SET state = 'handed_over', handed_over_at = $2, version = version + 1 WHERE id = $1 RETURNING *
"""
NOTED = """
UPDATE red_flag SET code = $2, answers_sealed = $3, address_sealed = $4, version = version + 1
WHERE id = $1 RETURNING *
"""
CLOSED = """
UPDATE red_flag SET state = 'closed', outcome = $2, exact_words_sealed = $3, closed_at = $4, dial_deadline = NULL,
    handed_over_at = CASE WHEN state = 'three_way' AND $2 = 'handed_to_15' THEN $4 ELSE handed_over_at END,
    version = version + 1
WHERE id = $1 RETURNING *
"""
# Unanswered in time. The call is locked first, as everywhere; who holds it now is asked again in a second.
DUE = """
SELECT c.id FROM call c JOIN red_flag r ON r.call_id = c.id
WHERE r.state = 'dialling' AND r.dial_deadline <= $1
ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
"""
SINCE = """
SELECT EXISTS (SELECT FROM red_flag r JOIN call c ON c.id = r.call_id
               WHERE r.opened_at >= $2 AND c.number_hash = $1 AND ($3::uuid IS NULL OR c.organisation_id = $3))
"""
ITEMS = "SELECT items FROM red_flag_set WHERE id = $1"
RECIPIENT = """
SELECT p.person_id FROM practitioner_ref r JOIN person_ref p ON p.rpps = r.rpps
WHERE r.practitioner_id = $1 AND p.status = 'active' LIMIT 1
"""

SETS = """
SELECT id, client_id, number, items, state, validated_by, lower(validity) AS valid_from, upper(validity) AS valid_until,
       version
FROM red_flag_set WHERE $1::uuid IS NULL OR client_id = $1 ORDER BY client_id, number DESC
"""
SET = """
SELECT id, organisation_id, client_id, number, items, state, validated_by, lower(validity) AS valid_from,
       upper(validity) AS valid_until, version
FROM red_flag_set WHERE id = $1
"""
CLIENT = "SELECT organisation_id FROM client WHERE id = $1 FOR NO KEY UPDATE"
ADD_SET = """
INSERT INTO red_flag_set (id, organisation_id, client_id, number, items, validity, created_at)
SELECT $1, $2, $3, 1 + coalesce(max(number), 0), $4, tstzrange($5, $6), $5 FROM red_flag_set WHERE client_id = $3
"""
END_PREVIOUS = """
UPDATE red_flag_set SET validity = tstzrange(lower(validity), $2), version = version + 1
WHERE client_id = $1 AND state = 'published' AND validity @> $2::timestamptz AND lower(validity) < $2
"""
PUBLISH_SET = """
UPDATE red_flag_set SET state = 'published', validated_by = $2, validity = tstzrange($3, upper(validity)),
    version = version + 1
WHERE id = $1
"""
