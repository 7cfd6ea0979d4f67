#!/usr/bin/env python3
"""Paths that the load asks for: paths.py DATA OUT writes the files state, metro, street and dossier, one path a line."""
import csv, random, sqlite3, sys

data, out = sys.argv[1:]
draw = random.Random(1)
sites = list(csv.DictReader(open(f"{data}/sites.csv", newline="")))


def write(name, paths):
    with open(f"{out}/{name}", "w") as file:
        file.writelines(f"{path}\n" for path in paths)


def views(n, zoom, width, height):
    for site in draw.sample(sites, n):
        lon, lat = float(site["lon"]), float(site["lat"])
        box = lon - width / 2, lat - height / 2, lon + width / 2, lat + height / 2
        yield f"/map/sites.json?zoom={zoom}&bbox=" + ",".join(f"{edge:.4f}" for edge in box)


write("state", ["/map/sites.json?zoom=6&bbox=-97.3,43.4,-89.4,49.4"])
write("metro", views(200, 9, 1.6, 0.9))
write("street", views(200, 14, 0.06, 0.035))
db = sqlite3.connect(f"file:{data}/full.db?mode=ro", uri=True)
ids = [row[0].hex() for row in db.execute("SELECT id FROM site WHERE superseded_at IS NULL ORDER BY id")]
dashed = lambda it: f"{it[:8]}-{it[8:12]}-{it[12:16]}-{it[16:20]}-{it[20:]}"
write("dossier", (f"/sites/{dashed(it)}" for it in draw.sample(ids, 2000)))
