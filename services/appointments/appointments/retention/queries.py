"""SQL of what is not kept. $1 now, $2 how many at once. Every statement answers which organisation lost how many.

Nightly, some hundreds at a time: rows that somebody works with are passed over and come the next night.
"""

# An offer or a campaign's item that still names a hold keeps it: nobody's words are in it any more.
HOLDS = """
WITH due AS (
    SELECT h.id FROM hold h JOIN organisation o ON o.id = h.organisation_id
    WHERE h.state IN ('lapsed', 'released')
      AND h.closed_at < $1::timestamptz - coalesce((o.settings ->> 'keep_holds_days')::int, 30) * interval '1 day'
      AND NOT EXISTS (SELECT FROM waiting_offer w WHERE w.hold_id = h.id)
      AND NOT EXISTS (SELECT FROM campaign_item c WHERE c.hold_id = h.id)
      AND NOT EXISTS (SELECT FROM busy b WHERE b.hold_id = h.id)
    ORDER BY h.id LIMIT $2 FOR UPDATE OF h SKIP LOCKED
), gone AS (DELETE FROM hold h USING due WHERE h.id = due.id RETURNING h.organisation_id)
SELECT organisation_id, count(*)::int AS removed FROM gone GROUP BY 1
"""
MESSAGES = """
WITH due AS (
    SELECT m.id FROM message m JOIN organisation o ON o.id = m.organisation_id
    WHERE m.state NOT IN ('planned', 'sending') AND m.recipient <> ''
      AND m.created_at < $1::timestamptz - coalesce((o.settings ->> 'keep_messages_days')::int, 365) * interval '1 day'
      AND coalesce(m.sent_at, m.due_at)
          < $1::timestamptz - coalesce((o.settings ->> 'keep_messages_days')::int, 365) * interval '1 day'
    ORDER BY m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED
), wiped AS (UPDATE message m SET recipient = '' FROM due WHERE m.id = due.id RETURNING m.organisation_id)
SELECT organisation_id, count(*)::int AS removed FROM wiped GROUP BY 1
"""
# A link of an appointment lives until 24 h after the visit, wherever a move has taken it.
LINKS = """
WITH due AS (
    SELECT l.token_hash FROM manage_link l LEFT JOIN appointment a ON a.id = l.appointment_id
    WHERE CASE WHEN a.id IS NULL THEN l.expires_at ELSE upper(a.during) + interval '24 hours' END < $1
    ORDER BY l.token_hash LIMIT $2 FOR UPDATE OF l SKIP LOCKED
), gone AS (DELETE FROM manage_link l USING due WHERE l.token_hash = due.token_hash RETURNING l.organisation_id)
SELECT organisation_id, count(*)::int AS removed FROM gone GROUP BY 1
"""
# Receipts are of no organisation.
RECEIPTS = """
WITH due AS (
    SELECT r.provider, r.receipt_id FROM message_receipt r WHERE r.received_at < $1::timestamptz - interval '90 days'
    ORDER BY 1, 2 LIMIT $2 FOR UPDATE SKIP LOCKED
), gone AS (DELETE FROM message_receipt r USING due WHERE (r.provider, r.receipt_id) = (due.provider, due.receipt_id)
            RETURNING 1)
SELECT NULL::uuid AS organisation_id, count(*)::int AS removed FROM gone
"""
_UNTIED = """
p.first_seen_at IS NULL AND p.identity_status = 'PROV' AND p.merged_into_id IS NULL
AND greatest(p.created_at, p.last_contact_at)
    < $1::timestamptz - coalesce((o.settings ->> 'keep_unseen_months')::int, 24) * interval '1 month'
AND NOT EXISTS (SELECT FROM appointment x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM appointment x WHERE x.requester ->> 'patient_id' = p.id::text)
AND NOT EXISTS (SELECT FROM waiting_entry x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM waiting_entry x WHERE x.requester ->> 'patient_id' = p.id::text)
AND NOT EXISTS (SELECT FROM relation x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM relation x WHERE x.other_patient_id = p.id)
AND NOT EXISTS (SELECT FROM series x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM campaign_item x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM call_need x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM message x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM identity_check x WHERE x.patient_id = p.id)
AND NOT EXISTS (SELECT FROM patient_merge x WHERE x.from_id = p.id)
AND NOT EXISTS (SELECT FROM patient_merge x WHERE x.into_id = p.id)
AND NOT EXISTS (SELECT FROM patient x WHERE x.merged_into_id = p.id)
"""
UNSEEN = f"""
SELECT p.id FROM patient p JOIN organisation o ON o.id = p.organisation_id
WHERE {_UNTIED} ORDER BY p.id LIMIT $2 FOR UPDATE OF p SKIP LOCKED
"""
# Judged again once they are locked: from then on nothing can be tied to them.
STILL_UNSEEN = f"""
SELECT p.id, p.organisation_id FROM patient p JOIN organisation o ON o.id = p.organisation_id
WHERE p.id = ANY ($2) AND {_UNTIED}
"""
ERASE = (
    "DELETE FROM contact WHERE patient_id = ANY ($1)",
    "DELETE FROM not_same_person WHERE first_id = ANY ($1) OR second_id = ANY ($1)",
    "DELETE FROM duplicate_pair WHERE first_id = ANY ($1) OR second_id = ANY ($1)",
    "DELETE FROM patient_change WHERE patient_id = ANY ($1)",
    "DELETE FROM patient_word WHERE patient_id = ANY ($1)",
    "DELETE FROM patient WHERE id = ANY ($1)",
)
HOUR = "SELECT extract(hour FROM kit_now() AT TIME ZONE coalesce((SELECT min(timezone) FROM organisation), 'UTC'))::int"
