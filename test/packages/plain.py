"""Programs in plain CPython, nothing recorded: reads them as JSON lines, prints a JSON line for each.

Modules named on the command line are imported first; each program runs in a child of its own, forked from there. Random
numbers start as they do in tracemill: `random` from the seed, NumPy's from the bits that SplitMix64 draws from it.
"""

import contextlib
import importlib
import io
import json
import os
import random
import resource
import select
import signal
import sys
import time

SEED = 0


class Entropy:
    """Steele, Lea and Flood's SplitMix64, in the place of secrets.randbits()."""

    def __init__(self, seed):
        self.state = seed

    def word(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def randbits(self, count):
        size = (count + 7) // 8
        words = [self.word().to_bytes(8, "little") for _ in range((size + 7) // 8)]
        return int.from_bytes(b"".join(words)[:size], "little") & ((1 << count) - 1)


def seed_all():
    random.seed(SEED)
    if "numpy" not in sys.modules:
        return
    import numpy.random
    import numpy.random.bit_generator

    numpy.random.bit_generator.randbits = Entropy(SEED).randbits
    numpy.random.mtrand._rand.set_state(numpy.random.RandomState().get_state())


def outcome_of(program):
    seed_all()
    globals_ = {"__name__": "__main__", "__builtins__": __builtins__}
    sys.stdin = io.StringIO(program["stdin"])
    output = io.StringIO()
    started, busy = time.perf_counter(), time.thread_time()
    answer = {"status": "ok", "result": None, "exception": None}
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(program["code"], "program.py", "exec", dont_inherit=True), globals_)
            answer["result"] = repr(eval(compile(program["entry"].lstrip(), "<entry>", "eval"), globals_))
        except BaseException as error:
            answer["status"] = "exception"
            answer["exception"] = type(error).__name__
    answer["wall"] = time.perf_counter() - started
    answer["cpu"] = time.thread_time() - busy
    answer["stdout"] = output.getvalue()
    return answer


def run(program, seconds, memory):
    """In a child; what ends it from outside is a `timeout` or a `crash`."""
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
        with os.fdopen(writer, "w") as pipe:
            json.dump(outcome_of(program), pipe)
        os._exit(0)
    os.close(writer)
    text = b""
    while True:
        left = started + seconds - time.perf_counter()
        if not select.select([reader], [], [], max(left, 0))[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reader)
            return {"status": "timeout", "result": None, "exception": None, "wall": seconds, "cpu": seconds, "stdout": ""}
        chunk = os.read(reader, 65536)
        if not chunk:
            break
        text += chunk
    os.close(reader)
    os.waitpid(child, 0)
    return json.loads(text) if text else {"status": "crash", "result": None, "exception": None, "wall": 0, "cpu": 0, "stdout": ""}


def main():
    seconds, memory, *modules = sys.argv[1:]
    for module in modules:
        importlib.import_module(module)
    for line in sys.stdin.buffer:
        program = json.loads(line)
        print(json.dumps({"id": program["id"], **run(program, float(seconds), int(memory) << 20)}), flush=True)


main()
