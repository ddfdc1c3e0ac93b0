"""Persons, organisations, sessions, challenges and signing keys."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0001"
down_revision = None

ACCOUNTS = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE organisation (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('health_centre', 'telesecretariat', 'gcs', 'hospital', 'duty_association',
                                              'cdom', 'ars', 'samu', 'supplier', 'operator')),
    name        text NOT NULL,
    territory   text NOT NULL,
    active      boolean NOT NULL DEFAULT true,
    identifiers jsonb NOT NULL DEFAULT '[]',
    version     integer NOT NULL DEFAULT 1
);
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY reach ON organisation USING ((SELECT kit_all()) OR id = ANY ((SELECT kit_orgs())::uuid[]));

-- A person belongs to organisations by memberships only: what an administrator sees of persons goes through them.
CREATE TABLE person (
    id              uuid PRIMARY KEY,
    login           text NOT NULL,
    login_key       text NOT NULL UNIQUE,
    display_name    text NOT NULL,
    email           text,
    phone           text,
    rpps            text CHECK (rpps ~ '^[0-9]{11}$'),
    status          text NOT NULL CHECK (status IN ('invited', 'active', 'suspended', 'closed')),
    epoch           integer NOT NULL DEFAULT 0,
    last_sign_in_at timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX person_rpps ON person (rpps) WHERE rpps IS NOT NULL AND status <> 'closed';

CREATE TABLE membership (
    id              uuid PRIMARY KEY,
    person_id       uuid NOT NULL REFERENCES person,
    organisation_id uuid NOT NULL REFERENCES organisation,
    role            text NOT NULL,
    valid           tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    source          text NOT NULL CHECK (source IN ('admin', 'psc', 'event')),
    version         integer NOT NULL DEFAULT 1,
    EXCLUDE USING gist (person_id WITH =, organisation_id WITH =, role WITH =, valid WITH &&)
);
CREATE INDEX membership_organisation ON membership (organisation_id, id);
CALL kit_protect('membership');

-- provider acts for client. Both ends may see it.
CREATE TABLE delegation (
    id          uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES organisation,
    client_id   uuid NOT NULL REFERENCES organisation CHECK (client_id <> provider_id),
    permissions text[] NOT NULL,
    valid       tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    EXCLUDE USING gist (provider_id WITH =, client_id WITH =, valid WITH &&)
);
ALTER TABLE delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation FORCE ROW LEVEL SECURITY;
CREATE POLICY reach ON delegation USING ((SELECT kit_all())
    OR provider_id = ANY ((SELECT kit_orgs())::uuid[]) OR client_id = ANY ((SELECT kit_orgs())::uuid[]));

CREATE TABLE password (
    person_id  uuid PRIMARY KEY REFERENCES person,
    hash       text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE invitation (
    token_hash bytea PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX invitation_person ON invitation (person_id);

-- Kept also for logins that do not exist: the answer says nothing about which do. `device_id`: known devices, later.
CREATE TABLE sign_in_guard (
    login_hash   bytea NOT NULL,
    device_id    uuid,
    failures     integer NOT NULL,
    locked_until timestamptz,
    changed_at   timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (login_hash, device_id)
);

CREATE TABLE session (
    id_hash         bytea PRIMARY KEY,
    sid             text NOT NULL UNIQUE,
    kind            text NOT NULL CHECK (kind IN ('professional', 'patient')),
    person_id       uuid REFERENCES person,
    contact_channel text CHECK (contact_channel IN ('sms', 'voice', 'email')),
    contact_sealed  bytea,
    membership_id   uuid REFERENCES membership,
    visitor_id      text,
    created_at      timestamptz NOT NULL,
    idle_until      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    auth_time       timestamptz NOT NULL,
    amr             text[] NOT NULL,
    acr             smallint NOT NULL,
    ip              inet,
    ended_at        timestamptz,
    end_reason      text,
    CHECK ((kind = 'professional') = (person_id IS NOT NULL)),
    CHECK ((kind = 'patient') = (contact_sealed IS NOT NULL))
);
CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL;
CREATE INDEX session_age ON session (expires_at);

-- A one-time code. The code itself is kept sealed only until it has been handed to the provider.
CREATE TABLE challenge (
    id             uuid PRIMARY KEY,
    channel        text NOT NULL CHECK (channel IN ('sms', 'voice', 'email')),
    contact_sealed bytea NOT NULL,
    contact_hmac   bytea NOT NULL,
    code_hmac      bytea NOT NULL,
    code_sealed    bytea,
    visitor_id     text NOT NULL,
    address        text NOT NULL,
    language       text NOT NULL CHECK (language IN ('fr', 'en')),
    return_to      text,
    tries          smallint NOT NULL DEFAULT 0,
    used_at        timestamptz,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    sending        text NOT NULL DEFAULT 'due' CHECK (sending IN ('due', 'sending', 'sent', 'failed', 'unknown')),
    sent_at        timestamptz
);
CREATE INDEX challenge_contact ON challenge (contact_hmac, created_at);
CREATE INDEX challenge_visitor ON challenge (visitor_id, created_at);
CREATE INDEX challenge_address ON challenge (address, created_at);
CREATE INDEX challenge_age ON challenge (created_at);
CREATE INDEX challenge_due ON challenge (created_at) WHERE sending = 'due';

CREATE TABLE signing_key (
    kid             text PRIMARY KEY,
    public_jwk      text NOT NULL,
    private_sealed  bytea NOT NULL,
    signs_from      timestamptz NOT NULL,
    signs_until     timestamptz NOT NULL,
    published_until timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Create everything."""
    op.execute(kit_sql("0001_kit"))
    op.execute(ACCOUNTS)
