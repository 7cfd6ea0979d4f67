"""Ten thousand businesses at one address, or as many as are asked for: match_crowd.py FOLDER N.

Writes crowd_sites.csv and crowd_dirty.csv, a record for each site: its cost must grow with N, not with its square.
"""

import csv
import sys

SYLLABLES = "al an ar bel ber cal dan del el fen gar hal in jor kan lar mar nor or per quil ran".split()


def name(n):
    words = []
    for _ in range(3):
        words.append(SYLLABLES[n % 22] + SYLLABLES[n // 22 % 22])
        n = n // 22 + 7
    return " ".join(words)


def main():
    folder, n = sys.argv[1], int(sys.argv[2])
    columns = ["id", "name", "address", "city", "zip", "phone"]
    for file, extra, prefix in (("crowd_sites.csv", [], "S"), ("crowd_dirty.csv", ["site"], "R")):
        with open(f"{folder}/{file}", "w", newline="") as out:
            table = csv.writer(out)
            table.writerow(columns + extra)
            for at in range(n):
                row = [f"{prefix}{at}", name(at), "12 Main St", "Duluth", "55802", ""]
                table.writerow(row + [f"S{at}"] * len(extra))


main()
