-- Clean and dirty never share a crate or a compartment.
SELECT k.id::text AS key, 'holds ' || k.load_state || ' goods and run ' || r.id || ', put in as ' || r.stage AS detail
FROM crate k JOIN custody c ON c.place_id = k.id AND c.until IS NULL
JOIN run r ON r.set_id = c.subject_id AND r.stage NOT IN ('used', 'aborted') AND r.created_at <= c.created_at
WHERE NOT k.quarantine
  AND k.load_state IS DISTINCT FROM CASE WHEN r.stage = 'released' THEN 'clean' WHEN r.stage = 'returning' THEN 'dirty' END
UNION ALL
SELECT k.id::text, 'is clean and was not decontaminated since it held dirty goods'
FROM crate k WHERE k.load_state = 'clean' AND k.dirty_since IS NOT NULL
UNION ALL
SELECT p.id::text, 'carries clean and dirty crates'
FROM compartment p JOIN custody c ON c.place_id = p.id AND c.until IS NULL JOIN crate k ON k.id = c.subject_id
GROUP BY p.id HAVING bool_or(k.dirty_since IS NOT NULL) AND bool_or(k.dirty_since IS NULL AND k.load_state = 'clean')
UNION ALL
SELECT p.id::text, 'is for ' || p.cleanliness || ' crates and carries crate ' || k.id
FROM compartment p JOIN custody c ON c.place_id = p.id AND c.until IS NULL JOIN crate k ON k.id = c.subject_id
WHERE (p.cleanliness = 'clean' AND k.dirty_since IS NOT NULL) OR (p.cleanliness = 'dirty' AND k.load_state = 'clean')
