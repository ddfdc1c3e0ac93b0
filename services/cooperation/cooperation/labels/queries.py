"""SQL of labels."""

# `printed`: how often this label of the pack was printed already.
PACK = """
SELECT r.gaps, s.name AS set_name, s.tag, c.code AS composition_code, c.name AS composition_name,
       v.no AS composition_no, m.name AS owner_name, p.name AS packaging_name, l.cycle_no, n.name AS machine_name,
       (SELECT count(*) FROM trace_entry e
        WHERE e.subject_id = r.id AND e.kind = 'run.label_printed' AND e.data->'facts'->>'label' = $2) AS printed
FROM run r JOIN instrument_set s ON s.id = r.set_id
JOIN composition_version v ON v.id = r.composition_version_id JOIN composition c ON c.id = v.composition_id
LEFT JOIN member m ON m.id = r.organisation_id LEFT JOIN packaging p ON p.id = r.packaging_id
LEFT JOIN load l ON l.id = r.load_id LEFT JOIN machine n ON n.id = l.machine_id
WHERE r.id = $1
"""
MODELS_OF_LINES = """
SELECT l.id, m.alias FROM composition_line l JOIN instrument_model m ON m.id = l.model_id WHERE l.id = ANY ($1::uuid[])
"""
