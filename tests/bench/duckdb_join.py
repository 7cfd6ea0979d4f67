#!/usr/bin/env python3
"""The join alone in DuckDB, from CSV to counts, by equality of grid cells: duckdb_join.py FOLDER. Prints the pairs.

Distances on the sphere's tangent plane at the mean latitude of a pair: about as exact as a planar CRS.
"""
import sys

import duckdb

folder = sys.argv[1]
# Cells of 0.0021 degrees of longitude and 0.00135 of latitude are at least 150 m wide in Minnesota.
pairs = duckdb.sql(f"""
    WITH site AS (
        SELECT id, lon, lat, floor(lon / 0.0021)::INT AS x, floor(lat / 0.00135)::INT AS y
        FROM read_csv('{folder}/sites.csv')
    ), around AS (
        SELECT site.*, x + dx AS cx, y + dy AS cy
        FROM site, unnest([-1, 0, 1]) AS a(dx), unnest([-1, 0, 1]) AS b(dy)
    ), incident AS (
        SELECT lon, lat, occurred_at, floor(lon / 0.0021)::INT AS x, floor(lat / 0.00135)::INT AS y
        FROM read_csv('{folder}/incidents_1000000.csv') WHERE lon IS NOT NULL
    ), counts AS (
        SELECT s.id, count(*) AS n, count(*) FILTER (WHERE i.occurred_at >= '2025-01-01') AS lately
        FROM around s JOIN incident i ON s.cx = i.x AND s.cy = i.y
        WHERE pow((s.lon - i.lon) * 111320 * cos(radians((s.lat + i.lat) / 2)), 2)
            + pow((s.lat - i.lat) * 111132, 2) <= 22500
        GROUP BY s.id
    )
    SELECT sum(n) FROM counts
""").fetchall()[0]
print(pairs[0])
