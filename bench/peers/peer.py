"""Traces programs with one tool, all of them in this process.

    python peer.py TOOL PROGRAMS.jsonl [--lines]

Prints {"programs", "failed", "seconds", "cpu", "bytes"}. `failed` counts programs whose result under the tool is not the one
without it. With --lines, only {"lines"}: the line events that run in what the tools look at.
"""

import argparse
import json
import os
import sys
import tempfile
import time

from tools import TOOLS, outcome


class Program:
    """A program in a file, whose entry is a call of one of its functions."""

    def __init__(self, row, folder, number):
        self.row = row
        self.path = os.path.join(folder, f"program_{number}.py")
        self.functions = max(1, row["code"].count("def "))
        self.function = row["entry"].split("(")[0]
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(row["code"])

    def load(self, decorate=None):
        """Runs the module; returns what makes the entry's call."""
        namespace = {"__name__": "program", "__file__": self.path}
        exec(compile(self.row["code"], self.path, "exec"), namespace)
        entry = compile(self.row["entry"], "<entry>", "eval")
        if decorate is not None:
            namespace[self.function] = decorate(namespace[self.function])
        return lambda: eval(entry, namespace)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("programs")
    parser.add_argument("--lines", action="store_true")
    options = parser.parse_args()
    with open(options.programs, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        programs = [Program(row, folder, number) for number, row in enumerate(rows)]
        if options.lines:
            print(json.dumps({"lines": count_lines(programs, folder)}))
            return
        expected = [result for result, _ in TOOLS["untraced"](programs, folder)]
        # Imports and first uses are not what is measured.
        list(TOOLS[options.tool](programs[:5], folder))
        started, cpu_before = time.perf_counter(), time.process_time()
        found = list(TOOLS[options.tool](programs, folder))
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_before
    failed = [row["id"] for row, (result, _), other in zip(rows, found, expected) if result != other]
    size = sum(size for _, size in found)
    result = {"programs": len(rows), "failed": len(failed), "seconds": seconds, "cpu": cpu, "bytes": size}
    print(json.dumps(result))


def count_lines(programs, folder):
    lines = 0

    def enter(frame, event, _argument):
        nonlocal lines
        if event == "line":
            lines += 1
        return enter if frame.f_code.co_filename.startswith(folder) else None

    for program in programs:
        call = program.load()
        sys.settrace(enter)
        outcome(call)
        sys.settrace(None)
    return lines


main()
