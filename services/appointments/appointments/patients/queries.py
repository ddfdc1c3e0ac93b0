"""SQL of patients. `merged_into_id IS NULL` everywhere: a merged patient is read under the one who remains."""

# The organisation that receives a new person: that of the site, else the caller's own ($2), else the only one in reach.
ORGANISATIONS = """
SELECT o.id FROM organisation o
WHERE $1::uuid IS NULL OR o.id = (SELECT s.organisation_id FROM site s WHERE s.id = $1)
ORDER BY coalesce(o.id = $2, false) DESC, o.id LIMIT 2
"""

# Two creations of the same person take turns, so that the second sees the first.
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(hashtextextended('patient ' || $1::uuid::text || ' ' || $2::date::text, 0))"
)

CREATE = """
INSERT INTO patient (id, organisation_id, birth_family_name, used_family_name, birth_given_names, used_given_name,
                     birth_date, sex, birth_place_insee, flags, referring_practitioner_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING *
"""

ADD_CONTACTS = """
INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at)
SELECT $1, $2, kind, value, verified_at FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS c (kind, value,
    verified_at)
ON CONFLICT (patient_id, value) DO UPDATE SET kind = EXCLUDED.kind, verified_at = coalesce(contact.verified_at,
    EXCLUDED.verified_at)
"""
DROP_OTHER_CONTACTS = "DELETE FROM contact WHERE patient_id = $1 AND value <> ALL ($2::text[])"
PROVE_CONTACT = """
WITH proved AS (
    UPDATE contact SET verified_at = $3 WHERE patient_id = $1 AND value = $2
        AND verified_at IS NULL RETURNING patient_id
)
UPDATE patient SET version = version + 1 WHERE id IN (SELECT patient_id FROM proved) RETURNING *
"""

# Same birth date and same names (any of birth and used name, first of several given names), or names alike by trigrams;
# or a proved contact and the same first name. $7: contacts of the wish, $8: people declared to be others.
SUSPECTS = """
WITH wish AS (
    SELECT name_key($3) AS family, name_key(coalesce($4, $3)) AS used, name_key($5) AS given,
           name_key(split_part($5, ' ', 1)) AS first, name_key(coalesce($6, $5)) AS called
), alike AS (
    SELECT p.id, greatest(similarity(p.family_key || ' ' || p.given_key, w.family || ' ' || w.given),
                          similarity(coalesce(p.used_key, p.family_key) || ' ' || p.given_key,
                              w.used || ' ' || w.given),
                          CASE WHEN (p.family_key IN (w.family, w.used) OR p.used_key IN (w.family, w.used))
                                AND (p.given_key IN (w.given, w.first, w.called)
                                     OR name_key(p.used_given_name) IN (w.given, w.called)
                                     OR name_key(split_part(p.birth_given_names, ' ',
                                         1)) = w.given) THEN 1 ELSE 0 END) AS score
    FROM patient p, wish w
    WHERE p.organisation_id = $1 AND p.birth_date = $2
), reached AS (
    SELECT p.id, 0.6 AS score
    FROM contact c JOIN patient p ON p.id = c.patient_id, wish w
    WHERE c.value = ANY ($7::text[]) AND c.verified_at IS NOT NULL AND p.organisation_id = $1
      AND name_key(split_part(coalesce(p.used_given_name, p.birth_given_names), ' ', 1)) IN (w.first, w.called)
), suspect AS (
    SELECT id, max(score) AS score
    FROM (SELECT * FROM alike WHERE score > 0.6 UNION ALL SELECT * FROM reached) either
    GROUP BY id
)
SELECT p.*, s.score FROM suspect s JOIN patient p ON p.id = s.id
WHERE p.merged_into_id IS NULL AND p.id <> ALL ($8::uuid[])
ORDER BY s.score DESC, p.id LIMIT 8
"""

# Among people whom the caller reaches anyway ($1): the one he names. Never anybody else, so that nobody is revealed.
NAMED_AMONG = """
SELECT p.* FROM patient p
WHERE p.id = ANY ($1::uuid[]) AND p.organisation_id = $2 AND p.birth_date = $3 AND p.merged_into_id IS NULL
  AND name_key($4) IN (p.family_key, p.used_key)
  AND name_key($5) IN (p.given_key, name_key(p.used_given_name), name_key(split_part(p.birth_given_names, ' ', 1)))
ORDER BY p.created_at LIMIT 1
"""

NOT_SAME = """
INSERT INTO not_same_person (first_id, second_id, organisation_id, by, at)
SELECT least($1::uuid, p.id), greatest($1::uuid, p.id), $2, $4, $5
FROM patient p WHERE p.id = ANY ($3::uuid[]) AND p.organisation_id = $2
ON CONFLICT DO NOTHING
"""
# Kept until COMMIT: nobody is merged away between this and what is written about him.
KNOWN_IDS = """
SELECT p.id FROM patient p WHERE p.id = ANY ($1::uuid[]) AND p.organisation_id = $2 AND p.merged_into_id IS NULL
ORDER BY p.id FOR KEY SHARE
"""

WHOSE = "SELECT p.id, p.organisation_id FROM patient p WHERE p.id = ANY ($1::uuid[])"

FILE = """
SELECT p.*,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'value', c.value, 'verified_at', c.verified_at)
                                  ORDER BY c.kind DESC, c.value), '[]')
        FROM contact c WHERE c.patient_id = p.id) AS contacts,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'other_patient_id', r.other_patient_id, 'kind', r.kind, 'may_book', r.may_book, 'may_receive',
                       r.may_receive,
                   'until', upper(r.during), 'names', jsonb_build_array(
                       o.birth_family_name, o.used_family_name, o.birth_given_names,
                           o.used_given_name)) ORDER BY r.kind, o.id), '[]')
        FROM relation r JOIN patient o ON o.id = r.other_patient_id WHERE r.patient_id = p.id) AS relations
FROM patient p WHERE p.id = $1 AND p.merged_into_id IS NULL
"""
LOCK = "SELECT * FROM patient WHERE id = $1 AND merged_into_id IS NULL FOR UPDATE"
CHANGE = """
UPDATE patient SET birth_family_name = $2, used_family_name = $3, birth_given_names = $4, used_given_name = $5,
       birth_date = $6, sex = $7, birth_place_insee = $8, flags = $9, referring_practitioner_id = $10,
           identity_status = $11,
       ins = CASE WHEN $12 THEN NULL ELSE ins END, ins_oid = CASE WHEN $12 THEN NULL ELSE ins_oid END,
       ins_at = CASE WHEN $12 THEN NULL ELSE ins_at END, version = version + 1
WHERE id = $1
"""
KEEP_BEFORE = """
INSERT INTO patient_change (patient_id, version, organisation_id, before, by, at)
SELECT p.id, p.version, p.organisation_id, jsonb_build_object(
           'identity_status', p.identity_status, 'birth_family_name', p.birth_family_name, 'birth_given_names',
               p.birth_given_names,
           'birth_date', p.birth_date, 'sex', p.sex, 'birth_place_insee', p.birth_place_insee,
           'ins', p.ins, 'ins_oid', p.ins_oid, 'ins_at', p.ins_at), $2, $3
FROM patient p WHERE p.id = $1
"""
NEXT_VERSION = "UPDATE patient SET version = version + 1 WHERE id = $1"

DROP_RELATIONS = "DELETE FROM relation WHERE patient_id = $1"
ADD_RELATIONS = """
INSERT INTO relation (patient_id, organisation_id, other_patient_id, kind, may_book, may_receive, during)
SELECT $1, $2, r.other, r.kind, r.may_book, r.may_receive, tstzrange($8, r.until)
FROM unnest($3::uuid[], $4::text[], $5::boolean[], $6::boolean[], $7::timestamptz[]) AS r (other, kind, may_book,
    may_receive, until)
"""

# People with the proved contact, and those for whom they may book.
REACHABLE = """
SELECT p.id FROM contact c JOIN patient p ON p.id = c.patient_id
WHERE c.value = $1 AND p.merged_into_id IS NULL
UNION
SELECT p.id FROM contact c JOIN relation r ON r.other_patient_id = c.patient_id JOIN patient p ON p.id = r.patient_id
WHERE c.value = $1 AND r.may_book AND r.during @> $2::timestamptz AND p.merged_into_id IS NULL
"""

# How many people each word would find, counted up to $2. As in SEARCH, a word of one or two letters must be the whole.
WIDTHS = """
SELECT word, (
    SELECT count(*) FROM (
        SELECT FROM patient_word w
        WHERE w.word >= key AND w.word < key || CASE WHEN length(key) < 3 THEN chr(1) ELSE chr(1114111) END LIMIT $2)
            AS few
    ) AS people
FROM unnest($1::text[]) AS word, name_key(word) AS key
"""

# One criterion finds (the number, else the birth date, else the rarest word, else the caller's own people), all of
# them filter. A word finds the names that begin with it; of one or two letters, the names that are it: a million
# people have an "m" somewhere.
# $1 rarest word, $2 other words, $3 birth date, $4 number, $5 the only ids in reach or null, $6 last id of the page
# before, $7 how many.
SEARCH = """
WITH sought AS MATERIALIZED (
    SELECT place, key AS low, key || CASE WHEN place = 1 AND length(key) < 3 THEN chr(1) ELSE chr(1114111) END AS high
    FROM unnest($1::text || $2::text[]) WITH ORDINALITY AS word (text, place), name_key(text) AS key
    WHERE word.text IS NOT NULL
), hit AS (
    SELECT c.patient_id AS id FROM contact c WHERE $4::text IS NOT NULL AND c.value = $4
    UNION
    SELECT p.id FROM patient p WHERE $4::text IS NULL AND $3::date IS NOT NULL AND p.birth_date = $3
    UNION
    SELECT w.patient_id FROM patient_word w
    WHERE $4::text IS NULL AND $3::date IS NULL AND $1::text IS NOT NULL
      AND w.word >= (SELECT low FROM sought WHERE place = 1) AND w.word < (SELECT high FROM sought WHERE place = 1)
    UNION
    SELECT unnest($5::uuid[]) WHERE $4::text IS NULL AND $3::date IS NULL AND $1::text IS NULL
), after AS (
    SELECT family_key, given_key, id FROM patient WHERE id = $6
)
SELECT p.id, p.organisation_id, p.identity_status, p.birth_family_name, p.used_family_name, p.birth_given_names,
       p.used_given_name, p.birth_date, p.sex
FROM hit JOIN patient p ON p.id = hit.id
WHERE p.merged_into_id IS NULL
  AND ($5::uuid[] IS NULL OR p.id = ANY ($5))
  AND ($3::date IS NULL OR p.birth_date = $3)
  AND 0 = (  -- counted, because the planner would flatten NOT EXISTS into a join with all words of everybody
      SELECT count(*) FROM sought s
      WHERE NOT EXISTS (
          SELECT FROM patient_word w WHERE w.patient_id = p.id AND w.word >= s.low AND w.word < s.high))
  AND ($6::uuid IS NULL OR (p.family_key, p.given_key, p.id) > (SELECT family_key, given_key, id FROM after))
ORDER BY p.family_key, p.given_key, p.id LIMIT $7
"""

# Who may be calling from $1, at $2: holders of the number, then those for whom a holder acts. At most eight.
CANDIDATES = """
WITH holder AS (
    SELECT DISTINCT c.patient_id AS id FROM contact c WHERE c.value = $1
), person AS (
    SELECT id, 'contact' AS via FROM holder
    UNION ALL
    SELECT DISTINCT r.patient_id, 'relation' FROM holder h JOIN relation r ON r.other_patient_id = h.id
    WHERE r.during @> $2::timestamptz AND r.patient_id NOT IN (SELECT id FROM holder)
)
SELECT p.id, p.organisation_id, p.birth_family_name, p.used_family_name, p.birth_given_names, p.used_given_name,
    p.birth_date,
       p.identity_status, person.via, past.last_seen_on, past.missed, past.conflict, soon.id AS next_id, soon.start,
           soon.site_id,
       soon.timezone
FROM person JOIN patient p ON p.id = person.id
LEFT JOIN LATERAL (
    SELECT max(a.local_date) FILTER (WHERE a.status = 'fulfilled') AS last_seen_on,
           count(*) FILTER (WHERE a.status = 'noshow' AND NOT a.excused
               AND lower(a.during) > $2 - interval '12 months') AS missed,
           coalesce(bool_or(a.conflict IS NOT NULL AND a.status IN ('pending', 'booked') AND upper(a.during) > $2),
               false) AS conflict
    FROM appointment a WHERE a.patient_id = p.id
) past ON true
LEFT JOIN LATERAL (
    SELECT a.id, lower(a.during) AS start, a.site_id, s.timezone
    FROM appointment a JOIN site s ON s.id = a.site_id
    WHERE a.patient_id = p.id AND a.status IN ('pending', 'booked') AND lower(a.during) > $2
    ORDER BY lower(a.during) LIMIT 1
) soon ON true
WHERE p.merged_into_id IS NULL
ORDER BY person.via, soon.start NULLS LAST, past.last_seen_on DESC NULLS LAST, p.id LIMIT 8
"""
