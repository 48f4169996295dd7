#!/usr/bin/env python3
"""Recomputes a published selection. Written from docs/selection.md alone; needs nothing but Python 3.8 or newer.

    python3 verify_selection.py FOLDER [--commitment DIGEST] [--beacon VALUE] [--blind BLIND] [--all]

FOLDER holds commitment.json, list.bin, result.json and, if you like, accepted.bin. The list is served as list.bin.zst:
unpack it first with `zstd -d list.bin.zst` (Python 3.14 does it by itself, and compares the
two). Without accepted.bin, its digest in result.json is compared.
Of a voided draw there is void.json instead of the last two.
The last line is VERIFIED (exit code 0) or NOT VERIFIED with the reason (exit code 1).
"""

import argparse
import hashlib
import hmac
import json
import pathlib
import re
import struct
import sys


class Differs(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Differs(what)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def digest(label, value):
    return sha256(label.encode() + b"\n" + canonical(value))


def members(value, names, what):
    need(isinstance(value, dict) and list(value) == names.split(), f"{what} has other members than {names}")


def is_count(value, most=2**64 - 1):
    return type(value) is int and 0 <= value <= most


def normalise(value):
    need(value.isascii(), "the public value has characters outside ASCII")
    normal = re.sub("[^a-z0-9]", "", value.lower())
    need(1 <= len(normal) <= 512, "the public value is empty or too long")
    return normal


def is_line(text, most):
    # No control characters (Unicode category Cc), not only white space.
    control = any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text) if isinstance(text, str) else True
    return not control and text.strip() != "" and len(text) <= most


def read_json(path):
    data = path.read_bytes()
    value = json.loads(data)
    need(canonical(value) == data, f"{path.name} is not canonical JSON")
    return value


def check_commitment(c):
    members(c, "version wave rules rules_digest list_digest entries seed_digest beacon committed_at_ms digest", "commitment")
    rules = c["rules"]
    members(rules, "version wave scheme quota classes regions family_max", "rules")
    members(c["beacon"], "description due_at_ms", "beacon")
    for one in rules["classes"]:
        members(one, "name quota", "class")
    for one in rules["regions"]:
        members(one, "code quota", "region")
    need(1 <= len(rules["classes"]) <= 256 and 1 <= len(rules["regions"]) <= 65536, "number of classes or regions")
    names, codes = [one["name"] for one in rules["classes"]], [one["code"] for one in rules["regions"]]
    need(all(is_line(name, 100) for name in [rules["scheme"], *names]), "the scheme or a class has no proper name")
    need(all(isinstance(code, str) and re.fullmatch("[0-9]{2}|[0-9]{4}", code) for code in codes), "a region code")
    need(len(set(names)) == len(names) and len(set(codes)) == len(codes), "a class or region stands there twice")
    need(is_line(c["beacon"]["description"], 500), "the public value is not named in one line")
    limits = [one["quota"] for one in rules["classes"] + rules["regions"]]
    need(all(limit is None or is_count(limit) for limit in limits), "a quota is no number")
    need(is_count(rules["quota"]) and is_count(rules["family_max"], 255), "a limit of the rules is no number")
    need(rules["family_max"] > 0, "family_max is 0")
    need(c["version"] == rules["version"] == 1 and c["wave"] == rules["wave"], "version or wave of commitment and rules")
    need(c["rules_digest"] == digest("prakerja selection rules/1", rules), "rules_digest")
    content = {name: value for name, value in c.items() if name != "digest"}
    need(c["digest"] == digest("prakerja selection commitment/1", content), "digest of the commitment")
    need(c["committed_at_ms"] < c["beacon"]["due_at_ms"], "the public value was known when the commitment was made")


def read_list(data, c):
    need(sha256(data) == c["list_digest"], "list.bin is not the list that was committed to (list_digest)")
    head = b"prakerja list/1\n" + struct.pack(">II", c["wave"], c["entries"])
    need(data[:24] == head and len(data) == 24 + 24 * c["entries"], "head or length of list.bin")
    entries = list(struct.iter_unpack(">16sBHIB", data[24:]))
    free, members_of, last = {}, {}, b""
    for at, (blind, group, region, family, family_free) in enumerate(entries):
        need(at == 0 or blind > last, f"entry {at} is out of order")
        need(group < len(c["rules"]["classes"]) and region < len(c["rules"]["regions"]), f"class or region of entry {at}")
        need(family_free <= c["rules"]["family_max"], f"free places of entry {at}")
        if family:
            need(family <= len(free) + 1, f"family of entry {at}")
            need(free.setdefault(family, family_free) == family_free, f"family of entry {at} has other free places")
            members_of[family] = members_of.get(family, 0) + 1
        last = blind
    need(all(count > 1 for count in members_of.values()), "a family of one has a number")
    return entries


def draw(c, entries, seed, value):
    """Places in the order of serving, and for each entry why it was refused (None: accepted)."""
    key = hmac.digest(seed, b"selection-draw/1" + bytes.fromhex(c["digest"]) + value.encode(), "sha256")
    tickets = [hmac.digest(key, entry[0], "sha256")[:16] for entry in entries]
    order = sorted(range(len(entries)), key=lambda at: (entries[at][1], tickets[at], entries[at][0]))
    total = c["rules"]["quota"]
    classes = [one["quota"] for one in c["rules"]["classes"]]
    regions = [one["quota"] for one in c["rules"]["regions"]]
    families, refused = {}, [None] * len(entries)
    for at in order:
        _, group, region, family, family_free = entries[at]
        card = family or ("alone", at)
        if total == 0:
            refused[at] = "total_full"
        elif classes[group] == 0:
            refused[at] = "class_full"
        elif regions[region] == 0:
            refused[at] = "region_full"
        elif families.setdefault(card, family_free) == 0:
            refused[at] = "family_full"
        else:
            total -= 1
            classes[group] = classes[group] and classes[group] - 1
            regions[region] = regions[region] and regions[region] - 1
            families[card] -= 1
    return order, refused


def accepted_file(c, refused):
    bits = [reason is None for reason in refused]
    bits += [False] * (-len(bits) % 8)
    eights = (bits[at : at + 8] for at in range(0, len(bits), 8))
    packed = bytes(sum(bit << (7 - place) for place, bit in enumerate(eight)) for eight in eights)
    return b"prakerja draw/1\n" + struct.pack(">II", c["wave"], len(refused)) + packed


def expected_result(c, entries, refused, seed, value, accepted):
    def counts(rules, name, column):
        table = [{name: rule[name], "entries": 0, "accepted": 0} for rule in rules]
        for entry, reason in zip(entries, refused):
            table[entry[column]]["entries"] += 1
            table[entry[column]]["accepted"] += reason is None
        return table

    reasons = ["total_full", "class_full", "region_full", "family_full"]
    result = {
        "version": 1,
        "wave": c["wave"],
        "commitment": c["digest"],
        "seed": seed.hex(),
        "beacon_value": value,
        "entries": len(entries),
        "accepted": refused.count(None),
        "refused": {reason: refused.count(reason) for reason in reasons},
        "classes": counts(c["rules"]["classes"], "name", 1),
        "regions": counts(c["rules"]["regions"], "code", 2),
        "accepted_digest": sha256(accepted),
    }
    return {**result, "digest": digest("prakerja selection result/1", result)}


def verify_voided(folder, options, c, entries):
    """Says that the draw was given up, and with the public value what it would have given."""
    void = read_json(folder / "void.json")
    members(void, "version wave commitment seed beacon_value reason voided_at_ms digest", "void.json")
    need((void["version"], void["wave"], void["commitment"]) == (1, c["wave"], c["digest"]), "void.json is of another draw")
    need(is_line(void["reason"], 500), "the reason in void.json is not one line")
    content = {name: value for name, value in void.items() if name != "digest"}
    need(void["digest"] == digest("prakerja selection void/1", content), "digest of void.json")
    print(f"VOIDED at {void['voided_at_ms']}: {void['reason']}")
    value = options.beacon or void["beacon_value"]
    if void["seed"] is not None:
        seed = bytes.fromhex(void["seed"])
        need(len(seed) == 32 and sha256(seed) == c["seed_digest"], "the seed is not the one that was committed to")
        if value is not None:
            order, refused = draw(c, entries, seed, normalise(value))
            print(f"with the public value {normalise(value)} it would have accepted {refused.count(None)} of {len(order)}")
            for position, at in enumerate(order, 1):
                if options.all or entries[at][0].hex() == options.blind:
                    print(f"{entries[at][0].hex()} place {position} of {len(order)}: {refused[at] or 'accepted'}")
    need(False, "this draw was voided, it counts no more")


def unpacked(path):
    """The list that is packed in a file, or None where this Python cannot say (older than 3.14)."""
    try:
        from compression import zstd
    except ImportError:
        return None
    try:
        return zstd.decompress(path.read_bytes())
    except zstd.ZstdError:
        raise Differs(f"{path.name} cannot be unpacked")


def list_bytes(folder):
    plain, packed = folder / "list.bin", folder / "list.bin.zst"
    if not packed.exists():
        return plain.read_bytes()
    other = unpacked(packed)
    need(plain.exists() or other is not None, "list.bin is still packed, unpack first: zstd -d list.bin.zst")
    if other is None:
        print("list.bin.zst was not compared with list.bin: this needs Python 3.14")
    data = plain.read_bytes() if plain.exists() else other
    need(other in (None, data), "list.bin and list.bin.zst differ: keep the one that was published")
    return data


def verify(folder, options):
    c = read_json(folder / "commitment.json")
    check_commitment(c)
    need(options.commitment in (None, c["digest"]), "this is not the commitment whose digest was given")
    entries = read_list(list_bytes(folder), c)
    if (folder / "void.json").exists():
        verify_voided(folder, options, c, entries)
    result = read_json(folder / "result.json")
    seed, value = bytes.fromhex(result["seed"]), result["beacon_value"]
    need(len(seed) == 32 and sha256(seed) == c["seed_digest"], "the seed is not the one that was committed to")
    need(value == normalise(value), "the public value is not normalised")
    need(options.beacon is None or normalise(options.beacon) == value, "the draw used another public value")
    order, refused = draw(c, entries, seed, value)
    accepted = accepted_file(c, refused)
    expected = expected_result(c, entries, refused, seed, value, accepted)
    for name, should in expected.items():
        need(result.get(name) == should, f"{name} in result.json")
    need(canonical(result) == canonical(expected), "result.json has something more")
    published = folder / "accepted.bin"
    need(not published.exists() or published.read_bytes() == accepted, "accepted.bin differs from the draw")

    in_class, places = {}, {}
    for position, at in enumerate(order, 1):
        group = entries[at][1]
        in_class[group] = in_class.get(group, 0) + 1
        places[entries[at][0].hex()] = (position, group, in_class[group], refused[at] or "accepted")
    wanted = sorted(places) if options.all else [options.blind] if options.blind else []
    for blind in wanted:
        need(blind in places, f"{blind} is not on the list")
        position, group, within, outcome = places[blind]
        print(f"{blind} place {position} of {len(order)}, in class {within} of {in_class[group]}: {outcome}")
    print(f"VERIFIED {expected['accepted']} of {len(entries)} accepted, commitment {c['digest']}")


def main():
    parser = argparse.ArgumentParser(description="Recomputes a published selection.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--commitment", help="digest of the commitment, kept since before the draw")
    parser.add_argument("--beacon", help="the public value, from its own source")
    parser.add_argument("--blind", help="shows the place of this blind")
    parser.add_argument("--all", action="store_true", help="shows the place of everybody")
    options = parser.parse_args()
    try:
        verify(options.folder, options)
    except Differs as difference:
        print(f"NOT VERIFIED: {difference}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error) as error:
        print(f"NOT VERIFIED: a file is missing or damaged ({type(error).__name__}: {error})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
