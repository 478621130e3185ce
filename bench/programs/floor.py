"""The floor: this CPython compiles and runs programs untraced in one loop, with `repr` of each result.

    python floor.py PROGRAMS.jsonl [--repeat N]

Prints {"programs", "seconds"}: the best of N passes, start of the interpreter excluded.
"""

import argparse
import io
import json
import sys
import time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    with open(options.programs, encoding="utf-8") as lines:
        programs = [json.loads(line) for line in lines]
    output, sys.stdout = sys.stdout, io.StringIO()
    best = min(one_pass(programs) for _ in range(options.repeat))
    sys.stdout = output
    print(json.dumps({"programs": len(programs), "seconds": best}))


def one_pass(programs):
    started = time.perf_counter()
    for program in programs:
        run(program["code"], program.get("entry"))
    return time.perf_counter() - started


def run(code, entry):
    namespace = {"__name__": "__main__"}
    try:
        exec(compile(code, "<program>", "exec"), namespace)
        return None if entry is None else repr(eval(compile(entry, "<entry>", "eval"), namespace))
    except Exception as error:
        return repr(error)


main()
