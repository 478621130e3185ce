"""Turns rows of public corpora into native program rows, for the comparison of both tracers on the same programs.

    python convert.py cruxeval|pyedu INPUT.jsonl [--without EVENTS.jsonl] > PROGRAMS.jsonl

CRUXEval in its reshaped form (`code`, `function_call`); of PyEdu (`refcode`, `funcname`, `ios`) the first input of every
program. `--without` leaves out the programs that a reference run skipped. Standard library only.
"""

import argparse
import json
import math
import sys


def main(arguments):
    parser = argparse.ArgumentParser(description="corpus rows to native program rows")
    parser.add_argument("corpus", choices=["cruxeval", "pyedu", "native"])
    parser.add_argument("input")
    parser.add_argument("--without", help="events rows; programs skipped there are left out")
    options = parser.parse_args(arguments)
    left_out = skipped_in(options.without) if options.without else set()
    convert = {"cruxeval": from_cruxeval, "pyedu": from_pyedu, "native": from_native}[options.corpus]
    with open(options.input, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            program = convert(json.loads(line), number)
            if program is not None and program["id"] not in left_out:
                print(json.dumps(program))


def skipped_in(path):
    with open(path, encoding="utf-8") as lines:
        # Skipped rows are short; the long ones need no parsing.
        return {json.loads(line)["id"] for line in lines if '"skipped"' in line[:4096]}


def from_native(row, _number):
    return row


def from_cruxeval(row, _number):
    return {"id": row["task_id"], "code": row["code"], "entry": row["function_call"]}


def from_pyedu(row, number):
    if not row.get("ios"):
        return None
    arguments = row["ios"][0]["input"]
    entry = f"{row['funcname']}(**{literal(arguments)})"
    return {"id": f"pyedu_{number}", "code": row["refcode"], "entry": entry}


def literal(value):
    """A Python expression for a JSON value."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


if __name__ == "__main__":
    main(sys.argv[1:])
