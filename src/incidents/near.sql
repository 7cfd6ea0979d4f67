-- MATERIALIZED: the cells lead, not the time; a box holds few of all incidents, a year holds many.
WITH found AS MATERIALIZED (
    SELECT id, occurred_at, offense, lon, lat
    FROM incident r
    WHERE superseded_at IS NULL AND cell IS NOT NULL AND lon IS NOT NULL AND lat IS NOT NULL
