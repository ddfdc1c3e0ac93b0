-- A one-time code proved something at most once, in its ten minutes, within five tries; a token lives five minutes.
SELECT id::text AS key, 'used after its end or after ' || tries || ' tries' AS detail
FROM challenge WHERE used_at IS NOT NULL AND (used_at > expires_at OR tries > 5)
UNION ALL
SELECT id::text, 'its code is still kept' FROM challenge
WHERE code_sealed IS NOT NULL AND (used_at IS NOT NULL OR sending = 'sent')
UNION ALL
SELECT client_id::text, 'a token of more than five minutes' FROM access_token
WHERE expires_at > issued_at + interval '5 minutes'
