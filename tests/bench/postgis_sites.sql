-- The peer's sites, before the clock starts.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
DROP TABLE IF EXISTS site;
CREATE TABLE site (
    id text PRIMARY KEY, name text, kind text, address text, city text, lon float8, lat float8,
    geog geography(point) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED,
    geom geometry(point, 26915)
        GENERATED ALWAYS AS (ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 26915)) STORED
);
\copy site(id, name, kind, address, city, lon, lat) from 'sites.csv' csv header
CREATE INDEX ON site USING gist (geog);
CREATE INDEX ON site USING gist (geom);
CREATE INDEX ON site (city, upper(address));
ANALYZE site;
