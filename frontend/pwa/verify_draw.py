#!/usr/bin/env python3
"""Computes a draw of parking bays again: python3 verify_draw.py draw.json (only Python's standard library)."""
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def assign(order, supply):
    left = {kind: supply.get(kind, 0) for kind in ("plain", "ev", "accessible")}

    def take(kind):
        left[kind] -= 1
        return kind if left[kind] >= 0 else None

    got = [take("accessible") if need & 2 else None for _, _, _, need, _ in order]
    for i, (_, _, _, need, _) in enumerate(order):
        got[i] = got[i] or (take("ev") if need & 1 else None) or take("plain")
    return got


with open(sys.argv[1], encoding="utf-8") as opened:
    file = json.load(opened)
faults = []
rows = [line.split("|") for line in file["list"]]
if [r[0] for r in rows] != sorted(r[0] for r in rows) or file["scheme"] != "XHJY-PARK-v1":
    faults.append("list")
list_hash = sha256("".join(line + "\n" for line in file["list"]))
if list_hash != file["list_hash"]:
    faults.append("list_hash")
revealed = sorted((p["party"], p["nonce"], p["commitment"]) for p in file["parties"] if p["nonce"] is not None)
for party, nonce, posted in revealed:
    if sha256("|".join([file["round"], party, nonce, file["list_hash"]])) != posted:
        faults.append("commitment " + party)
seed = sha256("|".join([file["scheme"], file["round"], file["list_hash"], *(p + "=" + n for p, n, _ in revealed), file["public"]]))
if seed != file["seed"]:
    faults.append("seed")
order = sorted((int(band), -int(wait), sha256(seed + "|" + code), int(need), code) for code, band, wait, need in rows)
got = assign(order, file["supply"])
placed = [{"id": code, "key": key, "got": g} for (_, _, key, _, code), g in zip(order, got)]
if placed != file["order"]:
    faults.append("order")
print("list_hash", list_hash)
print("seed", seed)
for place, line in enumerate(placed, 1):
    print(place, line["id"], line["key"][:6], line["got"] or "-")
print("everything agrees" if not faults else "differs: " + ", ".join(faults))
sys.exit(1 if faults else 0)
