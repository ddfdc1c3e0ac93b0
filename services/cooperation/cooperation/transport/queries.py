"""SQL of transport: crates, seals, compartments, hand-overs, tours."""

CRATE = "SELECT * FROM crate WHERE id = $1"
CRATE_OF_TAG = "SELECT * FROM crate WHERE tag = $1 AND retired_at IS NULL"
LOCK_CRATE = "SELECT * FROM crate WHERE id = $1 AND retired_at IS NULL FOR NO KEY UPDATE"
LOCK_CRATES = "SELECT * FROM crate WHERE id = ANY ($1::uuid[]) AND retired_at IS NULL ORDER BY id FOR NO KEY UPDATE"
HOLDS = "SELECT crate_id, things FROM crate_holds($1)"
# The hold or recall is named to who sees it; that there is one, to whoever carries the crate.
BLOCKS = """
SELECT b.code, coalesce(h.id, r.id) AS cause_id
FROM crate_blocks($1) b LEFT JOIN hold h ON h.id = b.cause_id LEFT JOIN recall r ON r.id = b.cause_id
ORDER BY b.code, cause_id NULLS LAST LIMIT 1
"""
# What a crate holds, whether it was sealed and opened since it was soiled ($2), and whether it is given already.
FILLING = """
SELECT coalesce((SELECT things FROM crate_holds(ARRAY[$1::uuid])), 0) AS things,
       EXISTS (SELECT FROM seal WHERE crate_id = $1 AND broken_at >= $2::timestamptz) AS reopened,
       (SELECT c.handover_id FROM handover_crate c JOIN handover h ON h.id = c.handover_id AND h.state = 'given'
        WHERE c.crate_id = $1 LIMIT 1) AS handover_id
"""
# The day on which a pack is wanted: the operation that it is kept for.
DAY_OF_USE = """
SELECT max(o.starts_at) FROM allocation a JOIN need n ON n.id = a.need_id JOIN operation o ON o.id = n.operation_id
WHERE a.run_id = $1 AND a.ended_at IS NULL AND o.state = 'planned'
"""
ADD_SEAL = """
INSERT INTO seal (group_id, number, organisation_id, crate_id, sealed_by, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (group_id, number) DO NOTHING RETURNING number
"""
BREAK_SEAL = "UPDATE seal SET broken_at = $3 WHERE group_id = $1 AND number = $2 AND broken_at IS NULL"
PLACE = "SELECT * FROM place WHERE id = $1 AND retired_at IS NULL"
SITE = "SELECT id, organisation_id, group_id FROM site WHERE id = $1 AND retired_at IS NULL"
OWNER_OF_PLACE = "SELECT organisation_id FROM place WHERE id = $1"
# What a crate holds, as far as the caller sees: sets with their runs, lines of orders.
CONTENTS = """
SELECT c.subject_kind AS kind, c.subject_id AS id, c.since, s.name, s.tag, r.id AS run_id, r.stage, r.label,
       r.expires_on, l.order_id
FROM custody c
LEFT JOIN instrument_set s ON c.subject_kind = 'set' AND s.id = c.subject_id
LEFT JOIN run r ON r.set_id = s.id AND r.stage NOT IN ('used', 'aborted')
LEFT JOIN order_line l ON c.subject_kind = 'parcel' AND l.id = c.subject_id
WHERE c.place_id = $1 AND c.until IS NULL AND (c.subject_kind <> 'parcel' OR l.id IS NOT NULL)
ORDER BY c.since, c.id
"""
RUN_OF_TAG = """
SELECT r.id FROM instrument_set s JOIN run r ON r.set_id = s.id AND r.stage NOT IN ('used', 'aborted') WHERE s.tag = $1
"""
# The label of a run that has ended stands for the set's way back, and for nothing else.
RUN_OF_LABEL = """
SELECT coalesce((SELECT b.id FROM run b WHERE b.set_id = r.set_id AND b.stage = 'returning'
                 AND r.stage IN ('used', 'aborted')), r.id)
FROM run r WHERE r.label = $1
"""
# Where crates stand now.
STAND = """
SELECT c.subject_id AS crate_id, p.id, p.organisation_id, p.kind, p.site_id
FROM custody c JOIN place p ON p.id = c.place_id WHERE c.subject_id = ANY ($1::uuid[]) AND c.until IS NULL
"""
# With its id where the caller has a place at one end ($2: whose places; null: all).
OPEN_HANDOVER_OF = """
SELECT CASE WHEN $2::uuid[] IS NULL OR EXISTS (
           SELECT FROM place p WHERE p.id IN (h.from_place_id, h.to_place_id) AND p.organisation_id = ANY ($2))
       THEN c.handover_id END AS handover_id
FROM handover_crate c JOIN handover h ON h.id = c.handover_id AND h.state = 'given'
WHERE c.crate_id = ANY ($1::uuid[]) LIMIT 1
"""
LOCK_COMPARTMENT = "SELECT * FROM compartment WHERE id = $1 AND retired_at IS NULL FOR NO KEY UPDATE"
ABOARD = """
SELECT k.id AS compartment_id, c.id, c.flow, c.dirty_since IS NOT NULL AS soiled
FROM compartment k JOIN custody u ON u.place_id = k.id AND u.until IS NULL JOIN crate c ON c.id = u.subject_id
WHERE k.vehicle_id = $1
"""
FLOWS = "SELECT code, cleanliness, incompatible FROM flow WHERE group_id = $1 AND retired_at IS NULL"

ADD_HANDED = """
INSERT INTO handover_crate (handover_id, crate_id, organisation_id, group_id, seal_given) VALUES ($1, $2, $3, $4, $5)
"""
HANDOVER = "SELECT * FROM handover WHERE id = $1"
LOCK_HANDOVER = "SELECT * FROM handover WHERE id = $1 FOR NO KEY UPDATE"
HANDED = """
SELECT h.*, c.tag FROM handover_crate h JOIN crate c ON c.id = h.crate_id WHERE h.handover_id = $1 ORDER BY c.tag
"""
TAKEN = "UPDATE handover_crate SET taken = true, seal_taken = $3 WHERE handover_id = $1 AND crate_id = $2"
MISSING = "UPDATE handover_crate SET reason = $3 WHERE handover_id = $1 AND crate_id = $2"
# $1: whose places; null: all. A member sees what comes from or goes to its own.
SEEN = """
SELECT EXISTS (SELECT FROM place p WHERE p.id IN ($2, $3) AND ($1::uuid[] IS NULL OR p.organisation_id = ANY ($1)))
"""
HANDOVERS = """
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
CONCERNED = """
SELECT DISTINCT t.state, whose.organisation_id
FROM tour t
     CROSS JOIN LATERAL (
         SELECT t.organisation_id UNION
         SELECT s.organisation_id FROM stop p JOIN site s ON s.id = p.site_id WHERE p.tour_id = t.id
     ) whose
WHERE t.id = $1 ORDER BY whose.organisation_id
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
