-- The peer's places, before the clock starts; its sites are those of postgis_sites.sql.
SET client_min_messages = warning;
DROP TABLE IF EXISTS place;
CREATE TABLE place (
    id text PRIMARY KEY, kind text, address text, city text, lon float8, lat float8,
    geog geography(point) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED
);
\copy place(id, kind, address, city, lon, lat) from 'places.csv' csv header
CREATE INDEX ON place USING gist (geog);
ANALYZE place;
