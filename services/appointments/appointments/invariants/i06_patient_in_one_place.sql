-- A patient has no two overlapping live appointments, and of those booked online at most max_live per reason to come.
SELECT a.patient_id::text || ' ' || a.id::text AS key, 'begins at ' || lower(a.during) || ', the one before ends at ' || a.until AS detail
FROM (
    SELECT id, patient_id, during, max(upper(during)) OVER (
        PARTITION BY patient_id ORDER BY lower(during), id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
    FROM appointment WHERE status IN ('pending', 'booked', 'arrived')) a
WHERE a.until > lower(a.during)
UNION ALL
SELECT a.patient_id::text || ' ' || a.reason_id::text, count(*) || ' live online of at most ' || r.max_live
FROM appointment a JOIN visit_reason r ON r.id = a.reason_id
WHERE a.audience = 'public' AND a.status IN ('pending', 'booked', 'arrived') AND upper(a.during) > kit_now()
  -- Two files that became one may have had as many each.
  AND NOT EXISTS (SELECT FROM patient_merge m WHERE m.into_id = a.patient_id AND m.undone_at IS NULL)
GROUP BY a.patient_id, a.reason_id, r.max_live
HAVING count(*) > r.max_live
