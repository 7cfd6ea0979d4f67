-- What FOCA's import and assessment do, as a PostGIS user would: COPY, FOCA's columns, a unique key, indexes, links by
-- address, every site within 150 m on the ellipsoid, the result stored by site, months and offense.
SET client_min_messages = warning;
DROP TABLE IF EXISTS incident, link, near, near_month;
CREATE TEMP TABLE raw (
    id text, occurred_at timestamp, offense_code text, description text, address text, city text, lon float8, lat float8
);
\copy raw from 'incidents_1000000.csv' csv header
CREATE TABLE incident (
    id uuid NOT NULL, version bigint NOT NULL, occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
    superseded_at timestamptz, loaded_at timestamptz NOT NULL, backfilled boolean NOT NULL, source text NOT NULL,
    source_key text NOT NULL, row_hash bigint NOT NULL, batch_id uuid, offense text NOT NULL, offense_code text NOT NULL,
    offense_as_written text, origin text NOT NULL, address text, unit text, city text, building_id uuid, lon float8,
    lat float8, point_method text NOT NULL, geog geography(point)
);
INSERT INTO incident
SELECT
    md5('bench-incidents' || id)::uuid, 1, at, at + interval '1 day', NULL, now(), true, 'bench-incidents', id,
    hashtextextended(raw::text, 0), '00000000-0000-0000-0000-000000000001',
    CASE offense_code
        WHEN '13A' THEN 'assault' WHEN '13B' THEN 'assault' WHEN '120' THEN 'robbery' WHEN '220' THEN 'burglary'
        WHEN '23C' THEN 'theft' WHEN '23H' THEN 'theft' WHEN '240' THEN 'motor_vehicle_theft'
        WHEN '290' THEN 'vandalism' WHEN '35A' THEN 'drug' WHEN '40A' THEN 'commercial_sex' WHEN '520' THEN 'weapon'
        WHEN '90C' THEN 'disorderly' WHEN '90D' THEN 'dui' ELSE 'other'
    END,
    offense_code, description, 'unknown', address, NULL, city, md5(upper(address) || upper(city))::uuid, lon, lat,
    'file', ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography
FROM raw, LATERAL (SELECT occurred_at AT TIME ZONE 'America/Chicago' AS at) AS utc;
CREATE UNIQUE INDEX ON incident (id, version);
CREATE INDEX ON incident (building_id);
CREATE INDEX ON incident (occurred_at);
CREATE INDEX ON incident USING gist (geog);
ANALYZE incident;
CREATE TABLE link AS
SELECT i.id, s.id AS site_id FROM incident i JOIN site s ON upper(s.address) = upper(i.address) AND s.city = i.city;
CREATE UNIQUE INDEX ON link (id, site_id);
CREATE TABLE near AS
SELECT s.id AS site_id, i.id FROM site s JOIN incident i ON ST_DWithin(s.geog, i.geog, 150);
CREATE TABLE near_month AS
SELECT site_id, date_trunc('month', recorded_at) AS recorded, date_trunc('month', occurred_at) AS occurred, offense,
    count(*) AS n
FROM near JOIN incident USING (id) GROUP BY 1, 2, 3, 4;
