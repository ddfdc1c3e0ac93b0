-- After a merge no row points to the file that went, but the merge itself and that file's own history.
WITH gone AS (
    SELECT id FROM patient WHERE merged_into_id IS NOT NULL
), spoken AS (
    SELECT 'appointment ' || id AS key, patient_id FROM appointment
    UNION ALL SELECT 'requester of appointment ' || id, (requester ->> 'patient_id')::uuid FROM appointment
    UNION ALL SELECT 'waiting_entry ' || id, patient_id FROM waiting_entry
    UNION ALL SELECT 'requester of waiting_entry ' || id, (requester ->> 'patient_id')::uuid FROM waiting_entry
    UNION ALL SELECT 'campaign_item ' || id, patient_id FROM campaign_item
    UNION ALL SELECT 'call_need ' || id, patient_id FROM call_need
    UNION ALL SELECT 'series ' || id, patient_id FROM series
    UNION ALL SELECT 'message ' || id, patient_id FROM message
    UNION ALL SELECT 'identity_check ' || id, patient_id FROM identity_check
    UNION ALL SELECT 'contact ' || id, patient_id FROM contact
    UNION ALL SELECT 'relation of ' || patient_id, patient_id FROM relation
    UNION ALL SELECT 'relation to ' || other_patient_id, other_patient_id FROM relation
    UNION ALL SELECT 'not_same_person ' || first_id || ' ' || second_id, unnest(ARRAY[first_id, second_id]) FROM not_same_person
    UNION ALL SELECT 'duplicate_pair ' || first_id || ' ' || second_id, unnest(ARRAY[first_id, second_id]) FROM duplicate_pair
)
SELECT s.key, 'points to merged patient ' || s.patient_id AS detail FROM spoken s JOIN gone g ON g.id = s.patient_id
UNION ALL
SELECT 'patient ' || p.id, 'is merged, and no merge says so'
FROM patient p
WHERE p.merged_into_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM patient_merge m WHERE m.from_id = p.id AND m.into_id = p.merged_into_id AND m.undone_at IS NULL)
