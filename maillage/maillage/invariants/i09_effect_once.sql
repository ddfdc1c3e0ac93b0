-- One effect per event and consumer: the inbox cannot hold an event twice (its primary key is what forbids it).
SELECT 'kit.inbox' AS key, 'no unique key on (consumer, event_id)' AS detail
WHERE NOT EXISTS (
    SELECT FROM pg_index i
    WHERE i.indrelid = 'kit.inbox'::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
      AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
           WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) = ARRAY['consumer', 'event_id']
)
