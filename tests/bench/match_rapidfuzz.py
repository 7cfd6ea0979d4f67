"""The peer of `match`: rapidfuzz on the same blocks, match_rapidfuzz.py FOLDER BLOCKS.

BLOCKS is what `match` wrote: a line a record with the places of the sites that share a block with it. The sites are made ready
outside the clock; inside it each record is (case and punctuation), then each pair is compared by Jaro-Winkler on name and
address and by the set of the name's words, and the best site is kept. Prints records, pairs, seconds, records a second, and how many of the best are right.
"""

import csv
import sys
import time

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.utils import default_process


def rows(path):
    with open(path, newline="") as file:
        return [(it["id"], it["name"], it["address"], it.get("site")) for it in csv.DictReader(file)]


def main():
    folder, path = sys.argv[1:]
    sites = [(id, default_process(name), default_process(address)) for id, name, address, _ in rows(f"{folder}/match_sites.csv")]
    records = rows(f"{folder}/match_dirty.csv")
    with open(path) as file:
        blocks = [[int(at) for at in line.split()] for line in file]
    records = records[: len(blocks)]
    pairs = sum(map(len, blocks))
    similarity, words = JaroWinkler.similarity, fuzz.token_set_ratio
    right = 0
    began = time.perf_counter()
    for (_, name, address, truth), block in zip(records, blocks):
        best, site = 0.0, None
        name, address = default_process(name), default_process(address)
        for at in block:
            other = sites[at]
            score = similarity(name, other[1]) + similarity(address, other[2]) + words(name, other[1]) / 100
            if score > best:
                best, site = score, other[0]
        right += site == truth
    seconds = time.perf_counter() - began
    print(f"{len(records)} {pairs} {seconds:.3f} {len(records) / seconds:.0f} {right}")


main()
