"""One way of tracing each: `tool(programs)` yields, for every program, (what it returned or raised, bytes recorded).

Programs are files, since most of the tools look their text up by name. What is traced is the entry call with all functions
of the program that it reaches; each tool in the configuration that records the most with the least work.
"""

import io
import sys
import trace as standard_trace
from contextlib import redirect_stdout


def outcome(call):
    """The text of the result, or of the exception that the program ended with."""
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def untraced(programs, _folder):
    for program in programs:
        call = program.load()
        yield outcome(call), 0


def standard(programs, _folder):
    """`trace` of the standard library, printing every line that runs."""
    for program in programs:
        call = program.load()
        tracer = standard_trace.Trace(count=0, trace=1, ignoredirs=[sys.prefix, sys.exec_prefix])
        text = io.StringIO()
        with redirect_stdout(text):
            result = outcome(lambda: tracer.runfunc(call))
        yield result, len(text.getvalue().encode())


def pysnooper(programs, _folder):
    import pysnooper

    for program in programs:
        text = io.StringIO()
        decorate = pysnooper.snoop(text, depth=program.functions, color=False)
        yield outcome(program.load(decorate)), len(text.getvalue().encode())


def snoop(programs, _folder):
    import snoop

    for program in programs:
        text = io.StringIO()
        config = snoop.Config(out=text, columns=(), color=False, replace_watch_extras=())
        yield outcome(program.load(config.snoop(depth=program.functions))), len(text.getvalue().encode())


def hunter(programs, folder):
    """The compiled tracer; every line with the variables that changed."""
    import hunter

    for program in programs:
        call = program.load()
        text = io.StringIO()
        action = hunter.VarsSnooper(stream=text, force_colors=False, repr_limit=1_000)
        with hunter.trace(filename_startswith=folder, actions=[action]):
            result = outcome(call)
        yield result, len(text.getvalue().encode())


def viztracer(programs, folder):
    """Calls with arguments and results; it has no lines. What it saves at the end counts for the last program.

    No file is left out: with this driver's, everything that they call would be.
    """
    import os

    from viztracer import VizTracer

    output = os.path.join(folder, "viztracer.json")
    tracer = VizTracer(
        tracer_entries=2_000_000,
        verbose=0,
        log_func_args=True,
        log_func_retval=True,
        ignore_c_function=True,
        output_file=output,
    )
    last = len(programs) - 1
    for at, program in enumerate(programs):
        call = program.load()
        tracer.start()
        result = outcome(call)
        tracer.stop()
        if at == last:
            tracer.save()
        yield result, os.path.getsize(output) if at == last else 0
    # Else the next one of this process records nothing.
    tracer.terminate()


def reference(programs, _folder):
    """The project's own tracer in plain Python, in one process instead of a child per program."""
    import json
    import os

    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "reference"))
    from recorder import Recorder

    streams = sys.stdin, sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    main = sys.modules["__main__"]
    for program in programs:
        try:
            row = Recorder(1_000_000, 1_000_000_000).run(program.row)
        finally:
            sys.stdin, sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams
            sys.modules["__main__"] = main
        result, error = row["outcome"]["result"], row["outcome"]["exception"]
        text = f"{error['type']}: {error['message']}" if error else result["repr"]
        yield text, len(json.dumps(row).encode())


TOOLS = {tool.__name__: tool for tool in (untraced, standard, pysnooper, snoop, hunter, viztracer, reference)}
