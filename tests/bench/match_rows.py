"""Invents businesses and dirty records of them: match_rows.py FOLDER [SITES] [RECORDS].

Writes sites.csv (id, name, address, city, zip, phone) and dirty.csv (the same columns, `site` is the truth): a typing error in
every third, legal forms, abbreviations, units left out, telephone numbers half of the time. Seeded: always the same files.
"""

import csv
import random
import sys

SYLLABLES = "al an ar bel ber cal dan del el fen gar hal in jor kan lar mar nor or per quil ran sel tor ul van wen yor zel brin cor".split()
TRADE = ["Massage", "Spa", "Therapeutic Massage", "Lounge", "Sauna", "Day Spa", "Bodywork", "Gentlemens Club", "Books", "Reflexology"]
STREETS = "Main Oak Elm Maple Lake Hill Park River Church Mill Washington Lincoln Jefferson Franklin Hennepin Lyndale Nicollet Grand Summit Central".split()
SUFFIXES = [("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Boulevard", "Blvd"), ("Drive", "Dr")]
CITIES = [f"{a}{b}" for a in ("Oak", "Elm", "Lake", "Pine", "Cedar", "Maple", "River", "Stone") for b in ("ville", "ton", " Park", "field", "wood")]
LEGAL = ["", "", "", " LLC", " Inc", ", L.L.C.", " Co"]


def word(rng):
    """Some words are on many doors, most on few."""
    at = int(3_000 * rng.random() ** 2)
    return (SYLLABLES[at % 31] + SYLLABLES[at // 31 % 31] + SYLLABLES[at // 961]).capitalize()


def site(rng, n):
    name = f"{word(rng)} {word(rng)} {rng.choice(TRADE)}"
    if rng.random() < 0.3:
        name = f"{word(rng)}'s {rng.choice(TRADE)}"
    suffix = rng.choice(SUFFIXES)
    unit = f" Ste {rng.randrange(1, 400)}" if rng.random() < 0.26 else ""
    city = rng.randrange(len(CITIES))
    return {
        "id": f"S{n}", "name": name, "house": rng.randrange(1, 9999), "street": rng.choice(STREETS), "suffix": suffix,
        "side": rng.choice(["", " N", " S", " E", " W"]), "unit": unit, "city": CITIES[city], "zip": str(55001 + city * 7),
        "phone": f"({rng.choice(['612', '651', '763', '218'])}) {rng.randrange(200, 999)}-{rng.randrange(10_000):04}",
    }


def typo(rng, text):
    at = rng.randrange(len(text) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    if kind == 1:
        return text[:at] + text[at + 1:]
    return text[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + text[at:]


def main():
    folder = sys.argv[1]
    n_sites = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    n_records = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    rng = random.Random(20261127)
    sites = [site(rng, n) for n in range(n_sites)]
    columns = ["id", "name", "address", "city", "zip", "phone"]
    with open(f"{folder}/match_sites.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for it in sites:
            address = f"{it['house']} {it['street']} {it['suffix'][0]}{it['side']}{it['unit']}"
            table.writerow([it["id"], it["name"], address, it["city"], it["zip"], it["phone"]])
    with open(f"{folder}/match_dirty.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*columns, "site"])
        for n in range(n_records):
            it = rng.choice(sites)
            name = it["name"] + rng.choice(LEGAL)
            if rng.random() < 0.33:
                name = typo(rng, name)
            if rng.random() < 0.5:
                name = name.upper()
            unit = it["unit"].replace("Ste ", "#") if rng.random() < 0.6 else ""
            street = it["street"] if rng.random() > 0.1 else typo(rng, it["street"])
            address = f"{it['house']} {street} {it['suffix'][rng.randrange(2)]}{it['side']}{unit}"
            city, code = (it["city"], it["zip"]) if rng.random() < 0.9 else ("", it["zip"])
            phone = it["phone"] if rng.random() < 0.5 else ""
            table.writerow([f"R{n}", name, address, city, code, phone, it["id"]])


main()
