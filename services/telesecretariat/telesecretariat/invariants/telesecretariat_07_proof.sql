-- What was displayed can be proved: each display names versions that were published by then, and a hash.
SELECT d.id::text AS key, 'shows version ' || v.id || CASE WHEN i.id IS NULL THEN ', which is not there' ELSE ', not published at ' || d.displayed_at END AS detail
FROM instruction_display d CROSS JOIN LATERAL unnest(d.version_ids) AS v (id)
LEFT JOIN instruction_version i ON i.id = v.id
WHERE i.id IS NULL OR i.published_at IS NULL OR i.published_at > d.displayed_at
UNION ALL
SELECT d.id::text, 'has no hash of what was shown' FROM instruction_display d WHERE length(d.content_hash) < 32
UNION ALL
SELECT d.id::text, 'asks to acknowledge what it did not show' FROM instruction_display d WHERE NOT d.must_acknowledge <@ d.version_ids
