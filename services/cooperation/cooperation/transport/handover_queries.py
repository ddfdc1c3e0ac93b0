"""SQL of hand-overs and tours."""

ADD_CRATE = """
INSERT INTO handover_crate (handover_id, crate_id, organisation_id, group_id, seal_given) VALUES ($1, $2, $3, $4, $5)
"""
HANDOVER = "SELECT * FROM handover WHERE id = $1"
LOCK = "SELECT * FROM handover WHERE id = $1 FOR NO KEY UPDATE"
CRATES = """
SELECT h.*, c.tag FROM handover_crate h JOIN crate c ON c.id = h.crate_id WHERE h.handover_id = $1 ORDER BY c.tag
"""
TAKEN = "UPDATE handover_crate SET taken = true, seal_taken = $3 WHERE handover_id = $1 AND crate_id = $2"
MISSING = "UPDATE handover_crate SET reason = $3 WHERE handover_id = $1 AND crate_id = $2"
# $1: whose places; null: all. A member sees what comes from or goes to its own.
SEEN = """
SELECT EXISTS (SELECT FROM place p WHERE p.id IN ($2, $3) AND ($1::uuid[] IS NULL OR p.organisation_id = ANY ($1)))
"""
LIST = """
SELECT h.* FROM handover h
WHERE ($1::uuid[] IS NULL OR EXISTS (
        SELECT FROM place p WHERE p.id IN (h.from_place_id, h.to_place_id) AND p.organisation_id = ANY ($1)))
  AND ($2::text IS NULL OR h.state = $2) AND ($3::uuid IS NULL OR h.stop_id = $3)
  AND ($4::uuid IS NULL OR h.id < $4)
ORDER BY h.id DESC LIMIT $5
"""
OVERDUE = "SELECT id FROM handover WHERE state = 'given' AND take_by < $1 ORDER BY take_by, id LIMIT 100"

VEHICLE = "SELECT organisation_id, group_id FROM vehicle WHERE id = $1 AND retired_at IS NULL"
SITES = "SELECT id FROM site WHERE id = ANY ($1::uuid[]) AND group_id = $2 AND retired_at IS NULL"
ADD_TOUR = """
INSERT INTO tour (id, organisation_id, group_id, vehicle_id, leaves_at, state, created_at)
VALUES ($1, $2, $3, $4, $5, 'planned', $6)
"""
TOUR = "SELECT * FROM tour WHERE id = $1"
LOCK_TOUR = "SELECT * FROM tour WHERE id = $1 FOR NO KEY UPDATE"
SET_TOUR = "UPDATE tour SET state = $2, driver_id = coalesce($3, driver_id), version = version + 1 WHERE id = $1"
TOURS = """
SELECT t.* FROM tour t
WHERE ($6::uuid[] IS NULL OR t.organisation_id = ANY ($6) OR EXISTS (
        SELECT FROM stop s JOIN site p ON p.id = s.site_id WHERE s.tour_id = t.id AND p.organisation_id = ANY ($6)))
  AND ($1::text IS NULL OR t.state = $1) AND ($2::timestamptz IS NULL OR t.leaves_at >= $2)
  AND ($3::timestamptz IS NULL OR t.leaves_at < $3) AND ($4::uuid IS NULL OR t.id < $4)
ORDER BY t.id DESC LIMIT $5
"""
# $2: whose sites; null: all.
STOPS = """
SELECT s.* FROM stop s JOIN site p ON p.id = s.site_id
WHERE s.tour_id = $1 AND ($2::uuid[] IS NULL OR p.organisation_id = ANY ($2) OR s.organisation_id = ANY ($2))
ORDER BY s.position
"""
STOP = "SELECT s.*, p.organisation_id AS at_organisation FROM stop s JOIN site p ON p.id = s.site_id WHERE s.id = $1"
LOCK_STOP = "SELECT * FROM stop WHERE id = $1 FOR NO KEY UPDATE"
OPEN_STOPS = "SELECT id FROM stop WHERE tour_id = $1 AND state = 'expected' ORDER BY position"
LATE = """
SELECT s.id FROM stop s JOIN cooperation_group g ON g.id = s.group_id
WHERE s.state = 'expected' AND NOT s.late_told
  AND s.promised_at + make_interval(mins => coalesce((g.parameters ->> 'stop_late_min')::int, $2)) < $1
ORDER BY s.promised_at, s.id LIMIT 100
"""
