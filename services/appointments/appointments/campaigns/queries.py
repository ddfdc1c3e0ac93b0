"""SQL of campaigns. Locked in this order: appointment, item, campaign, hold."""

_LIVE = "('todo', 'proposed', 'to_call')"

ADD = """
INSERT INTO campaign (id, organisation_id, cause, cause_id, deadline, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# One in which these appointments, $3, have not been settled already: an appointment has one item in each campaign.
OPEN_DRAFT = """
SELECT c.id FROM campaign c WHERE c.cause_id = $1 AND c.organisation_id = $2 AND c.state = 'draft'
  AND NOT EXISTS (SELECT FROM campaign_item i WHERE i.campaign_id = c.id AND i.appointment_id = ANY ($3::uuid[]))
ORDER BY c.id LIMIT 1 FOR NO KEY UPDATE OF c
"""
# Ids in order of start: the list of a campaign is read by id. An appointment is in one live item at a time.
ADD_ITEMS = """
WITH added AS (
    INSERT INTO campaign_item (id, organisation_id, campaign_id, appointment_id, patient_id)
    SELECT n.id, $2, $1, n.appointment_id, n.patient_id
    FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS n (id, appointment_id, patient_id)
    ON CONFLICT DO NOTHING
    RETURNING id
), counted AS (
    UPDATE campaign SET size = size + (SELECT count(*) FROM added) WHERE id = $1
)
SELECT count(*)::int FROM added
"""
DROP_EMPTY = "DELETE FROM campaign WHERE id = $1 AND size = 0"

# The visits to come in conflict of a practitioner ($1) or a site ($2), by start; those of a live item are left out.
IN_CONFLICT = (
    """
SELECT a.id, a.organisation_id, a.patient_id, a.practitioner_id, p.person_id
FROM appointment a JOIN practitioner p ON p.id = a.practitioner_id
WHERE a.status IN ('pending', 'booked') AND a.conflict IS NOT NULL
  AND ($1::uuid IS NULL OR a.practitioner_id = $1) AND ($2::uuid IS NULL OR a.site_id = $2)
  AND a.local_date >= ($3::timestamptz AT TIME ZONE 'UTC')::date - 1
  AND upper(a.during) > $3 AND lower(a.during) < $4
  AND NOT EXISTS (SELECT FROM campaign_item i WHERE i.appointment_id = a.id AND i.state IN """
    + _LIVE
    + """)
ORDER BY lower(a.during), a.id LIMIT $5 FOR NO KEY UPDATE OF a
"""
)
# Chosen one by one ($1); $3: only those in conflict, for a campaign whose cause is one.
OF_IDS = """
SELECT a.id, a.organisation_id, a.patient_id, a.practitioner_id, p.person_id
FROM appointment a JOIN practitioner p ON p.id = a.practitioner_id
WHERE a.id = ANY ($1) AND a.status IN ('pending', 'booked') AND upper(a.during) > $2
  AND (NOT $3 OR a.conflict IS NOT NULL)
ORDER BY lower(a.during), a.id FOR NO KEY UPDATE OF a
"""
LIVE_CAMPAIGN_OF = (
    "SELECT campaign_id FROM campaign_item WHERE appointment_id = ANY ($1) AND state IN " + _LIVE + " LIMIT 1"
)
LIVE_CAMPAIGN_BY_CAUSE = "SELECT id FROM campaign WHERE cause_id = $1 AND state <> 'closed' ORDER BY id LIMIT 1"

ABSENCE = """
SELECT a.organisation_id, a.practitioner_id, NULL::uuid AS site_id, lower(a.during) AS start, upper(a.during) AS end
FROM absence a WHERE a.id = $1
"""
CLOSURE = """
SELECT c.organisation_id, NULL::uuid AS practitioner_id, c.site_id, lower(c.during) AS start, upper(c.during) AS end
FROM closure c WHERE c.id = $1
"""
SCHEDULE = """
SELECT s.organisation_id, s.practitioner_id, s.site_id, kit_now() AS start, kit_now() + interval '10 years' AS end
FROM schedule s WHERE s.id = $1
"""

LOCK_ITEMS = "SELECT id FROM campaign_item WHERE campaign_id = $1 ORDER BY id FOR NO KEY UPDATE"
LOCK = """
SELECT c.*, o.settings, o.timezone FROM campaign c JOIN organisation o ON o.id = c.organisation_id
WHERE c.id = $1 FOR NO KEY UPDATE OF c
"""
# Whose visits they are.
WHOSE = """
SELECT DISTINCT p.person_id FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id
JOIN practitioner p ON p.id = a.practitioner_id WHERE i.campaign_id = $1
"""
SEND = "UPDATE campaign SET state = 'sent', deadline = $2, sent_at = $3 WHERE id = $1"
# After items have changed: closed as soon as nothing is left to settle. Counted in a statement of its own after the
# wait for whoever settles another item: else each of two would count the other's as it was before.
LOCK_TO_COUNT = "SELECT FROM campaign WHERE id = $1 FOR NO KEY UPDATE"
TOUCH = (
    """
WITH counts AS (
    SELECT count(*) FILTER (WHERE state = 'todo')::int AS todo,
           count(*) FILTER (WHERE state = 'proposed')::int AS proposed,
           count(*) FILTER (WHERE state = 'to_call')::int AS to_call,
           count(*) FILTER (WHERE state = 'moved')::int AS moved,
           count(*) FILTER (WHERE state = 'cancelled')::int AS cancelled,
           count(*) FILTER (WHERE state = 'kept')::int AS kept,
           count(*) FILTER (WHERE state IN """
    + _LIVE
    + """) = 0 AS over
    FROM campaign_item WHERE campaign_id = $1
)
UPDATE campaign c SET version = c.version + 1, state = CASE WHEN n.over THEN 'closed' ELSE c.state END,
    closed_at = CASE WHEN n.over THEN coalesce(c.closed_at, $2) END
FROM counts n WHERE c.id = $1
RETURNING c.id, c.organisation_id, c.state, c.version, n.todo, n.proposed, n.to_call, n.moved, n.cancelled, n.kept
"""
)

_ITEM = """
SELECT i.*, c.state AS campaign_state, c.deadline, c.cause, lower(a.during) AS start, h.state AS hold_state
FROM campaign_item i JOIN campaign c ON c.id = i.campaign_id JOIN appointment a ON a.id = i.appointment_id
LEFT JOIN hold h ON h.id = i.hold_id
"""
ITEM = _ITEM + "WHERE i.id = $1"
ITEM_LOCKED = ITEM + " FOR NO KEY UPDATE OF i"
LIVE_ITEM_OF = _ITEM + "WHERE i.appointment_id = $1 AND i.state IN " + _LIVE + " FOR NO KEY UPDATE OF i"
LATEST_ITEM_OF = _ITEM + "WHERE i.appointment_id = $1 ORDER BY i.id DESC LIMIT 1"
SETTLE = """
UPDATE campaign_item SET state = $2, settled_by = $3, settled_at = $4, version = version + 1 WHERE id = $1
"""
TO_CALL = "UPDATE campaign_item SET state = 'to_call', call_need_id = $2, version = version + 1 WHERE id = $1"
PROPOSED = "UPDATE campaign_item SET state = 'proposed', round = round + 1, version = version + 1 WHERE id = ANY ($1)"
ASKED_AGAIN = "UPDATE campaign_item SET call_need_id = $2, version = version + 1 WHERE id = $1"

# Whether a proposal about an item has left, or may have.
TOLD = """
SELECT EXISTS (SELECT FROM message WHERE appointment_id = $1 AND ref_id = $2 AND kind = 'proposal'
               AND state IN ('sending', 'sent', 'delivered', 'unknown'))
"""

# Live items whose visit lies in open time again. Those that a person chose one by one never were in conflict.
OPEN_AGAIN = (
    """
SELECT i.id FROM campaign_item i JOIN campaign c ON c.id = i.campaign_id JOIN appointment a ON a.id = i.appointment_id
WHERE i.state IN """
    + _LIVE
    + """ AND c.cause <> 'other' AND a.conflict IS NULL AND a.status IN ('pending', 'booked')
  AND ($1::uuid IS NULL OR a.practitioner_id = $1) AND ($2::uuid IS NULL OR a.site_id = $2)
  AND a.local_date >= ($3::timestamptz AT TIME ZONE 'UTC')::date - 1
  AND upper(a.during) > $3 AND lower(a.during) < $4
ORDER BY i.id FOR NO KEY UPDATE OF i
"""
)

# Proposals whose answer is overdue, or whose time somebody has closed.
OVERDUE = """
SELECT i.id FROM campaign c JOIN campaign_item i ON i.campaign_id = c.id LEFT JOIN hold h ON h.id = i.hold_id
WHERE c.state = 'sent' AND i.state = 'proposed'
  AND (c.deadline <= $1 OR h.state IS NULL OR h.state NOT IN ('held', 'identified'))
ORDER BY i.id LIMIT 500
"""

# --- looking for other times ---------------------------------------------------------------------------------------

# What is left to propose for: items of a draft without a time that is still held.
WANTS = """
SELECT i.id AS item_id, a.id AS appointment_id, a.patient_id, a.reason_id, a.mode, a.practitioner_id, a.site_id,
       lower(a.during) AS start, upper(a.during) AS end, upper(a.occupied) AS occupied_until, a.local_date,
       r.professions, r.unscheduled
FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id JOIN visit_reason r ON r.id = a.reason_id
LEFT JOIN hold h ON h.id = i.hold_id
WHERE i.campaign_id = $1 AND i.state = 'todo'
  AND (h.id IS NULL OR h.state NOT IN ('held', 'identified') OR h.expires_at <= $2)
ORDER BY i.id
"""
WINDOWS = """
SELECT a.practitioner_id, a.site_id, a.local_date, a.profession, a.free_runs, a.modes, a.reason_ids, a.step_minutes
FROM availability a JOIN site s ON s.id = a.site_id AND s.active
WHERE a.organisation_id = $1 AND a.local_date >= $2 AND a.local_date < $3 AND a.free_to > $4
  AND a.kind IN ('clinic', 'unscheduled', 'home_round') AND a.secretariat_from <= $4
ORDER BY a.free_from, a.id
"""
SITES = "SELECT id, lat::float8 AS lat, lon::float8 AS lon FROM site WHERE organisation_id = $1"
VISITS_OF = """
SELECT patient_id, lower(during) AS start, upper(during) AS end FROM appointment
WHERE patient_id = ANY ($1) AND lower(during) > $2 AND status IN ('pending', 'booked', 'arrived') AND id <> ALL ($3)
"""
HOLD = """
UPDATE campaign_item i SET hold_id = n.hold_id, version = i.version + 1
FROM unnest($1::uuid[], $2::uuid[]) AS n (item_id, hold_id) WHERE i.id = n.item_id
"""

# What a draft tells its patients, or whom it has called: every item of it, in order of start.
TO_TELL = """
SELECT i.id, i.organisation_id, i.appointment_id, i.patient_id, i.round, i.hold_id,
       lower(a.during) AS start, h.state AS hold_state
FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id LEFT JOIN hold h ON h.id = i.hold_id
WHERE i.campaign_id = $1 AND i.state = 'todo' ORDER BY i.id
"""

# --- reading -------------------------------------------------------------------------------------------------------

_CAMPAIGN = """
SELECT c.*, n.* FROM campaign c CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE i.state = 'todo')::int AS todo,
           count(*) FILTER (WHERE i.state = 'proposed')::int AS proposed,
           count(*) FILTER (WHERE i.state = 'to_call')::int AS to_call,
           count(*) FILTER (WHERE i.state = 'moved')::int AS moved,
           count(*) FILTER (WHERE i.state = 'cancelled')::int AS cancelled,
           count(*) FILTER (WHERE i.state = 'kept')::int AS kept
    FROM campaign_item i WHERE i.campaign_id = c.id) n
"""
ONE = _CAMPAIGN + "WHERE c.id = $1"
LIST = (
    _CAMPAIGN
    + """WHERE ($1::text IS NULL OR c.state = $1) AND ($2::uuid IS NULL OR c.id < $2)
ORDER BY c.id DESC LIMIT $3
"""
)
_SHOWN = """
SELECT i.id, i.campaign_id, i.appointment_id, i.patient_id, i.state, i.round, i.call_need_id, i.settled_by,
       i.settled_at, i.version, lower(a.during) AS start, upper(a.during) AS end, a.practitioner_id, a.site_id,
       a.version AS appointment_version, s.timezone,
       CASE WHEN h.state IN ('held', 'identified') THEN h.id END AS hold_id, lower(h.during) AS new_start,
       upper(h.during) AS new_end, h.practitioner_id AS new_practitioner_id, h.site_id AS new_site_id,
       h.expires_at AS new_until, t.timezone AS new_timezone
FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id JOIN site s ON s.id = a.site_id
LEFT JOIN hold h ON h.id = i.hold_id LEFT JOIN site t ON t.id = h.site_id
"""
ITEMS = (
    _SHOWN
    + """WHERE i.campaign_id = $1 AND ($2::text IS NULL OR i.state = $2) AND ($3::uuid IS NULL OR i.id > $3)
ORDER BY i.id LIMIT $4
"""
)
SHOWN = _SHOWN + "WHERE i.id = $1"

# The proposal in its patient's hands: where he would be seen then, and until when he can say so.
PROPOSAL = """
SELECT i.id, i.state, c.deadline, h.state AS hold_state, lower(h.during) AS start, s.timezone AS zone, s.name AS site,
       concat_ws(', ', s.address_line, nullif(concat_ws(' ', s.postal_code, s.city), '')) AS address,
       coalesce(s.access_note, '') AS access, p.display_name AS practitioner
FROM campaign_item i JOIN campaign c ON c.id = i.campaign_id LEFT JOIN hold h ON h.id = i.hold_id
LEFT JOIN site s ON s.id = h.site_id LEFT JOIN practitioner p ON p.id = h.practitioner_id
WHERE i.appointment_id = $1 AND c.state <> 'draft' ORDER BY i.id DESC LIMIT 1
"""
