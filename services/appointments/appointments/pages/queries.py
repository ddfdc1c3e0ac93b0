"""SQL of the pages: what a visitor may choose from. Everything else is asked from the other nouns' use cases."""

# The centre whose pages these are: the named one, else the first that lets the public book.
CENTRE = """
SELECT o.id, o.name, o.timezone, o.phone, o.holiday_zone, o.settings
FROM organisation o
WHERE CASE WHEN $1::uuid IS NOT NULL THEN o.id = $1
           ELSE EXISTS (SELECT FROM visit_reason v
                        WHERE v.organisation_id = o.id AND v.active AND 'public' = ANY (v.bookable_by))
      END
ORDER BY o.id LIMIT 1
"""
REASONS = """
SELECT id, code, public_label, coalesce(public_label_en, public_label) AS public_label_en,
       coalesce(instruction, '') AS instruction, coalesce(instruction_en, instruction, '') AS instruction_en,
       min_age, max_age, first_visit,
       'public' = ANY (bookable_by) AS bookable
FROM visit_reason
WHERE organisation_id = $1 AND active AND ('public' = ANY (bookable_by) OR NOT sensitive)
ORDER BY rank, id
"""
SITES = """
SELECT s.id, s.code, s.name, s.city, coalesce(s.address_line, '') AS address_line,
       coalesce(s.postal_code, '') AS postal_code, coalesce(s.access_note, '') AS access_note, s.step_free
FROM site s WHERE s.organisation_id = $1 AND s.active ORDER BY s.city, s.name
"""
PRACTITIONERS = """
SELECT p.id, p.display_name
FROM practitioner p
WHERE p.organisation_id = $1
  AND EXISTS (
    SELECT FROM schedule s JOIN site l ON l.id = s.site_id
    WHERE s.practitioner_id = p.id AND s.active AND p.active_during @> (kit_now() AT TIME ZONE l.timezone)::date)
ORDER BY p.family_name, p.given_name
"""
