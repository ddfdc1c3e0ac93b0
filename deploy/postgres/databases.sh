#!/bin/sh
# Run once by the official image, on an empty data directory: one database and two roles per service.
# <service>_owner holds the tables and cannot log in; <service> logs in, reads and writes rows, and changes no table.
# The same as the kit does for `make run`; a test holds the two against each other.
set -eu

# The shell never builds SQL out of a password: psql quotes it (:'password'), and names too (:"service").
for service in gateway appointments telesecretariat cooperation; do
    variable="MAILLAGE_$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    eval "password=\${$variable:-}"
    if [ -z "$password" ]; then
        echo "$variable is empty: no database is made without its password. Run: make env" >&2
        exit 1
    fi
    psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        -v service="$service" -v owner="${service}_owner" -v password="$password" <<'SQL'
CREATE ROLE :"owner" NOLOGIN;
CREATE ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
\connect :"service"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO :"service";
SQL
done
