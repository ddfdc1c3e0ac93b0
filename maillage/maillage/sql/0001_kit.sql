-- What every service's database holds for the kit. Executed by the first revision of each service.

CREATE SCHEMA kit;
GRANT USAGE ON SCHEMA kit TO PUBLIC;

-- Twin of maillage.clock.now(): the base's clock, moved by the same offset as the process.
CREATE FUNCTION kit_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT now() + coalesce(nullif(current_setting('maillage.clock_offset', true), ''), '0')::float8 * interval '1 second'
$$;

-- Row-level security: the connection says which organisations the caller reaches; '*' is the whole territory, nothing is nobody.
CREATE FUNCTION kit_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('maillage.orgs', true), '') = '*'
$$;
CREATE FUNCTION kit_orgs() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN kit_all() THEN '{}'::uuid[]
                ELSE string_to_array(coalesce(current_setting('maillage.orgs', true), ''), ',')::uuid[] END
$$;
-- Both sub-selects are evaluated once per statement, not once per row.
CREATE PROCEDURE kit_protect(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY reach ON %s USING ((SELECT kit_all()) OR organisation_id = ANY ((SELECT kit_orgs())::uuid[]))', target);
END $$;

CREATE TABLE kit.outbox (
    sequence        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              uuid NOT NULL UNIQUE,
    type            text NOT NULL,
    subject_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    payload         text NOT NULL CHECK (octet_length(payload) <= 65536),
    traceparent     text,
    occurred_at     timestamptz NOT NULL,
    published_at    timestamptz
);
CREATE INDEX outbox_waiting ON kit.outbox (sequence) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON kit.outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE kit.inbox (
    consumer     text NOT NULL,
    event_id     uuid NOT NULL,
    type         text NOT NULL,
    sequence     bigint NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);

CREATE TABLE kit.dead_letter (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    consumer    text NOT NULL,
    event_id    text NOT NULL,
    subject     text NOT NULL,
    headers     jsonb NOT NULL,
    payload     bytea NOT NULL,
    reason      text NOT NULL,
    attempts    integer NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    requeued_at timestamptz,
    UNIQUE (consumer, event_id)
);

CREATE TABLE kit.idempotency (
    actor       text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      smallint NOT NULL,
    etag        text,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON kit.idempotency (created_at);

CREATE TABLE kit.audit (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL,
    at              timestamptz NOT NULL,
    actor           text NOT NULL,
    role            text,
    session         text,
    ip              text,
    request_id      text,
    action          text NOT NULL,
    record          text NOT NULL,
    record_id       uuid NOT NULL,
    facts           text NOT NULL,
    xid             xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX audit_xid ON kit.audit (xid);
CREATE INDEX audit_record ON kit.audit (record_id, at);
CREATE INDEX audit_time ON kit.audit (organisation_id, at);

-- The chain is written after commit, in the order of transactions, by one sealer: no booking waits for another's link.
CREATE TABLE kit.audit_seal (
    organisation_id uuid NOT NULL,
    sequence        bigint NOT NULL,
    audit_id        uuid NOT NULL UNIQUE,
    hash            bytea NOT NULL,
    sealed_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, sequence)
);
CREATE TABLE kit.audit_horizon (one boolean PRIMARY KEY DEFAULT true CHECK (one), xid xid8 NOT NULL);
INSERT INTO kit.audit_horizon (xid) VALUES ('0');

CREATE FUNCTION kit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kit.audit FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kit.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change();

CALL kit_protect('kit.outbox');
CALL kit_protect('kit.audit');
CALL kit_protect('kit.audit_seal');
