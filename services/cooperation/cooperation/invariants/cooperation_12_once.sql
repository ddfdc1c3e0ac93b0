-- Replays leave the same state: a device's scans are 1, 2, 3… each once, a load has one record that counts, one cycle has one load.
SELECT d.id::text AS key, 'counts ' || d.last_seq || ' scans, ' || count(s.seq) || ' are kept up to ' || coalesce(max(s.seq), 0) AS detail
FROM device d LEFT JOIN scan s ON s.device_id = d.id
GROUP BY d.id, d.last_seq HAVING d.last_seq <> count(s.seq) OR d.last_seq <> coalesce(max(s.seq), 0)
UNION ALL
SELECT c.load_id::text, count(*) || ' records count' FROM cycle_record c WHERE c.accepted GROUP BY c.load_id HAVING count(*) > 1
UNION ALL
SELECT l.machine_id::text, 'ran cycle ' || l.cycle_no || ' for ' || count(*) || ' loads'
FROM load l WHERE l.cycle_no IS NOT NULL GROUP BY l.machine_id, l.cycle_no HAVING count(*) > 1
UNION ALL
SELECT u.run_id::text, 'was used ' || count(*) || ' times' FROM use u GROUP BY u.run_id HAVING count(*) > 1
