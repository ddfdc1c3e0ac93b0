-- No member sees another's: what belongs to a set, a run or an operation belongs to its owner, so that row-level security shows it to him and to nobody else.
SELECT r.id::text AS key, 'is a run of another''s set' AS detail
FROM run r JOIN instrument_set s ON s.id = r.set_id WHERE r.organisation_id <> s.organisation_id
UNION ALL
SELECT u.id::text, 'is a use of another''s run' FROM use u JOIN run r ON r.id = u.run_id WHERE u.organisation_id <> r.organisation_id
UNION ALL
SELECT c.id::text, 'is in another''s run' FROM run_content c JOIN run r ON r.id = c.run_id WHERE c.organisation_id <> r.organisation_id
UNION ALL
SELECT p.id::text, 'shows another''s run in a load' FROM load_run p JOIN run r ON r.id = p.run_id WHERE p.organisation_id <> r.organisation_id
UNION ALL
SELECT l.id::text, 'is a recall line of another''s run' FROM recall_line l JOIN run r ON r.id = l.subject_id WHERE l.organisation_id <> r.organisation_id
UNION ALL
SELECT h.id::text, 'holds another''s set' FROM hold_subject h JOIN instrument_set s ON s.id = h.subject_id WHERE h.organisation_id <> s.organisation_id
UNION ALL
SELECT c.id::text, 'says where another''s set is' FROM custody c JOIN instrument_set s ON s.id = c.subject_id WHERE c.organisation_id <> s.organisation_id
UNION ALL
SELECT n.id::text, 'is a need of another''s operation' FROM need n JOIN operation o ON o.id = n.operation_id WHERE n.organisation_id <> o.organisation_id
UNION ALL
SELECT a.id::text, 'keeps another''s pack' FROM allocation a JOIN run r ON r.id = a.run_id WHERE a.organisation_id <> r.organisation_id
UNION ALL
SELECT e.id::text, 'tells another what was done to his run' FROM trace_entry e JOIN run r ON r.id = e.subject_id WHERE e.organisation_id <> r.organisation_id
