-- Whatever waits for somebody has a written deadline, and somebody who looks after it within a minute.
WITH waits (id, what, due) AS (
    SELECT id, 'offer', expires_at FROM offer WHERE state = 'open'
    UNION ALL
    SELECT id, 'connecting call', connect_deadline FROM call WHERE state = 'connecting' AND NOT observed
    UNION ALL
    SELECT id, 'call in wrap-up', wrap_up_until FROM call WHERE state = 'wrapping' AND NOT observed
    UNION ALL
    SELECT id, 'desk', greatest(seen_at, (SELECT hears_since FROM desk_watch)) + interval '60 seconds' FROM agent WHERE presence <> 'offline' AND desk_id IS NOT NULL
    UNION ALL
    SELECT id, 'command', expires_at FROM telephony_command WHERE state IN ('pending', 'sent')
    UNION ALL
    SELECT id, 'callback', expires_at FROM callback WHERE state = 'open'
    UNION ALL
    SELECT id, 'red flag', dial_deadline FROM red_flag WHERE state = 'dialling'
)
SELECT id::text AS key, what || CASE WHEN due IS NULL THEN ' has no deadline' ELSE ' was due at ' || due END AS detail
FROM waits WHERE due IS NULL OR due < kit_now() - interval '1 minute'
