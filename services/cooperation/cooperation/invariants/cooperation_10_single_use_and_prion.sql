-- A single-use instrument is never assembled; a prion hold ends by two persons, a pharmacist and the infection-control team.
SELECT c.run_id::text AS key, 'holds model ' || m.id || ', which is for single use' AS detail
FROM run_content c
LEFT JOIN instrument i ON i.id = c.instrument_id
JOIN composition_line l ON l.id = c.line_id
JOIN instrument_model m ON m.id IN (l.model_id, i.model_id)
WHERE c.counted > 0 AND m.single_use
UNION ALL
SELECT h.id::text, 'is ' || h.state || ' with ' || count(DISTINCT s.person_id) || ' of two persons'
FROM hold h LEFT JOIN signature s ON s.about_id = h.id AND s.act = h.state AND s.role IN ('sterilisation_releaser', 'hygiene')
WHERE h.kind = 'prion' AND h.state <> 'active'
GROUP BY h.id, h.state HAVING count(DISTINCT s.person_id) < 2 OR count(DISTINCT s.role) < 2
