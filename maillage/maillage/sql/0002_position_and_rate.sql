-- What every service's database holds for the kit, second part: a place in the territory's stream, a clock that may run faster.

-- A place that the stream has reached: an event that it does not count yet was committed after, or is told again.
CREATE TABLE kit.stream_position (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch    bigint NOT NULL,
    position bigint NOT NULL
);

-- Twin of maillage.clock.now(), also for a demonstration whose clock runs faster.
CREATE OR REPLACE FUNCTION kit_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN coalesce(current_setting('maillage.clock_rate', true), '') = '' THEN now()
                ELSE to_timestamp(current_setting('maillage.clock_origin')::float8)
                     + (now() - to_timestamp(current_setting('maillage.clock_origin')::float8))
                       * current_setting('maillage.clock_rate')::float8
           END + coalesce(nullif(current_setting('maillage.clock_offset', true), ''), '0')::float8 * interval '1 second'
$$;

-- Who asks, for policies that look at more than the organisation; null for the service itself and for the public.
CREATE FUNCTION kit_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(split_part(current_setting('maillage.caller', true), ' ', 1), '')
$$;
CREATE FUNCTION kit_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(split_part(current_setting('maillage.caller', true), ' ', 2), '')::uuid
$$;
CREATE FUNCTION kit_own() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(split_part(current_setting('maillage.caller', true), ' ', 3), '')::uuid
$$;
