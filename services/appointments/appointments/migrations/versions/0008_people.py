"""How people are found by name, what a patient's identity was before, and when a message was taken up.

Row-level security lets only leakproof operators choose an index: comparison of text is, LIKE and trigram similarity are not.
So names are found by the beginnings of their words in a table of words; the trigram indexes served no query and go.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

SQL = """
-- The words by which people are found: each part of each name and the whole, so that "le goff", "legoff", "Jean-Pierre" and
-- "pierre" all find.
CREATE TABLE patient_word (
    organisation_id uuid NOT NULL,
    word            text COLLATE "C" NOT NULL,
    patient_id      uuid NOT NULL REFERENCES patient,
    PRIMARY KEY (word, patient_id)
);
CREATE INDEX patient_word_patient ON patient_word (patient_id);

-- By trigger, so that no way of writing a patient (form, import, merge) can forget it.
CREATE FUNCTION patient_words_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patient_word WHERE patient_id = NEW.id;
    END IF;
    INSERT INTO patient_word (organisation_id, word, patient_id)
    SELECT NEW.organisation_id, word, NEW.id
    FROM unnest(ARRAY[NEW.birth_family_name, NEW.used_family_name, NEW.birth_given_names, NEW.used_given_name]) AS name,
         unnest(regexp_split_to_array(name, '[^[:alnum:]]+') || name) AS part,
         name_key(part) AS word
    WHERE word <> ''
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER words_follow_insert AFTER INSERT ON patient FOR EACH ROW EXECUTE FUNCTION patient_words_follow();
CREATE TRIGGER words_follow_update AFTER UPDATE OF birth_family_name, used_family_name, birth_given_names, used_given_name
    ON patient FOR EACH ROW EXECUTE FUNCTION patient_words_follow();
UPDATE patient SET birth_family_name = birth_family_name;

DROP INDEX patient_family;
DROP INDEX patient_used;

-- What a patient's identity was before a change. The only place where an INS stays after its identity was put in doubt.
CREATE TABLE patient_change (
    patient_id      uuid NOT NULL REFERENCES patient,
    version         integer NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    before          jsonb NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (patient_id, version)
);

-- A message still `sending` long after this instant was left by a crash: it may have been sent.
ALTER TABLE message ADD COLUMN claimed_at timestamptz;
CREATE INDEX message_newest ON message (created_at, id);

CALL kit_protect('patient_word');
CALL kit_protect('patient_change');
"""


def upgrade() -> None:
    """The words of patients already there are written at once; the rest is new."""
    op.execute(SQL)
