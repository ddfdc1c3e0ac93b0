"""The trace, runs of sets, where things are, loads with their evidence and decision, scans."""

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = """
-- What was done, to what, by whom, when: written once, in the transaction of the change. `data`: {"row": the columns of
-- the subject that changed, "facts": the rest}; the rows of the subjects are this, folded (`maillage cooperation rebuild`).
-- `seq` orders the entries of one subject; `digest` stands in the audit's chain as well, which nobody can rewrite.
CREATE TABLE trace_entry (
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    id              uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL,
    subject_kind    text NOT NULL,
    subject_id      uuid NOT NULL,
    subject_version integer NOT NULL,
    occurred_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    actor           text NOT NULL,
    person_id       uuid,
    role            text,
    device_id       uuid,
    data            jsonb NOT NULL,
    corrects        uuid,
    digest          bytea NOT NULL,
    PRIMARY KEY (seq, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE trace_entry_default PARTITION OF trace_entry DEFAULT;
CREATE INDEX trace_entry_subject ON trace_entry (subject_id, seq);
CREATE INDEX trace_entry_id ON trace_entry (id);
CREATE INDEX trace_entry_org ON trace_entry (organisation_id, seq);
CREATE INDEX trace_entry_time ON trace_entry USING brin (recorded_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trace_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON trace_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON trace_entry_default FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CALL kit_protect('trace_entry');
CALL kit_protect('trace_entry_default');
-- A month of entries of its own, made ahead. What was written into the default partition meanwhile moves there.
CREATE FUNCTION make_trace_partition(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    name text := 'trace_entry_' || to_char(month, 'YYYY_MM');
    begins timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
    ends timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE trace_entry)', name);
    IF EXISTS (SELECT FROM trace_entry_default WHERE recorded_at >= begins AND recorded_at < ends) THEN
        ALTER TABLE trace_entry_default DISABLE TRIGGER append_only;
        EXECUTE format('WITH moved AS (DELETE FROM trace_entry_default WHERE recorded_at >= %L AND recorded_at < %L'
            ' RETURNING *) INSERT INTO %I SELECT * FROM moved', begins, ends, name);
        ALTER TABLE trace_entry_default ENABLE TRIGGER append_only;
    END IF;
    EXECUTE format('ALTER TABLE trace_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, begins, ends);
    EXECUTE format('CREATE TRIGGER append_only_all BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
        ' EXECUTE FUNCTION refuse_change()', name);
    CALL kit_protect(name::regclass);
    RETURN true;
END $$;
SELECT make_trace_partition((date_trunc('month', now()) + n * interval '1 month')::date) FROM generate_series(0, 2) n;
CREATE AGGREGATE jsonb_fold(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
-- Where the rows of a table are not what the entries of their kind say, folded.
CREATE FUNCTION trace_differences(kind text, target regclass) RETURNS TABLE (id uuid, detail text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format($sql$
        SELECT coalesce(t.id, f.subject_id), CASE
            WHEN t.id IS NULL THEN 'is in the trace and has no row'
            WHEN f.subject_id IS NULL THEN 'has a row and no trace'
            ELSE 'is not what its trace says: ' || (
                SELECT string_agg(c.key, ', ' ORDER BY c.key) FROM jsonb_each(to_jsonb(t)) c
                WHERE c.value IS DISTINCT FROM to_jsonb(jsonb_populate_record(NULL::%1$s, f.folded)) -> c.key) END
        FROM (SELECT e.subject_id, jsonb_fold(e.data -> 'row' ORDER BY e.seq) AS folded
              FROM trace_entry e WHERE e.subject_kind = %2$L GROUP BY e.subject_id) f
        FULL JOIN %1$s t ON t.id = f.subject_id
        WHERE t IS DISTINCT FROM jsonb_populate_record(NULL::%1$s, f.folded)$sql$, target, kind);
END $$;

-- One turn of one set. `label`: the pack's SSCC, 18 digits, never used again.
CREATE SEQUENCE run_label_serial;
CREATE TABLE run (
    id                     uuid PRIMARY KEY,
    organisation_id        uuid NOT NULL,
    group_id               uuid NOT NULL,
    set_id                 uuid NOT NULL REFERENCES instrument_set,
    composition_version_id uuid NOT NULL REFERENCES composition_version,
    stage                  text NOT NULL CHECK (stage IN ('returning', 'received', 'washing', 'washed', 'assembled', 'packed',
                               'sterilising', 'released', 'used', 'aborted')),
    stage_since            timestamptz NOT NULL,
    label                  text UNIQUE CHECK (label ~ '^[0-9]{18}$'),
    soak_from              timestamptz,
    soak_to                timestamptz,
    rewash_count           integer NOT NULL DEFAULT 0,
    washes                 integer NOT NULL DEFAULT 0,
    packaging_id           uuid REFERENCES packaging,
    gaps                   jsonb NOT NULL DEFAULT '[]',
    load_id                uuid,
    sterile_on             date,
    expires_on             date,
    released_at            timestamptz,
    ended_at               timestamptz,
    end_reason             text,
    opened_from            uuid REFERENCES run,
    version                integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL,
    CHECK ((sterile_on IS NULL) = (expires_on IS NULL)),
    CHECK (sterile_on IS NULL OR stage IN ('released', 'used', 'aborted')),
    CHECK (stage <> 'released' OR sterile_on IS NOT NULL),
    CHECK ((ended_at IS NULL) = (stage NOT IN ('used', 'aborted')))
);
CREATE UNIQUE INDEX run_live ON run (set_id) WHERE stage NOT IN ('used', 'aborted');
CREATE INDEX run_of_set ON run (set_id, created_at);
CREATE INDEX run_stage ON run (stage, stage_since) WHERE stage NOT IN ('used', 'aborted');
CREATE INDEX run_load ON run (load_id) WHERE load_id IS NOT NULL;
CREATE INDEX run_opened_from ON run (opened_from) WHERE opened_from IS NOT NULL;
-- What was counted at recomposition: by model (free), or this very instrument (exclusive).
CREATE TABLE run_content (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    run_id          uuid NOT NULL REFERENCES run,
    line_id         uuid NOT NULL REFERENCES composition_line,
    counted         integer NOT NULL CHECK (counted >= 0),
    instrument_id   uuid REFERENCES instrument,
    used            boolean,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX run_content_run ON run_content (run_id);
CREATE INDEX run_content_line ON run_content (line_id);
CREATE INDEX run_content_instrument ON run_content (instrument_id, created_at) WHERE instrument_id IS NOT NULL;
CREATE UNIQUE INDEX run_content_once ON run_content (run_id, line_id, instrument_id) NULLS NOT DISTINCT;
-- Whether a pack may hold a marked instrument of its set that nobody scanned: as many of its model were counted.
CREATE FUNCTION may_hold(run uuid, model uuid, status text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT status NOT IN ('in_repair', 'retired') AND EXISTS (
        SELECT FROM run_content c JOIN composition_line l ON l.id = c.line_id
        WHERE c.run_id = run AND c.instrument_id IS NULL AND c.counted > 0 AND l.model_id = model)
$$;

-- `operation_ref`: the hospital's opaque identifier of one intervention. No other word about a patient enters.
CREATE TABLE use (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    run_id          uuid NOT NULL UNIQUE REFERENCES run,
    operation_ref   text NOT NULL CHECK (operation_ref ~ '^[A-Za-z0-9._:-]{1,64}$'),
    used_at         timestamptz NOT NULL,
    place_id        uuid REFERENCES place,
    override_by     uuid,
    override_reason text,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX use_operation ON use (organisation_id, operation_ref);

-- Where a subject is: one place at a time, without a hole. A crate is a subject and a place.
CREATE TABLE custody (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    subject_kind    text NOT NULL CHECK (subject_kind IN ('set', 'crate', 'instrument', 'parcel')),
    subject_id      uuid NOT NULL,
    place_id        uuid NOT NULL REFERENCES place,
    since           timestamptz NOT NULL,
    until           timestamptz,
    handover_id     uuid,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK (until IS NULL OR until >= since),
    EXCLUDE USING gist (subject_id WITH =, tstzrange(since, until) WITH &&)
);
CREATE UNIQUE INDEX custody_now ON custody (subject_id) WHERE until IS NULL;
CREATE INDEX custody_place ON custody (place_id) WHERE until IS NULL;
CREATE INDEX custody_subject ON custody (subject_id, since);

CREATE TABLE machine_test (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    machine_id      uuid NOT NULL REFERENCES machine,
    kind            text NOT NULL CHECK (kind IN ('leak', 'bowie_dick', 'seal', 'performance')),
    local_day       date NOT NULL,
    result          text NOT NULL CHECK (result IN ('conform', 'failed')),
    tested_at       timestamptz NOT NULL,
    recorded_by     text NOT NULL,
    after_service   boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL
);
CREATE INDEX machine_test_day ON machine_test (machine_id, local_day, kind, tested_at);
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON machine_test FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE load (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    machine_id      uuid NOT NULL REFERENCES machine,
    programme_id    uuid NOT NULL REFERENCES programme,
    kind            text NOT NULL CHECK (kind IN ('washing', 'steam', 'low_temperature')),
    cycle_no        bigint,
    state           text NOT NULL CHECK (state IN ('open', 'running', 'to_decide', 'released', 'rejected')),
    opened_by       text NOT NULL,
    started_by      text,
    started_at      timestamptz,
    ends_by         timestamptz,
    machine_state   text,
    tests_at_start  jsonb,
    cycle_ended_at  timestamptz,
    decided_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'open') = (started_at IS NULL)),
    CHECK ((decided_at IS NOT NULL) = (state IN ('released', 'rejected')))
);
CREATE UNIQUE INDEX load_running ON load (machine_id) WHERE state = 'running';
CREATE UNIQUE INDEX load_open ON load (machine_id) WHERE state = 'open';
CREATE UNIQUE INDEX load_cycle ON load (machine_id, cycle_no) WHERE cycle_no IS NOT NULL;
CREATE INDEX load_undecided ON load (ends_by) WHERE state IN ('running', 'to_decide');
CREATE INDEX load_time ON load (started_at);
-- What is in a load. Before the start a run may leave (`removed_at`); from then on the rows stay as they are, but for
-- what is seen of each pack when it comes out.
CREATE TABLE load_run (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    load_id         uuid NOT NULL REFERENCES load,
    run_id          uuid NOT NULL REFERENCES run,
    added_by        text NOT NULL,
    removed_at      timestamptz,
    frozen          boolean NOT NULL DEFAULT false,
    ended           boolean NOT NULL DEFAULT false,
    intact          boolean,
    dry             boolean,
    clean           boolean,
    seen_at         timestamptz,
    seen_by         text,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX load_run_alive ON load_run (run_id) WHERE removed_at IS NULL AND NOT ended;
CREATE INDEX load_run_load ON load_run (load_id);
CREATE INDEX load_run_run ON load_run (run_id);
CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
    SELECT l.state INTO state FROM load l WHERE l.id = CASE TG_OP WHEN 'DELETE' THEN OLD.load_id ELSE NEW.load_id END;
    IF state <> 'open' AND (TG_OP <> 'UPDATE' OR NOT NEW.frozen
        OR (NEW.load_id, NEW.run_id, NEW.removed_at) IS DISTINCT FROM (OLD.load_id, OLD.run_id, OLD.removed_at)) THEN
        RAISE EXCEPTION 'the content of a started load does not change';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON load_run FOR EACH ROW EXECUTE FUNCTION refuse_frozen();
-- How many packs are in a load, also of members that the caller does not reach.
CREATE FUNCTION load_size(asked uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    reach text := current_setting('maillage.orgs', true);
    found integer;
BEGIN
    PERFORM set_config('maillage.orgs', '*', true);
    found := (SELECT count(*) FROM load_run WHERE load_id = asked AND removed_at IS NULL);
    PERFORM set_config('maillage.orgs', coalesce(reach, ''), true);
    RETURN found;
END $$;
-- Every record that a machine or two persons sent, also those refused: kept as they came. One counts per load.
CREATE TABLE cycle_record (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    load_id         uuid REFERENCES load,
    machine_id      uuid NOT NULL REFERENCES machine,
    cycle_no        bigint,
    source          text NOT NULL CHECK (source IN ('machine', 'hand', 'file', 'provider')),
    accepted        boolean NOT NULL,
    refused_for     text,
    curve           bytea NOT NULL,
    sha256          bytea NOT NULL,
    layout          jsonb,
    began_at        timestamptz,
    ended_at        timestamptz,
    verdict         text CHECK (verdict IN ('conform', 'not_conform')),
    failings        text[] NOT NULL DEFAULT '{}',
    figures         jsonb NOT NULL DEFAULT '{}',
    second_agrees   boolean,
    recorded_by     text NOT NULL,
    witness         uuid,
    created_at      timestamptz NOT NULL,
    CHECK (accepted = (refused_for IS NULL)),
    CHECK (NOT accepted OR verdict IS NOT NULL)
);
CREATE UNIQUE INDEX cycle_record_counts ON cycle_record (load_id) WHERE accepted;
CREATE INDEX cycle_record_machine ON cycle_record (machine_id, cycle_no);
CREATE INDEX cycle_record_sha256 ON cycle_record (sha256);
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON cycle_record FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- A chemical integrator, a biological indicator…: read once, read again; the last reading of a kind counts.
CREATE TABLE control (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    load_id         uuid NOT NULL REFERENCES load,
    kind            text NOT NULL CHECK (kind IN ('integrator', 'biological', 'helix', 'soil')),
    result          text NOT NULL CHECK (result IN ('conform', 'failed')),
    read_by         text NOT NULL,
    read_at         timestamptz NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX control_load ON control (load_id, kind, read_at);
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON control FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TABLE decision (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    load_id         uuid NOT NULL UNIQUE REFERENCES load,
    outcome         text NOT NULL CHECK (outcome IN ('release', 'reject')),
    signatory_id    uuid REFERENCES signatory,
    person_id       uuid NOT NULL,
    role            text NOT NULL,
    decided_at      timestamptz NOT NULL,
    proved_at       timestamptz,
    reason          text,
    evidence        jsonb NOT NULL,
    evidence_hash   text NOT NULL,
    created_at      timestamptz NOT NULL,
    CHECK (outcome <> 'reject' OR reason IS NOT NULL)
);
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every scan, also those refused or garbled: nothing is lost. `result` is the answer that was given, and is given again.
CREATE TABLE scan (
    device_id       uuid NOT NULL REFERENCES device,
    seq             bigint NOT NULL CHECK (seq >= 1),
    id              uuid NOT NULL UNIQUE,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    station_id      uuid NOT NULL REFERENCES station,
    code            text NOT NULL,
    scanned_at      timestamptz NOT NULL,
    occurred_at     timestamptz NOT NULL,
    actor           text NOT NULL,
    outcome         text NOT NULL CHECK (outcome IN ('done', 'checked', 'refused', 'late', 'repeated')),
    refused_for     text,
    subject_kind    text,
    subject_id      uuid,
    result          jsonb NOT NULL,
    settled_at      timestamptz,
    settled_by      text,
    settled_how     text,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (device_id, seq)
);
CREATE INDEX scan_to_settle ON scan (id) WHERE outcome IN ('refused', 'late') AND settled_at IS NULL;

-- Whether a mark is anybody's, and nothing else: another member's set is told from an unknown code. Row-level security
-- hides the row itself.
CREATE FUNCTION mark_exists(mark text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    reach text := current_setting('maillage.orgs', true);
    known boolean;
BEGIN
    PERFORM set_config('maillage.orgs', '*', true);
    known := EXISTS (SELECT FROM instrument_set WHERE tag = mark) OR EXISTS (SELECT FROM instrument WHERE code = mark)
        OR EXISTS (SELECT FROM run WHERE label = mark);
    PERFORM set_config('maillage.orgs', coalesce(reach, ''), true);
    RETURN known;
END $$;

CALL kit_protect('run');
CALL kit_protect('run_content');
CALL kit_protect('use');
CALL protect_shared('custody');
-- Crates are everybody's; where a set, an instrument or a parcel is, its owner's and the plant's.
CREATE POLICY owners ON custody AS RESTRICTIVE USING (
    subject_kind = 'crate' OR (SELECT kit_all()) OR organisation_id = ANY ((SELECT kit_orgs())::uuid[]));
CALL kit_protect('machine_test');
CALL kit_protect('load');
CALL kit_protect('load_run');
CALL kit_protect('cycle_record');
CALL kit_protect('control');
CALL kit_protect('decision');
CALL kit_protect('scan');
-- A member reads the loads that its own packs went through, with their record and their decision.
CREATE POLICY own_packs ON load FOR SELECT USING (EXISTS (SELECT FROM load_run r WHERE r.load_id = load.id));
CREATE POLICY own_packs ON cycle_record FOR SELECT USING (EXISTS (SELECT FROM load_run r WHERE r.load_id = cycle_record.load_id));
CREATE POLICY own_packs ON control FOR SELECT USING (EXISTS (SELECT FROM load_run r WHERE r.load_id = control.load_id));
CREATE POLICY own_packs ON decision FOR SELECT USING (EXISTS (SELECT FROM load_run r WHERE r.load_id = decision.load_id));
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
