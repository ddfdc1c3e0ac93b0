-- Deliveries of a subscription are counted without a hole, what was delivered was answered 2xx, what is disabled rests.
SELECT s.id::text AS key,
       (s.last_position - s.forgotten_to) || ' were counted since, ' || count(d.id) || ' are there' AS detail
FROM subscription s LEFT JOIN delivery d ON d.subscription_id = s.id AND d.position > s.forgotten_to
GROUP BY s.id, s.last_position, s.forgotten_to
HAVING count(d.id) <> s.last_position - s.forgotten_to OR max(d.position) > s.last_position
UNION ALL
SELECT d.id::text, 'delivered without an answer of 2xx' FROM delivery d
WHERE d.state = 'delivered' AND NOT EXISTS (
    SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.status BETWEEN 200 AND 299)
UNION ALL
SELECT d.id::text, 'due though its subscription is disabled'
FROM delivery d JOIN subscription s ON s.id = d.subscription_id
WHERE d.state = 'due' AND s.state = 'disabled'
