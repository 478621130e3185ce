"""Compares two files of events rows, program by program.

    python compare.py REFERENCE.jsonl OURS.jsonl [--explained FILE] [--show N]

Equal means: outcome (status, result, exception with its line), stdout, and every event with its complete state. Of a
program that the reference cut, only the events up to the cut are compared: OURS may have more, not fewer. Locals are
unordered; addresses and the ordinals that replace them are one token. Where values have an `id`, equal ones in one file
are equal ones in the other. Of several threads, whose events may be mixed in any order, each is compared on its own. Exit status 1 when a program disagrees that
FILE does not explain. Its lines are `ID VERSIONS WHY`: versions of Python like `3.11,3.12`, or `any`. Standard library
only; run it with the Python that traced.
"""

import argparse
import collections
import json
import re
import sys

ADDRESS = re.compile(r" (?:at 0x[0-9a-fA-F]+|#[0-9]+)")
EVENT_FIELDS = ("event", "thread", "frame", "parent", "function", "line", "locals", "value", "exception")


def main(arguments):
    options = parse(arguments)
    explained = read_explained(options.explained)
    counts = collections.Counter()
    categories = collections.Counter()
    unexplained = 0
    agreeing = set()
    with open(options.ours, "rb") as ours:
        places = places_of(ours)
        for reference in rows(options.reference):
            counts["programs"] += 1
            if "skipped" in reference:
                counts["skipped"] += 1
                categories["skipped: " + reference["skipped"]] += 1
                continue
            difference = first_difference(reference, row_at(ours, places.get(reference["id"])))
            if difference is None:
                counts["equal up to the cut" if "cut" in reference else "equal"] += 1
                counts["events compared"] += len(reference["events"])
                agreeing.add(reference["id"])
                continue
            category, where, left, right = difference
            categories["differs: " + category] += 1
            known = explained.get(reference["id"])
            counts["explained" if known else "unexplained"] += 1
            unexplained += known is None
            if known is None and unexplained <= options.show:
                show(reference["id"], category, where, left, right)
    report(counts, categories, sorted(agreeing & explained.keys()))
    if not agreeing:
        print("nothing was equal: is OURS made from the same programs?")
        return 1
    return 1 if unexplained else 0


def parse(arguments):
    parser = argparse.ArgumentParser(description="compare two files of events rows")
    parser.add_argument("reference")
    parser.add_argument("ours")
    parser.add_argument("--explained", help="file of program ids that may disagree, each with the reason")
    parser.add_argument("--show", type=int, default=20, help="how many disagreements to print")
    return parser.parse_args(arguments)


def read_explained(path):
    if path is None:
        return {}
    explained = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                program, versions, reason = (*line.split(maxsplit=2), "", "")[:3]
                if not reason:
                    raise SystemExit(f"{path}: {program} needs the versions of Python and a reason after its id")
                if versions == "any" or f"3.{sys.version_info.minor}" in versions.split(","):
                    explained[program] = reason.strip()
    return explained


def rows(path):
    with open(path, "rb") as lines:
        for line in lines:
            yield json.loads(line)


def places_of(file):
    """Byte offset of every program's row. The id comes first in a row, so that no row is parsed for it."""
    decoder = json.JSONDecoder()
    places = {}
    offset = 0
    for line in file:
        head = line[:4096].decode("utf-8", "ignore")
        start = re.match(r'\s*\{\s*"id"\s*:\s*', head)
        program = decoder.raw_decode(head, start.end())[0] if start else json.loads(line)["id"]
        places[program] = offset
        offset += len(line)
    return places


def row_at(file, offset):
    if offset is None:
        return None
    file.seek(offset)
    return json.loads(file.readline())


def first_difference(reference, ours):
    """(category, place, reference's, ours) of the first difference; None when the rows are equal."""
    if ours is None:
        return "missing row", "", reference.get("outcome", "cut"), None
    identities = Identities()
    left_events, right_events = by_thread(reference["events"]), by_thread(ours["events"])
    for place, left, right in zip_events(left_events, right_events[: reference.get("cut")]):
        if left is None or right is None:
            return "number of events", place, left, right
        for field in EVENT_FIELDS:
            if left.get(field) == right.get(field):
                continue
            a, b = plain(left.get(field)), plain(right.get(field))
            if a != b:
                return category_of(field, a, b), place, left, right
        if not identities.agree(left, right):
            return "identity", place, left, right
    if "cut" in reference:
        return None
    for field in ("status", "result", "exception"):
        a, b = plain(reference["outcome"].get(field)), plain(ours["outcome"].get(field))
        if a != b:
            return f"outcome {field}", "outcome", reference["outcome"], ours["outcome"]
    if plain(reference["stdout"]) != plain(ours["stdout"]):
        return "stdout", "stdout", reference["stdout"], ours["stdout"]
    return None


def by_thread(events):
    """The events of each thread together, with the frames that each began numbered on their own."""
    if not any(event.get("thread") for event in events):
        return events
    numbers = {}  # of frames
    counts = collections.Counter()
    for event in events:
        if event["frame"] not in numbers:
            numbers[event["frame"]] = f"{event['thread']}.{counts[event['thread']]}"
            counts[event["thread"]] += 1
    named = ({**event, "frame": numbers[event["frame"]], "parent": numbers.get(event.get("parent"))} for event in events)
    return sorted(named, key=lambda event: event["thread"])


class Identities:
    """Which `id` of one file is which of the other."""

    def __init__(self):
        self.pairs = {}
        self.others = {}

    def agree(self, left, right):
        values = [(left["locals"][name], right["locals"][name]) for name in left["locals"]]
        values += [(left[field], right[field]) for field in ("value",) if left.get(field) and right.get(field)]
        return all(self.same(a.get("id"), b.get("id")) for a, b in values)

    def same(self, left, right):
        if left is None or right is None:
            return left is right
        return self.pairs.setdefault(left, right) == right and self.others.setdefault(right, left) == left


def zip_events(left, right):
    for i in range(max(len(left), len(right))):
        yield f"event {i}", left[i] if i < len(left) else None, right[i] if i < len(right) else None


def category_of(field, left, right):
    if field != "locals":
        return field if left is not None and right is not None else f"{field} present"
    if left.keys() != right.keys():
        return "names of locals"
    name = next(name for name in left if left[name] != right[name])
    return f"value of a local ({left[name]['type']})"


def plain(value):
    """The value without what may differ between two right answers."""
    if isinstance(value, str):
        return ADDRESS.sub(" @", value) if " " in value else value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None and key != "id"}
    return value


def show(program, category, where, left, right):
    print(f"{program}: {category}, {where}")
    print("  reference", clipped(left, right))
    print("  ours     ", clipped(right, left))


def clipped(value, other):
    if isinstance(value, dict) and isinstance(other, dict):
        value = {key: item for key, item in value.items() if key in ("event", "function", "line") or other.get(key) != item}
        if isinstance(value.get("locals"), dict) and isinstance(other.get("locals"), dict):
            theirs = other["locals"]
            value["locals"] = {name: item for name, item in value["locals"].items() if theirs.get(name) != item}
    text = json.dumps(value)
    return text if len(text) <= 1000 else text[:1000] + "..."


def report(counts, categories, stale):
    for category, count in categories.most_common():
        print(f"{count:6} {category}")
    names = ("programs", "equal", "equal up to the cut", "explained", "unexplained", "skipped", "events compared")
    print(", ".join(f"{name} {counts[name]}" for name in names))
    if stale:
        print("explained but equal here:", ", ".join(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
