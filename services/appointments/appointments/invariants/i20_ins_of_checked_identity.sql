-- An INS is stored only with an identity that was retrieved (RECUP) or qualified (QUAL), and names one living file.
SELECT p.id AS key, 'INS with identity ' || p.identity_status AS detail
FROM patient p
WHERE p.ins IS NOT NULL AND p.identity_status NOT IN ('RECUP', 'QUAL')
UNION ALL
SELECT min(p.id::text)::uuid, 'one INS on ' || count(*) || ' files'
FROM patient p
WHERE p.ins IS NOT NULL AND p.merged_into_id IS NULL
GROUP BY p.organisation_id, p.ins HAVING count(*) > 1
