#!/usr/bin/env python3
"""Inspections, violations and complaints of the benchmark's sites: records.py FOLDER (with its sites.csv).

Deterministic: three visits a site in four years, two violations at each visit not passed, one complaint a site.
"""
import csv, datetime, random, sys

folder = sys.argv[1]
draw = random.Random(1)
first = datetime.date(2022, 1, 1)
day = lambda: (first + datetime.timedelta(days=draw.randrange(4 * 365))).isoformat()


def table(name, *columns):
    out = csv.writer(open(f"{folder}/{name}.csv", "w", newline=""))
    out.writerow(columns)
    return out.writerow


visit = table("inspections", "id", "on", "name", "address", "city", "outcome")
violation = table("violations", "inspection_id", "code", "title", "severity", "state")
complaint = table("complaints", "id", "on", "address", "city", "category")
with open(f"{folder}/sites.csv", newline="") as file:
    for n, site in enumerate(csv.DictReader(file)):
        where = site["name"], site["address"], site["city"]
        for turn in range(3):
            key, passed = f"V{n:06}{turn}", draw.random() < 0.7
            visit([key, day(), *where, "pass" if passed else "fail"])
            for code in () if passed else ("31", "44"):
                grave = draw.choice(("critical", "major", "minor"))
                violation([key, code, "Found at the visit", grave, draw.choice(("open", "closed"))])
        complaint([f"C{n:06}", day(), *where[1:], draw.choice(("unlicensed", "safety", "nuisance", "trafficking"))])
