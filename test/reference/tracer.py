"""The reference tracer: what tracemill records, said in plain Python with `sys.settrace`.

    python tracer.py PROGRAMS.jsonl -o EVENTS.jsonl [--objects fields|repr] [--max-value-chars 0] [--threads all|main]
                     [--time-limit 10] [--max-events 20000] [--max-bytes 50000000]

Reads native program rows (id, code, entry, stdin, argv) and writes rows equal to `tracemill trace --as events` with the
same options, and with the identities of values (`id`, which that format does not show). Slow and
simple on purpose: it is the statement that the native tracer is compared with. Needs nothing but the standard library.

A program that goes on past --max-events or --max-bytes becomes `{"id", "cut": N, "events": the first N}`. One whose row
cannot be made (too slow, interpreter killed, recursion limit reached inside this tracer) becomes `{"id", "skipped":
reason}`.
"""

import argparse
import json
import os
import select
import signal
import sys
import time

from recorder import Recorder, Skip

# Strings hash alike in every run, so that sets are shown in one order.
HASH_SEED = "0"
# Programs import nothing from this folder.
sys.path.pop(0)


def main(arguments):
    options = parse(arguments)
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:
        os.environ["PYTHONHASHSEED"] = HASH_SEED
        os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), *arguments])
    with open(options.programs, encoding="utf-8") as programs, open(options.output, "wb") as output:
        for line in programs:
            if line.strip():
                output.write(row_of(json.loads(line), options) + b"\n")


def parse(arguments):
    parser = argparse.ArgumentParser(description="pure-Python reference tracer")
    parser.add_argument("programs", help="JSONL of native program rows")
    parser.add_argument("-o", "--output", required=True, help="JSONL of events rows")
    parser.add_argument("--objects", choices=["fields", "repr"], default="fields", help="how objects are shown")
    parser.add_argument("--max-value-chars", type=int, default=0, help="characters of a value; 0: all")
    parser.add_argument("--threads", choices=["all", "main"], default="all", help="which threads are recorded")
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds per program")
    parser.add_argument("--max-events", type=int, default=20_000, help="events before a program is cut")
    parser.add_argument("--max-bytes", type=int, default=50_000_000, help="bytes of values before a program is cut")
    return parser.parse_args(arguments)


def row_of(program, options):
    """The JSON text of one program's row, made in a child process so that no program can harm the next one."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        run_as_child(program, options, writable)
    os.close(writable)
    text = read_until_closed(readable, options.time_limit)
    os.close(readable)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if text is None:
        return skipped(program, "timeout")
    if not text.endswith(b"\n"):
        return skipped(program, f"child ended with wait status {status}")
    return text.rstrip(b"\n")


def run_as_child(program, options, writable):
    # Descriptors 0 to 2 are not the program's: it reads and writes through the objects in `sys`.
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    try:
        shown = (options.objects, options.max_value_chars, options.threads)
        text = json.dumps(Recorder(options.max_events, options.max_bytes, *shown).run(program)).encode()
    except Skip as skip:
        text = skipped(program, str(skip))
    with open(writable, "wb") as pipe:
        pipe.write(text + b"\n")
    os._exit(0)


def read_until_closed(readable, seconds):
    """All bytes up to the end of the pipe; None when the time is over first."""
    deadline = time.monotonic() + seconds
    chunks = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([readable], [], [], left)[0]:
            return None
        chunk = os.read(readable, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        # A finished row waits for nothing: a child of the program may hold the pipe open.
        if chunk.endswith(b"\n"):
            return b"".join(chunks)


def skipped(program, reason):
    return json.dumps({"id": program["id"], "skipped": reason}).encode()


if __name__ == "__main__":
    main(sys.argv[1:])
