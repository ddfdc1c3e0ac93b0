"""SQL of duplicates and merges. $1 is always the file that goes, $2 the one that remains."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# --- pairs ------------------------------------------------------------------------------------------------------------

# Organisations whose night has come: between three and six, local time, and not yet done. No catching up by day.
DUE = """
SELECT o.id, (n.local - interval '3 hours')::date AS night
FROM organisation o
CROSS JOIN LATERAL (SELECT $1::timestamptz AT TIME ZONE o.timezone AS local) n
LEFT JOIN duplicate_search s ON s.organisation_id = o.id
WHERE extract(hour FROM n.local) BETWEEN 3 AND 5 AND (s.night IS NULL OR s.night < (n.local - interval '3 hours')::date)
ORDER BY o.id
"""
# A merge and the search of its organisation take turns, so that no pair names a file that has just gone.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('duplicates ' || $1::uuid::text, 0))"
# Cuts of the birth dates into pieces of about $2 people, so that each is a short transaction.
CUTS = """
SELECT DISTINCT birth_date AS cut FROM (
    SELECT birth_date, row_number() OVER (ORDER BY birth_date) AS place FROM patient WHERE organisation_id = $1
) p WHERE place % $2 = 0 ORDER BY cut
"""

# What pairs found are written with: not those declared different; grounds of one search join.
_WRITE = """
INSERT INTO duplicate_pair AS d (first_id, second_id, organisation_id, score, grounds, found_at)
SELECT least(f.a, f.b), greatest(f.a, f.b), $1, round(f.score::numeric, 3), ARRAY[f.ground], $2
FROM found f
WHERE NOT EXISTS (SELECT FROM not_same_person n
                  WHERE n.first_id = least(f.a, f.b) AND n.second_id = greatest(f.a, f.b))
ON CONFLICT (first_id, second_id) DO UPDATE SET
    score = CASE WHEN d.found_at = EXCLUDED.found_at OR 'ins' = ANY (d.grounds) THEN greatest(d.score, EXCLUDED.score)
                 ELSE EXCLUDED.score END,
    grounds = CASE WHEN d.found_at = EXCLUDED.found_at OR 'ins' = ANY (d.grounds)
                   THEN ARRAY(SELECT DISTINCT unnest(d.grounds || EXCLUDED.grounds) ORDER BY 1)
                   ELSE EXCLUDED.grounds END,
    found_at = EXCLUDED.found_at
"""
# Born the same day between $3 and $4, and of the same or of similar names: the rule of a creation (patients, SUSPECTS),
# made symmetric.
BY_BIRTH = (
    """
WITH person AS MATERIALIZED (
    SELECT p.id, p.birth_date, p.family_key AS family, coalesce(p.used_key, p.family_key) AS used,
           p.given_key AS given,
           CASE WHEN p.birth_given_names LIKE '% %' THEN name_key(split_part(p.birth_given_names, ' ', 1))
                ELSE p.given_key END AS first,
           CASE WHEN p.used_given_name IS NULL THEN p.given_key ELSE name_key(p.used_given_name) END AS called
    FROM patient p
    WHERE p.organisation_id = $1 AND p.birth_date >= $3 AND p.birth_date < $4 AND p.merged_into_id IS NULL
), compared AS (
    SELECT a.id AS a, b.id AS b,
           (a.family IN (b.family, b.used) OR a.used IN (b.family, b.used))
               AND (a.given IN (b.given, b.first, b.called) OR a.called IN (b.given, b.called) OR a.first = b.given)
               AS same,
           a.family || ' ' || a.given AS mine, b.family || ' ' || b.given AS other,
           a.used || ' ' || a.given AS my_used, b.used || ' ' || b.given AS other_used,
           a.used <> a.family OR b.used <> b.family AS changed
    FROM person a JOIN person b ON b.birth_date = a.birth_date AND a.id < b.id
), scored AS (
    SELECT a, b, CASE WHEN same THEN 1 WHEN changed
                 THEN greatest(similarity(mine, other), similarity(my_used, other_used))
                 ELSE similarity(mine, other) END AS score
    FROM compared
), found AS (
    SELECT a, b, score, CASE WHEN score = 1 THEN 'birth_and_name' ELSE 'similar_name' END AS ground
    FROM scored WHERE score > 0.6
)
"""
    + _WRITE
)
BY_CONTACT = (
    """
WITH reached AS MATERIALIZED (
    SELECT DISTINCT c.value, p.id,
           name_key(split_part(coalesce(p.used_given_name, p.birth_given_names), ' ', 1)) AS called
    FROM contact c JOIN patient p ON p.id = c.patient_id
    WHERE p.organisation_id = $1 AND c.verified_at IS NOT NULL AND p.merged_into_id IS NULL
), found AS (
    SELECT DISTINCT a.id AS a, b.id AS b, 0.6 AS score, 'contact_and_given_name' AS ground
    FROM reached a JOIN reached b ON b.value = a.value AND b.called = a.called AND a.id < b.id
)
"""
    + _WRITE
)
# An INS that one file carries and another did before its identity was put in doubt; two living files never carry one.
BY_INS = (
    """
WITH carried AS (
    SELECT p.id, p.ins FROM patient p
    WHERE p.organisation_id = $1 AND p.ins IS NOT NULL AND p.merged_into_id IS NULL
    UNION
    SELECT p.id, c.before ->> 'ins' FROM patient_change c JOIN patient p ON p.id = c.patient_id
    WHERE c.organisation_id = $1 AND c.before ->> 'ins' IS NOT NULL AND p.merged_into_id IS NULL
), found AS (
    SELECT DISTINCT a.id AS a, b.id AS b, 1 AS score, 'ins' AS ground
    FROM carried a JOIN carried b ON b.ins = a.ins AND a.id < b.id
)
"""
    + _WRITE
)
# What this search did not find again is no pair any more; what the register said stays until somebody decides.
SEARCHED = """
WITH gone AS (
    DELETE FROM duplicate_pair WHERE organisation_id = $1 AND found_at < $2 AND NOT 'ins' = ANY (grounds)
)
INSERT INTO duplicate_search (organisation_id, night, at, pairs)
SELECT $1, $3, $2, count(*) FROM duplicate_pair
WHERE organisation_id = $1 AND (found_at = $2 OR 'ins' = ANY (grounds))
ON CONFLICT (organisation_id) DO UPDATE SET night = EXCLUDED.night, at = EXCLUDED.at, pairs = EXCLUDED.pairs
"""
LAST_SEARCH = "SELECT max(at) FROM duplicate_search"

# $1 now; $2, $3, $4 the last one seen; $5 how many.
PAIRS = """
WITH page AS MATERIALIZED (
    SELECT d.* FROM duplicate_pair d
    WHERE $2::numeric IS NULL OR d.score < $2
       OR (d.score = $2 AND (d.first_id, d.second_id) > ($3::uuid, $4::uuid))
    ORDER BY d.score DESC, d.first_id, d.second_id LIMIT $5
)
SELECT d.first_id, d.second_id, d.score, d.grounds, d.found_at, p.id, p.organisation_id, p.identity_status,
       p.birth_family_name, p.used_family_name, p.birth_given_names, p.used_given_name, p.birth_date, p.sex,
       (SELECT count(*) FROM contact c WHERE c.patient_id = p.id) AS contacts,
       (SELECT count(*) FROM appointment a WHERE a.patient_id = p.id) AS appointments,
       soon.id AS next_id, soon.start, soon.site_id, soon.timezone
FROM page d JOIN patient p ON p.id IN (d.first_id, d.second_id)
LEFT JOIN LATERAL (
    SELECT a.id, lower(a.during) AS start, a.site_id, s.timezone
    FROM appointment a JOIN site s ON s.id = a.site_id
    WHERE a.patient_id = p.id AND a.status IN ('pending', 'booked') AND lower(a.during) > $1
    ORDER BY lower(a.during) LIMIT 1
) soon ON true
ORDER BY d.score DESC, d.first_id, d.second_id, p.id = d.second_id
"""

NOT_SAME = """
INSERT INTO not_same_person (first_id, second_id, organisation_id, by, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (first_id, second_id) DO UPDATE SET at = not_same_person.at
RETURNING first_id, second_id, by, at
"""
FORGET_PAIR = "DELETE FROM duplicate_pair WHERE first_id = $1 AND second_id = $2"
SAME_AGAIN = "DELETE FROM not_same_person WHERE first_id = $1 AND second_id = $2 RETURNING organisation_id"

# --- merging ----------------------------------------------------------------------------------------------------------

BOTH = "SELECT * FROM patient WHERE id IN ($1, $2) ORDER BY id FOR UPDATE"
OVERLAPPING = """
SELECT f.id, i.id AS other_id, lower(f.during) AS start
FROM appointment f JOIN appointment i ON i.during && f.during
WHERE f.patient_id = $1 AND i.patient_id = $2
  AND f.status IN ('pending', 'booked', 'arrived') AND i.status IN ('pending', 'booked', 'arrived')
ORDER BY lower(f.during) LIMIT 1
"""
LIVING = "SELECT living_patient($1)"


class Following(NamedTuple):
    """How the rows of one table go over, answering their ids, and how those ($3) go back that are still there."""

    over: str
    back: str


def _owned(table: str) -> Following:
    return Following(
        f"UPDATE {table} SET patient_id = $2 WHERE patient_id = $1 RETURNING id",
        f"UPDATE {table} SET patient_id = $1 WHERE id = ANY ($3) AND patient_id = $2",
    )


_OWNED = ("waiting_entry", "campaign_item", "appointment", "call_need", "series", "message", "identity_check")
FOLLOWING: Mapping[str, Following] = MappingProxyType(
    {table: _owned(table) for table in _OWNED}
    | {
        # Who asked for somebody else's visit.
        "requester_of_appointment": Following(
            """UPDATE appointment SET requester = jsonb_set(requester, '{patient_id}', to_jsonb($2::uuid))
               WHERE requester ->> 'patient_id' = $1::uuid::text RETURNING id""",
            """UPDATE appointment SET requester = jsonb_set(requester, '{patient_id}', to_jsonb($1::uuid))
               WHERE id = ANY ($3) AND requester ->> 'patient_id' = $2::uuid::text""",
        ),
        "requester_of_waiting_entry": Following(
            """UPDATE waiting_entry SET requester = jsonb_set(requester, '{patient_id}', to_jsonb($2::uuid))
               WHERE requester ->> 'patient_id' = $1::uuid::text RETURNING id""",
            """UPDATE waiting_entry SET requester = jsonb_set(requester, '{patient_id}', to_jsonb($1::uuid))
               WHERE id = ANY ($3) AND requester ->> 'patient_id' = $2::uuid::text""",
        ),
    }
)
"""In the lock order of the service."""

# What was written since the merge about a visit ($3) that goes back, or to move it, goes with it.
SINCE_BACK = """
WITH entries AS (
    UPDATE waiting_entry SET patient_id = $1 WHERE patient_id = $2 AND linked_appointment_id = ANY ($3)
)
UPDATE campaign_item SET patient_id = $1 WHERE patient_id = $2 AND appointment_id = ANY ($3)
"""
# And so does what is said and asked about that, once it is back.
SAID_BACK = """
WITH offer AS (
    SELECT o.id FROM waiting_entry e JOIN waiting_offer o ON o.entry_id = e.id WHERE e.patient_id = $1
), needs AS (
    UPDATE call_need SET patient_id = $1 WHERE patient_id = $2 AND ref_id IN (
        SELECT id FROM offer UNION ALL SELECT unnest($3::uuid[])
        UNION ALL SELECT i.id FROM campaign_item i WHERE i.patient_id = $1)
)
UPDATE message SET patient_id = $1 WHERE patient_id = $2 AND ref_id IN (SELECT id FROM offer)
"""

# Those that the remaining file lacks go over; those that it has are dropped, their proof goes over.
CONTACTS_OVER = """
WITH own AS (
    SELECT id, value FROM contact WHERE patient_id = $2
), went AS (
    UPDATE contact c SET patient_id = $2
    WHERE c.patient_id = $1 AND NOT EXISTS (SELECT FROM own WHERE own.value = c.value) RETURNING c.id
), dropped AS (
    DELETE FROM contact c USING own WHERE c.patient_id = $1 AND own.value = c.value RETURNING c.*
), proved AS (
    UPDATE contact k SET verified_at = d.verified_at FROM dropped d
    WHERE k.patient_id = $2 AND k.value = d.value AND k.verified_at IS NULL AND d.verified_at IS NOT NULL
    RETURNING k.id, k.verified_at
)
SELECT jsonb_build_object(
    'went', (SELECT coalesce(jsonb_agg(id), '[]') FROM went),
    'dropped', (SELECT coalesce(jsonb_agg(to_jsonb(dropped)), '[]') FROM dropped),
    'proved', (SELECT coalesce(jsonb_agg(to_jsonb(proved)), '[]') FROM proved))
"""
CONTACTS_BACK = """
WITH went AS (
    UPDATE contact SET patient_id = $1
    WHERE patient_id = $2 AND id IN (SELECT value::uuid FROM jsonb_array_elements_text($3::jsonb -> 'went'))
), proved AS (
    UPDATE contact k SET verified_at = NULL
    FROM jsonb_to_recordset($3::jsonb -> 'proved') AS p (id uuid, verified_at timestamptz)
    WHERE k.id = p.id AND k.patient_id = $2 AND k.verified_at = p.verified_at
)
INSERT INTO contact SELECT * FROM jsonb_populate_recordset(NULL::contact, $3::jsonb -> 'dropped')
ON CONFLICT DO NOTHING
"""

# A relation of the two to each other ends; one that the remaining file has too stays as it is there.
RELATIONS_OVER = """
WITH saved AS (
    DELETE FROM relation WHERE patient_id = $1 OR other_patient_id = $1 RETURNING *
), added AS (
    INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind, may_book, may_receive, during)
    SELECT CASE WHEN patient_id = $1 THEN $2 ELSE patient_id END,
           CASE WHEN other_patient_id = $1 THEN $2 ELSE other_patient_id END,
           organisation_id, kind, may_book, may_receive, during
    FROM saved WHERE $2 NOT IN (patient_id, other_patient_id)
    ON CONFLICT DO NOTHING RETURNING *
)
SELECT jsonb_build_object('saved', (SELECT coalesce(jsonb_agg(to_jsonb(saved)), '[]') FROM saved),
                          'added', (SELECT coalesce(jsonb_agg(to_jsonb(added)), '[]') FROM added))
"""
RELATIONS_BACK = """
WITH gone AS (
    DELETE FROM relation r USING jsonb_populate_recordset(NULL::relation, $1::jsonb -> 'added') AS a
    WHERE r.patient_id = a.patient_id AND r.other_patient_id = a.other_patient_id AND r.kind = a.kind
      AND r.during = a.during
)
INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind, may_book, may_receive, during)
SELECT living_patient(patient_id), living_patient(other_patient_id), organisation_id, kind, may_book, may_receive,
       during
FROM jsonb_populate_recordset(NULL::relation, $1::jsonb -> 'saved')
WHERE living_patient(patient_id) <> living_patient(other_patient_id)
ON CONFLICT DO NOTHING
"""

# Whoever was declared different from the one who goes is different from the one who remains. That the two were declared
# different ends with their merge, and comes back with its undoing.
DECLARED_OVER = """
WITH saved AS (
    DELETE FROM not_same_person WHERE first_id = $1 OR second_id = $1 RETURNING *
), added AS (
    INSERT INTO not_same_person (first_id, second_id, organisation_id, by, at)
    SELECT least(other, $2), greatest(other, $2), organisation_id, by, at
    FROM saved, LATERAL (SELECT CASE WHEN first_id = $1 THEN second_id ELSE first_id END AS other) o
    WHERE other <> $2
    ON CONFLICT DO NOTHING RETURNING *
)
SELECT jsonb_build_object('saved', (SELECT coalesce(jsonb_agg(to_jsonb(saved)), '[]') FROM saved),
                          'added', (SELECT coalesce(jsonb_agg(to_jsonb(added)), '[]') FROM added))
"""
DECLARED_BACK = """
WITH gone AS (
    DELETE FROM not_same_person n USING jsonb_populate_recordset(NULL::not_same_person, $1::jsonb -> 'added') AS a
    WHERE n.first_id = a.first_id AND n.second_id = a.second_id AND n.at = a.at
)
INSERT INTO not_same_person (first_id, second_id, organisation_id, by, at)
SELECT least(a, b), greatest(a, b), organisation_id, by, at
FROM (SELECT living_patient(first_id) AS a, living_patient(second_id) AS b, organisation_id, by, at
      FROM jsonb_populate_recordset(NULL::not_same_person, $1::jsonb -> 'saved')) s
WHERE a <> b
ON CONFLICT DO NOTHING
"""
PAIRS_OVER = """
WITH saved AS (
    DELETE FROM duplicate_pair WHERE first_id = $1 OR second_id = $1 RETURNING *
)
SELECT coalesce(jsonb_agg(to_jsonb(saved)), '[]') FROM saved
"""
PAIRS_BACK = """
INSERT INTO duplicate_pair
SELECT s.* FROM jsonb_populate_recordset(NULL::duplicate_pair, $1::jsonb) AS s
JOIN patient a ON a.id = s.first_id JOIN patient b ON b.id = s.second_id
WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM not_same_person n WHERE n.first_id = s.first_id AND n.second_id = s.second_id)
ON CONFLICT DO NOTHING
"""

# What the remaining file takes of the other beside its rows: never a trait, a status or an INS.
MERGE = """
WITH f AS (
    UPDATE patient SET merged_into_id = $2, version = version + 1 WHERE id = $1 RETURNING *
), was AS (
    SELECT first_seen_at, online_blocked_until, referring_practitioner_id, flags FROM patient WHERE id = $2
), now_ AS (
    UPDATE patient p SET
        first_seen_at = least(p.first_seen_at, f.first_seen_at),
        online_blocked_until = greatest(p.online_blocked_until, f.online_blocked_until),
        referring_practitioner_id = coalesce(p.referring_practitioner_id, f.referring_practitioner_id),
        flags = p.flags || ARRAY(SELECT flag FROM unnest(f.flags) AS flag
                                 WHERE flag IN ('interpreter', 'mobility') AND NOT flag = ANY (p.flags) ORDER BY flag),
        version = p.version + 1
    FROM f WHERE p.id = $2
    RETURNING p.first_seen_at, p.online_blocked_until, p.referring_practitioner_id, p.flags
)
SELECT jsonb_build_object('was', (SELECT to_jsonb(was) FROM was), 'now', (SELECT to_jsonb(now_) FROM now_))
"""
# A field goes back unless it has changed since. A visit given since the merge may have been the first of the one who
# comes back.
UNMERGE = """
WITH f AS (
    UPDATE patient SET merged_into_id = NULL, version = version + 1, first_seen_at = least(first_seen_at,
        (SELECT min(lower(a.during)) FROM appointment a WHERE a.patient_id = $1 AND a.status = 'fulfilled'))
    WHERE id = $1
)
UPDATE patient p SET
    first_seen_at = CASE WHEN p.first_seen_at IS NOT DISTINCT FROM n.first_seen_at
                         THEN w.first_seen_at ELSE p.first_seen_at END,
    online_blocked_until = CASE WHEN p.online_blocked_until IS NOT DISTINCT FROM n.online_blocked_until
                                THEN w.online_blocked_until ELSE p.online_blocked_until END,
    referring_practitioner_id = CASE WHEN p.referring_practitioner_id IS NOT DISTINCT FROM n.referring_practitioner_id
                                     THEN w.referring_practitioner_id ELSE p.referring_practitioner_id END,
    flags = CASE WHEN p.flags = n.flags THEN w.flags ELSE p.flags END,
    version = p.version + 1
FROM jsonb_populate_record(NULL::patient, $3::jsonb -> 'was') AS w,
     jsonb_populate_record(NULL::patient, $3::jsonb -> 'now') AS n
WHERE p.id = $2
"""

WRITE = """
INSERT INTO patient_merge (id, organisation_id, from_id, into_id, reason, moved, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING *
"""
READ = "SELECT * FROM patient_merge WHERE id = $1"
LOCKED = READ + " FOR UPDATE"
LATER = """
SELECT id FROM patient_merge
WHERE (from_id IN ($2, $3) OR into_id IN ($2, $3)) AND undone_at IS NULL AND id <> $1 AND (at, id) > ($4, $1)
ORDER BY at DESC, id DESC LIMIT 1
"""
UNDO = """
UPDATE patient_merge SET undone_at = $2, undone_by = $3, version = version + 1 WHERE id = $1 RETURNING *
"""
# What was written about the one who remains since the merge.
STAYED = """
SELECT 'appointment' AS kind, id FROM appointment WHERE patient_id = $1 AND created_at > $2
UNION ALL SELECT 'waiting_entry', id FROM waiting_entry WHERE patient_id = $1 AND created_at > $2
UNION ALL SELECT 'series', id FROM series WHERE patient_id = $1 AND created_at > $2
UNION ALL SELECT 'call_need', id FROM call_need WHERE patient_id = $1 AND created_at > $2
UNION ALL SELECT 'identity_check', id FROM identity_check WHERE patient_id = $1 AND at > $2
ORDER BY 1, 2
"""
# $1, $2 the last one seen; $3 a file or null; $4 how many.
HISTORY = """
SELECT * FROM patient_merge
WHERE ($1::timestamptz IS NULL OR (at, id) < ($1, $2::uuid)) AND ($3::uuid IS NULL OR $3 IN (from_id, into_id))
ORDER BY at DESC, id DESC LIMIT $4
"""
ORGANISATION_OF = "SELECT organisation_id FROM patient WHERE id = $1"
