-- The peer's incidents for the join alone, before the clock starts.
SET client_min_messages = warning;
DROP TABLE IF EXISTS at_join;
CREATE TABLE at_join (
    id text, occurred_at timestamp, offense_code text, description text, address text, city text, lon float8, lat float8,
    geog geography(point) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED,
    geom geometry(point, 26915)
        GENERATED ALWAYS AS (ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 26915)) STORED
);
\copy at_join(id, occurred_at, offense_code, description, address, city, lon, lat) from 'incidents_1000000.csv' csv header
CREATE INDEX ON at_join USING gist (geog);
CREATE INDEX ON at_join USING gist (geom);
ANALYZE at_join;
