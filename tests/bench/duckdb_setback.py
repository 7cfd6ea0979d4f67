#!/usr/bin/env python3
"""All sites to all places within 2,800 ft in DuckDB spatial, geodesic: duckdb_setback.py FOLDER. Prints pairs, join seconds.

The extension comes from the wheel duckdb-extension-spatial. Cells and a box keep the costly ST_Distance_Spheroid, which
is Karney's geodesic and wants latitude first, to the pairs that it must decide.
"""
import glob
import os
import sys
import time

import duckdb
import duckdb_extension_spatial

folder = sys.argv[1]
base = os.path.dirname(duckdb_extension_spatial.__file__)
extension = glob.glob(f"{base}/extensions/v{duckdb.__version__}/spatial.duckdb_extension")[0]
db = duckdb.connect()
db.execute(f"LOAD '{extension}'")
# At 49.5 degrees north 853.44 m are less than 0.0118 degrees of longitude; everywhere less than 0.00775 of latitude.
for name in ("sites", "places"):
    db.execute(f"""
        CREATE TABLE {name} AS
        SELECT id, lon, lat, floor(lon / 0.0118)::INT AS x, floor(lat / 0.00775)::INT AS y
        FROM read_csv('{folder}/{name}.csv')
    """)
start = time.perf_counter()
pairs = db.sql("""
    WITH around AS (
        SELECT sites.*, x + dx AS cx, y + dy AS cy
        FROM sites, unnest([-1, 0, 1]) AS a(dx), unnest([-1, 0, 1]) AS b(dy)
    ), counts AS (
        SELECT s.id, count(*) AS n, min(meters) AS nearest
        FROM (
            SELECT s.id,
                ST_Distance_Spheroid(ST_Point(s.lat, s.lon)::POINT_2D, ST_Point(p.lat, p.lon)::POINT_2D) AS meters
            FROM around s JOIN places p ON s.cx = p.x AND s.cy = p.y
            WHERE abs(s.lon - p.lon) <= 0.0118 AND abs(s.lat - p.lat) <= 0.00775
                -- On a plane, with 1 % to spare: what is farther need not be measured on the ellipsoid.
                AND pow((s.lon - p.lon) * 111320 * cos(radians((s.lat + p.lat) / 2)), 2)
                    + pow((s.lat - p.lat) * 111132, 2) <= pow(853.44 * 1.01, 2)
        ) AS s
        WHERE meters <= 853.44
        GROUP BY s.id
    )
    SELECT sum(n) FROM counts
""").fetchall()[0][0]
print(pairs, f"{time.perf_counter() - start:.3f}")
