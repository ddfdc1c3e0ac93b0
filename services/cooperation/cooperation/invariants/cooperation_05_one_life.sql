-- A set has at most one live run, an instrument is in at most one set.
SELECT r.set_id::text AS key, count(*) || ' live runs' AS detail
FROM run r WHERE r.stage NOT IN ('used', 'aborted') GROUP BY r.set_id HAVING count(*) > 1
UNION ALL
SELECT c.instrument_id::text, 'is in live runs of ' || count(DISTINCT r.set_id) || ' sets'
FROM run_content c JOIN run r ON r.id = c.run_id AND r.stage IN ('assembled', 'packed', 'sterilising', 'released')
WHERE c.instrument_id IS NOT NULL AND c.counted > 0
GROUP BY c.instrument_id HAVING count(DISTINCT r.set_id) > 1
