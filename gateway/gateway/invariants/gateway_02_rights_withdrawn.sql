-- Who lost the right to come in has no session and no token that still opens the door.
SELECT s.sid AS key, 'a live session of a person who is ' || p.status AS detail
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.ended_at IS NULL AND p.status <> 'active'
UNION ALL
SELECT t.client_id::text, 'a token of a suspended client'
FROM access_token t JOIN client c ON c.id = t.client_id
WHERE c.status <> 'active'
