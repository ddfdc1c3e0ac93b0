-- No two busy rows of a practitioner, room or device overlap, unless one of them is overbooked.
SELECT b.resource_id::text || ' ' || b.id::text AS key, 'begins at ' || lower(b.during) || ', the one before ends at ' || b.until AS detail
FROM (
    SELECT id, resource_id, during, max(upper(during)) OVER (
        PARTITION BY resource_id ORDER BY lower(during), id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
    FROM busy WHERE NOT overbooked) b
WHERE b.until > lower(b.during)
