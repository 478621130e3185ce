"""Reads rows of programs as JSON lines, runs those of each row one after another in one plain process, and the witnesses
alone in a fresh one. Prints, for each row, whether a witness said something else: an attack that shows nothing where
nothing is put back would show nothing anywhere."""

import json
import os
import select
import signal
import sys
import types

LONGEST_S = 10


def run(program):
    """In a module and streams of its own, as a tracer runs it that puts nothing back."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    os.lseek(IN, 0, os.SEEK_SET)
    os.ftruncate(IN, 0)
    os.pwrite(IN, program.get("stdin", "").encode(), 0)
    for file in (OUT, ERR):
        os.ftruncate(file, 0)
    sys.stdin = open(0, closefd=False)
    sys.stdout, sys.stderr = (open(n, "w", closefd=False) for n in (1, 2))
    end = "ok"
    try:
        exec(compile(program["code"], "<program>", "exec"), vars(module))
    except BaseException as error:
        end = f"{type(error).__name__}: {error}"
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    return os.pread(OUT, 65536, 0), os.pread(ERR, 65536, 0), end


def in_child(programs, preload):
    """What the last of them said, or how the process died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        for name in preload:
            __import__(name)
        global IN, OUT, ERR
        IN, OUT, ERR = (os.dup2(os.memfd_create(f"{n}"), 700 + n) for n in range(3))
        for n in range(3):
            os.dup2(700 + n, n)
        pipe = os.dup2(writing, 710)
        os.closerange(3, 700)
        for program in programs:
            said = run(program)
        os.write(pipe, repr(said).encode("utf-8", "replace"))
        os._exit(0)
    os.close(writing)
    if not select.select([reading], [], [], LONGEST_S)[0]:
        os.kill(child, signal.SIGKILL)
    said = os.read(reading, 65536)
    os.close(reading)
    status = os.waitpid(child, 0)[1]
    return said or f"died with {status}".encode()


for line in sys.stdin.read().splitlines():
    row = json.loads(line)
    programs, preload = row["programs"], row["preload"]
    shown = any(
        in_child(programs[: i + 1], preload) != in_child([program], preload)
        for i, program in enumerate(programs)
        if program["witness"]
    )
    print(json.dumps({"id": row["id"], "shows": shown}), flush=True)
