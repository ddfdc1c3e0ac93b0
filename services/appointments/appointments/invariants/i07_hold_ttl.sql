-- A hold ends at its deadline by the base's clock: none was confirmed after it, none keeps its time beyond it, and its time ends with it.
SELECT h.id::text AS key, 'confirmed at ' || h.closed_at || ', deadline ' || h.expires_at AS detail
FROM hold h WHERE h.state = 'confirmed' AND h.closed_at > h.expires_at
UNION ALL
-- Some seconds beside the one that is aimed at: a worker that takes over needs them.
SELECT h.id::text, 'still ' || h.state || ', deadline ' || h.expires_at
FROM hold h WHERE h.state IN ('held', 'identified') AND h.expires_at < kit_now() - interval '5 seconds'
UNION ALL
SELECT h.id::text, 'busy of a hold that is ' || h.state || ', its deadline ' || b.expires_at || ' for ' || h.expires_at
FROM busy b JOIN hold h ON h.id = b.hold_id
WHERE h.state NOT IN ('held', 'identified') OR h.expires_at <> b.expires_at
