"""A pure-Python tracer that does the same work: every line of the program with all locals, rendered at once.

    python pytracer.py PROGRAMS.jsonl OUTPUT.jsonl [--untraced]

Writes {"id", "trace", "result"} and prints {"programs", "lines", "seconds"}, start of the interpreter excluded. With
--untraced the same loop without the trace function: what a line costs is the difference.
"""

import argparse
import io
import json
import sys
import time


class Tracer:
    def __init__(self, code):
        self.source = [line.strip() for line in code.splitlines()]
        self.text = []
        self.previous = None

    def enter(self, frame, _event, _argument):
        return self.line if frame.f_code.co_filename == "<program>" else None

    def line(self, frame, event, _argument):
        if event in ("line", "return"):
            if self.previous is not None:
                state = ", ".join(f"{name}={value!r}" for name, value in sorted(frame.f_locals.items()) if name[0] not in "_.")
                self.text.append(f"Line {self.previous}: `{self.source[self.previous - 1]}`; {state}")
            self.previous = frame.f_lineno or None
        return self.line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("output")
    parser.add_argument("--untraced", action="store_true")
    options = parser.parse_args()
    with open(options.programs, encoding="utf-8") as lines:
        programs = [json.loads(line) for line in lines]
    printed, sys.stdout = sys.stdout, io.StringIO()
    started = time.perf_counter()
    count = 0
    with open(options.output, "w", encoding="utf-8") as output:
        for program in programs:
            tracer = Tracer(program["code"])
            result = run(program, None if options.untraced else tracer.enter)
            count += len(tracer.text)
            output.write(json.dumps({"id": program["id"], "trace": "\n".join(tracer.text), "result": result}) + "\n")
    seconds = time.perf_counter() - started
    sys.stdout = printed
    print(json.dumps({"programs": len(programs), "lines": count, "seconds": seconds}))


def run(program, trace):
    namespace = {"__name__": "__main__"}
    try:
        exec(compile(program["code"], "<program>", "exec"), namespace)
        entry = None if program.get("entry") is None else compile(program["entry"], "<entry>", "eval")
        sys.settrace(trace)
        result = None if entry is None else eval(entry, namespace)
        sys.settrace(None)
        return repr(result)
    except Exception as error:
        sys.settrace(None)
        return repr(error)


main()
