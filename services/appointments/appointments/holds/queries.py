"""SQL of holds. The functions are those of revision 0007."""

# The time and its hold, or neither. Earlier holds of the same visitor ($17) end in the same act.
TAKE = """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_take($2, $1, NULL, $3, $17, false, $4, $5, $6, $7, $8, $9, $10, $11, $12)
), ended AS (
    UPDATE hold SET state = 'released', closed_at = $12, identity = '{}', version = version + 1
    WHERE id = ANY ($17) AND (SELECT outcome FROM taken) = 'ok'
), held AS (
    INSERT INTO hold (id, organisation_id, expires_at, practitioner_id, site_id, reason_id, mode, audience, created_at,
                      occupied, resource_ids, schedule_id, during, owner, call_id, identity)
    SELECT $1, $2, $3, $4, $7, $9, $10, $11, $12, $8, $4 || $5::uuid[] || $6::uuid[], $13, $14, $15, $16, $18
    FROM taken WHERE outcome = 'ok'
)
SELECT outcome, changed FROM taken
"""

# A hold that has lapsed takes its time again, if it is still free.
TAKE_AGAIN = """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_take($2, $1, NULL, $3, '{}', false, $4, $5, $6, $7, $8, $9, $10, $11, $12)
), held AS (
    UPDATE hold SET state = 'held', expires_at = $3, closed_at = NULL, resource_ids = $4 || $5::uuid[] || $6::uuid[],
        version = version + 1
    WHERE id = $1 AND (SELECT outcome FROM taken) = 'ok'
)
SELECT outcome, changed FROM taken
"""

_ROW = """
SELECT h.id, h.organisation_id, h.reason_id, h.mode, h.schedule_id, h.practitioner_id, h.site_id, h.resource_ids,
       lower(h.during) AS start, upper(h.during) AS end, upper(h.occupied) AS occupied_until, h.audience, h.state,
       h.identity, h.call_id, h.appointment_id, h.expires_at, h.extensions, h.created_at, h.closed_at,
       h.version, s.timezone, o.settings
FROM hold h JOIN site s ON s.id = h.site_id JOIN organisation o ON o.id = h.organisation_id
"""
OWN = _ROW + "WHERE h.id = $1 AND h.owner = $2"
OWN_LOCKED = OWN + " FOR UPDATE OF h"

# What a visitor holds now or held a moment ago, the latest first: its time is left, its words are carried on.
RECENT = """
SELECT id, state IN ('held', 'identified') AS live, identity FROM hold
WHERE owner = $1 AND (state IN ('held', 'identified') OR (state = 'lapsed' AND closed_at > $2))
ORDER BY created_at DESC LIMIT 10 FOR UPDATE
"""
LATEST = """
SELECT id FROM hold WHERE owner = $1 AND state IN ('held', 'identified', 'lapsed', 'confirmed')
ORDER BY created_at DESC LIMIT 1
"""

PROLONG = """
WITH longer AS (
    UPDATE hold SET expires_at = $2, extensions = extensions + $3, version = version + 1 WHERE id = $1
)
UPDATE busy SET expires_at = $2 WHERE hold_id = $1
"""
REMEMBER = "UPDATE hold SET identity = $2, state = $3, version = version + 1 WHERE id = $1"
RELEASE = """
WITH released AS (
    UPDATE hold SET state = 'released', closed_at = $2, identity = '{}', version = version + 1 WHERE id = $1
)
SELECT time_give($1, NULL)
"""

# What the centre keeps for somebody by itself (an offer, a proposal), or during a call.
LIVING = """
SELECT id, organisation_id FROM hold WHERE id = ANY ($1) AND state IN ('held', 'identified') ORDER BY id FOR UPDATE
"""
OF_CALL = """
SELECT id, organisation_id FROM hold WHERE call_id = $1 AND state IN ('held', 'identified') ORDER BY id FOR UPDATE
"""
KEEP_UNTIL = """
WITH longer AS (
    UPDATE hold SET expires_at = $2, version = version + 1
    WHERE id = ANY ($1) AND state IN ('held', 'identified') AND expires_at > $3
)
UPDATE busy b SET expires_at = $2 FROM hold h
WHERE b.hold_id = ANY ($1) AND h.id = b.hold_id AND h.state IN ('held', 'identified') AND h.expires_at > $3
"""

DUE = """
SELECT id, organisation_id FROM hold WHERE state IN ('held', 'identified') AND expires_at <= $1
ORDER BY expires_at, id LIMIT 500 FOR UPDATE SKIP LOCKED
"""
LAPSE = "SELECT time_settle(l.people, l.spans, NULL) FROM holds_lapse($1, $2) l WHERE NOT isempty(l.spans)"
FORGET = "UPDATE hold SET identity = '{}' WHERE state = 'lapsed' AND closed_at < $1 AND identity <> '{}'"
