"""The group, its members, their sites, places, stations, devices, signatories; models, programmes, compositions, sets,
instruments; who of the group reads what."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = """
-- The cooperation group (GCS): its row has its organisation's own id. `parameters`: what the group decides, see
-- `members/parameters.py`; what is absent has its default there.
CREATE TABLE cooperation_group (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL CHECK (organisation_id = id),
    name            text NOT NULL,
    gs1_prefix      text NOT NULL CHECK (gs1_prefix ~ '^[0-9]{6,12}$'),
    time_zone       text NOT NULL DEFAULT 'Europe/Paris',
    parameters      jsonb NOT NULL DEFAULT '{}',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
-- A member's row has the member's organisation's id: its own staff read it. Rights are kept for the assembly.
CREATE TABLE member (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL CHECK (organisation_id = id),
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    name            text NOT NULL,
    finess          text NOT NULL CHECK (finess ~ '^[0-9AB]{9}$'),
    rights          integer NOT NULL DEFAULT 0 CHECK (rights >= 0),
    joined_on       date NOT NULL,
    left_on         date,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
CREATE INDEX member_group ON member (group_id);
CALL kit_protect('cooperation_group');
CALL kit_protect('member');

-- The groups whose shared rows the caller reads: his own (its id is its organisation's; the group's table is not asked,
-- for its own policy asks here), and those that his organisation is a member of today.
CREATE FUNCTION reached_groups() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT g), '{}') FROM (
        SELECT group_id FROM member
        WHERE organisation_id = ANY (kit_orgs())
          AND (left_on IS NULL OR left_on > (kit_now() AT TIME ZONE 'Europe/Paris')::date)
        UNION ALL SELECT unnest(kit_orgs())) AS reached (g)
$$;
CREATE POLICY of_group ON cooperation_group FOR SELECT USING (id = ANY ((SELECT reached_groups())::uuid[]));
-- Reference rows: whoever owns them writes, everybody of the group reads.
CREATE PROCEDURE protect_reference(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    CALL kit_protect(target);
    EXECUTE format('CREATE POLICY of_group ON %s FOR SELECT USING (group_id = ANY ((SELECT reached_groups())::uuid[]))', target);
END $$;
-- What two members hand to each other, crates above all: everybody of the group; the use cases narrow.
CREATE PROCEDURE protect_shared(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    CALL kit_protect(target);
    EXECUTE format('CREATE POLICY of_group ON %s USING (group_id = ANY ((SELECT reached_groups())::uuid[]))', target);
END $$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this row is written once';
END $$;

CREATE TABLE site (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    name            text NOT NULL,
    gln             text CHECK (gln ~ '^[0-9]{13}$'),
    kind            text NOT NULL CHECK (kind IN ('plant', 'hospital', 'carrier', 'provider')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
-- Where a thing can be. A crate and a compartment are places too (site_id null, same id): what is in the crate goes
-- where the crate goes.
CREATE TABLE place (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    site_id         uuid REFERENCES site,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('reception', 'washing', 'assembly', 'packing', 'sterilising', 'store',
                        'theatre', 'dock', 'quarantine', 'repair', 'outside', 'crate', 'compartment')),
    cleanliness     text NOT NULL CHECK (cleanliness IN ('clean', 'dirty', 'any')),
    code            text NOT NULL CHECK (code ~ '^[0-9A-Za-z-]{1,64}$'),
    locked          boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    UNIQUE (group_id, code),
    CHECK ((site_id IS NULL) = (kind IN ('crate', 'compartment')))
);
CREATE INDEX place_site ON place (site_id);
CREATE TABLE machine (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    site_id         uuid NOT NULL REFERENCES site,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('washer', 'steam', 'low_temperature', 'sealer')),
    capacity        integer NOT NULL CHECK (capacity BETWEEN 1 AND 200),
    state           text NOT NULL DEFAULT 'in_service' CHECK (state IN ('in_service', 'maintenance', 'out_of_service')),
    state_since     timestamptz NOT NULL,
    state_reason    text,
    last_cycle_no   bigint,
    tests_from      timestamptz,
    requalify_since timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
-- The station is the verb: what a scan there means. `machine_id` for washing, loading, unloading and packing (sealer).
CREATE TABLE station (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    site_id         uuid NOT NULL REFERENCES site,
    place_id        uuid NOT NULL REFERENCES place,
    machine_id      uuid REFERENCES machine,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('return', 'reception', 'washing', 'wash_unloading', 'assembly', 'packing',
                        'loading', 'unloading', 'store', 'dispatch', 'dock', 'theatre', 'quarantine')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
CREATE INDEX station_site ON station (site_id);
-- A scanner. `id` is the gateway's device. `clock_offset_ms`: what is added to its clock. `context`: what it holds in
-- hand, such as the crate being filled.
CREATE TABLE device (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    station_id      uuid NOT NULL REFERENCES station,
    name            text NOT NULL,
    last_seq        bigint NOT NULL DEFAULT 0,
    clock_offset_ms bigint NOT NULL DEFAULT 0,
    context         jsonb NOT NULL DEFAULT '{}',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
-- Who may sign releases, on which machines, from when to when (Code de la sante publique R6111-21).
CREATE TABLE signatory (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id       uuid NOT NULL,
    machine_ids     uuid[] NOT NULL CHECK (cardinality(machine_ids) > 0),
    valid           tstzrange NOT NULL CHECK (NOT isempty(valid)),
    delegated_by    uuid,
    document_ref    text NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
CREATE INDEX signatory_person ON signatory (person_id);

CREATE TABLE instrument_model (
    id                 uuid PRIMARY KEY,
    organisation_id    uuid NOT NULL,
    group_id           uuid NOT NULL REFERENCES cooperation_group,
    alias              text NOT NULL,
    gtin               text CHECK (gtin ~ '^[0-9]{14}$'),
    single_use         boolean NOT NULL DEFAULT false,
    programmes_allowed text[] NOT NULL DEFAULT '{}',
    ifu_ref            text,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    retired_at         timestamptz
);
CREATE TABLE packaging (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('pouch', 'wrap', 'container')),
    shelf_days      integer NOT NULL CHECK (shelf_days BETWEEN 1 AND 1825),
    sealed          boolean NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
-- What a cycle must be. A change is a new number under the same code; a load keeps the number that it ran.
CREATE TABLE programme (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    code            text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    no              integer NOT NULL CHECK (no >= 1),
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('washing', 'steam', 'low_temperature')),
    temp_c          double precision NOT NULL,
    band_k          double precision NOT NULL DEFAULT 3 CHECK (band_k > 0),
    plateau_s       integer NOT NULL DEFAULT 0 CHECK (plateau_s >= 0),
    spread_k        double precision NOT NULL DEFAULT 2 CHECK (spread_k > 0),
    saturation_k    double precision CHECK (saturation_k > 0),
    max_gap_s       double precision NOT NULL DEFAULT 5 CHECK (max_gap_s > 0),
    a0_min          double precision NOT NULL DEFAULT 0 CHECK (a0_min >= 0),
    a0_floor_c      double precision NOT NULL DEFAULT 65,
    most_c          double precision,
    expected_min    integer NOT NULL CHECK (expected_min BETWEEN 1 AND 1440),
    valid           tstzrange NOT NULL CHECK (NOT isempty(valid)),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    UNIQUE (group_id, code, no),
    EXCLUDE USING gist (group_id WITH =, code WITH =, valid WITH &&) WHERE (retired_at IS NULL)
);

CREATE TABLE composition (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    code            text NOT NULL CHECK (code ~ '^[A-Za-z0-9-]{1,40}$'),
    name            text NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    UNIQUE (organisation_id, code)
);
-- A recipe (recette): a draft may change, an adopted one never; the next takes its place.
CREATE TABLE composition_version (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    composition_id  uuid NOT NULL REFERENCES composition,
    no              integer NOT NULL CHECK (no >= 1),
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'adopted', 'superseded')),
    wash_programme  text NOT NULL,
    programme       text NOT NULL,
    packaging_ids   uuid[] NOT NULL CHECK (cardinality(packaging_ids) > 0),
    prion_class     text NOT NULL DEFAULT 'none' CHECK (prion_class IN ('none', 'high')),
    uo_category     text NOT NULL,
    adopted_by      uuid,
    adopted_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (composition_id, no),
    CHECK ((state = 'draft') = (adopted_at IS NULL))
);
CREATE UNIQUE INDEX composition_version_adopted ON composition_version (composition_id) WHERE state = 'adopted';
-- `free` (libre): counted by model; `exclusive`: these very instruments, each with its own code.
CREATE TABLE composition_line (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    version_id      uuid NOT NULL REFERENCES composition_version,
    position        integer NOT NULL,
    model_id        uuid NOT NULL REFERENCES instrument_model,
    quantity        integer NOT NULL CHECK (quantity BETWEEN 1 AND 500),
    mode            text NOT NULL CHECK (mode IN ('free', 'exclusive')),
    critical        boolean NOT NULL DEFAULT false,
    photo_ref       text,
    UNIQUE (version_id, position)
);
CREATE FUNCTION refuse_adopted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'composition_line' THEN
        IF EXISTS (SELECT FROM composition_version v WHERE v.state <> 'draft' AND v.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN
            RAISE EXCEPTION 'an adopted composition does not change';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{state,version}'::text[]) <> (to_jsonb(OLD) - '{state,version}'::text[])
       OR (OLD.state, NEW.state) NOT IN (('adopted', 'adopted'), ('adopted', 'superseded'), ('superseded', 'superseded')) THEN
        RAISE EXCEPTION 'an adopted composition does not change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER adopted BEFORE INSERT OR UPDATE OR DELETE ON composition_line
    FOR EACH ROW EXECUTE FUNCTION refuse_adopted();
CREATE TRIGGER adopted BEFORE UPDATE OR DELETE ON composition_version
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_adopted();

-- `tag`: the set's own mark, canonical (a Digital Link of its GRAI).
CREATE TABLE instrument_set (
    id                     uuid PRIMARY KEY,
    organisation_id        uuid NOT NULL,
    group_id               uuid NOT NULL REFERENCES cooperation_group,
    name                   text NOT NULL,
    tag                    text NOT NULL UNIQUE,
    composition_id         uuid NOT NULL REFERENCES composition,
    composition_version_id uuid NOT NULL REFERENCES composition_version,
    home_place_id          uuid REFERENCES place,
    temporary              boolean NOT NULL DEFAULT false,
    status                 text NOT NULL DEFAULT 'in_service' CHECK (status IN ('in_service', 'retired')),
    version                integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL
);
CREATE INDEX instrument_set_owner ON instrument_set (organisation_id);
CREATE INDEX instrument_set_composition ON instrument_set (composition_id);
CREATE TABLE instrument (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL REFERENCES cooperation_group,
    code            text NOT NULL UNIQUE,
    model_id        uuid NOT NULL REFERENCES instrument_model,
    set_id          uuid REFERENCES instrument_set,
    runs_count      integer NOT NULL DEFAULT 0,
    status          text NOT NULL DEFAULT 'in_service' CHECK (status IN ('in_service', 'in_repair', 'missing', 'retired')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX instrument_set_id ON instrument (set_id) WHERE set_id IS NOT NULL;
CREATE INDEX instrument_model_id ON instrument (model_id);

CALL protect_reference('site');
CALL protect_reference('place');
CALL protect_reference('machine');
CALL protect_reference('station');
CALL protect_reference('device');
CALL kit_protect('signatory');
CALL protect_reference('instrument_model');
CALL protect_reference('packaging');
CALL protect_reference('programme');
CALL kit_protect('composition');
CALL kit_protect('composition_version');
CALL kit_protect('composition_line');
CALL kit_protect('instrument_set');
CALL kit_protect('instrument');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
