"""Runs one program under `sys.settrace` and makes its events row. The rules that native code follows too:

*Frames.* Recorded are the frames whose code was compiled from the program's text (file name `<program>`), the module's
own frame first. A frame gets its number at its first event; its parent is the nearest recorded frame below it on the
stack at that moment. The entry expression is compiled apart (`<entry>`) and its frames are not recorded.

*Events.* `call`, `line`, `return` and `exception` as CPython reports them. For frames that can be suspended (generators,
coroutines, asynchronous generators) a CPython `call` after the first is a `resume`, and a `return` at a yield instruction
is a `yield`. A `return` that an exception caused has no value.

*Names.* What `f_locals` shows when the event fires; in modules and class bodies the namespace and, from 3.12, the
variables of comprehensions that run inside the frame. Module frames hide dunder names, modules, functions and classes;
class bodies hide dunder names.

*Values.* `type(x).__name__` and `repr(x)`, computed untraced; `<unreprable T>` when that fails. What a `__repr__` prints
is not the program's output.

*Outcome.* Module and entry are compiled before anything runs. Every exception that leaves the program, SystemExit among
them, is status `exception`, at the line of the innermost program frame.

*End.* After the outcome is known the program's threads are waited for, its exit functions run (recorded like all else),
and its module is dropped name by name as CPython does, unrecorded. What that prints is output.

*Cut.* A program that goes on when its row is full is stopped by an exception. Its row has the events up to then and their
number as `cut`, but no outcome and no stdout.
"""

import atexit
import dis
import gc
import inspect
import io
import random
import sys
import threading
import types

PROGRAM = "<program>"
ENTRY = "<entry>"
HIDDEN_IN_MODULES = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
SUSPENDABLE = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
YIELD = dis.opmap["YIELD_VALUE"]
RESUME = dis.opmap["RESUME"]
RETURNS = {number for name, number in dis.opmap.items() if name in ("RETURN_VALUE", "RETURN_CONST")}


class Skip(BaseException):
    """The program's row cannot be made; the argument says why."""


class Cut(BaseException):
    """Raised into a program whose row is full."""


class Capture(io.BytesIO):
    """What the program wrote, kept also when the program closes its stdout. Mute while values are rendered."""

    muted = False

    def write(self, data):
        return len(data) if self.muted else super().write(data)

    def close(self):
        pass


def text_stream(raw):
    return io.TextIOWrapper(raw, encoding="utf-8", errors="surrogatepass", newline="", write_through=True)


class FrameTracer:
    """The local trace function of one frame. Only the frame refers to it, so it keeps nothing alive."""

    def __init__(self, recorder, number, parent):
        self.recorder = recorder
        self.number = number
        self.parent = parent
        self.raised_at = None  # instruction of the exception event, while that is the frame's latest event
        self.namespace = None  # of a module or class body

    def __call__(self, frame, event, argument):
        if event == "line":
            self.raised_at = None
            self.recorder.add(self, "line", frame)
        elif event == "exception":
            self.raised_at = frame.f_lasti
            type_, value, _ = argument
            self.recorder.add(self, "exception", frame, exception=self.recorder.exception(type_, value))
        elif event == "return":
            self.leave(frame, argument)
        return self

    def leave(self, frame, value):
        if value is None and self.is_unwinding(frame):
            self.recorder.add(self, "return", frame)
        elif frame.f_code.co_flags & SUSPENDABLE and is_at_yield(frame):
            self.recorder.add(self, "yield", frame, value=self.recorder.value(value))
        else:
            self.recorder.add(self, "return", frame, value=self.recorder.value(value))
        self.raised_at = None

    def is_unwinding(self, frame):
        # An exception thrown into a suspended frame is raised at the yield itself; a later yield is another
        # instruction.
        if is_at_yield(frame):
            return frame.f_lasti == self.raised_at
        return frame.f_code.co_code[frame.f_lasti] not in RETURNS


def is_at_yield(frame):
    code, last = frame.f_code.co_code, frame.f_lasti
    # From 3.13 a suspended frame already points at the RESUME that follows the yield.
    return code[last] == YIELD or (last >= 2 and code[last] == RESUME and code[last - 2] == YIELD)


class Recorder:
    def __init__(self, max_events, max_bytes):
        self.max_events = max_events
        self.bytes_left = max_bytes
        self.frames = 0
        self.events = []
        self.full = False
        self.stdout = Capture()

    def run(self, program):
        stream = text_stream(self.stdout)
        try:
            module = compile(program["code"], PROGRAM, "exec", dont_inherit=True)
            entry = program.get("entry")
            if entry is not None:
                entry = compile(entry, ENTRY, "eval", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return self.row(program, "syntax-error", None, self.failure(error, line_of_syntax_error(error)))
        namespace = self.prepare(program, stream)
        result, error = self.execute(module, entry, namespace)
        if self.full:
            return {"id": program["id"], "cut": len(self.events), "events": self.events}
        if error is not None:
            row = self.row(program, "exception", None, self.failure(error, line_in_program(error)))
        else:
            row = self.row(program, "ok", None if entry is None else self.value(result), None)
        del result, error
        self.finish(namespace)
        return {**row, "stdout": self.output()}

    def prepare(self, program, stdout):
        main = types.ModuleType("__main__")
        main.__dict__["__builtins__"] = __builtins__
        sys.modules["__main__"] = main
        sys.argv = ["program.py", *program.get("argv", [])]
        sys.stdin = io.StringIO(program.get("stdin") or "")
        sys.stdout = sys.__stdout__ = stdout
        sys.stderr = sys.__stderr__ = text_stream(Capture())
        random.seed(0)
        return main.__dict__

    def execute(self, module, entry, namespace):
        trace = self.enter_frame  # one object: identity tells whether the program kept it
        sys.settrace(trace)
        try:
            exec(module, namespace)
            result = None if entry is None else eval(entry, namespace)
            error = None
        except BaseException as raised:
            result, error = None, raised
        left = sys.gettrace()
        sys.settrace(None)
        if left is None and not self.full:
            # CPython removes a trace function that raises; before the cut, this one raises only where no call fits on
            # the stack.
            raise Skip("trace function removed: by the program, or at the recursion limit")
        if left is not None and left is not trace:
            raise Skip("the program replaced the trace function")
        return result, error

    def finish(self, namespace):
        sys.settrace(self.enter_frame)
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.settrace(None)
        for underscored in (True, False):
            for name, value in list(namespace.items()):
                if value is not None and name.startswith("_") == underscored and name != "__builtins__":
                    namespace[name] = None
        namespace.clear()
        gc.collect()

    def output(self):
        return self.stdout.getvalue().decode("utf-8", "surrogatepass")

    def enter_frame(self, frame, event, _argument):
        if frame.f_code.co_filename != PROGRAM:
            return None
        tracer = frame.f_trace
        if isinstance(tracer, FrameTracer):
            self.add(tracer, "resume", frame)
            return tracer
        tracer = FrameTracer(self, self.frames, self.parent_of(frame))
        self.frames += 1
        self.add(tracer, "call", frame)
        return tracer

    def parent_of(self, frame):
        while (frame := frame.f_back) is not None:
            if isinstance(frame.f_trace, FrameTracer):
                return frame.f_trace.number
        return None

    def add(self, tracer, kind, frame, **extra):
        if self.full:
            return
        if len(self.events) == self.max_events or self.bytes_left < 0:
            # The program may catch it; no event is recorded afterwards.
            self.full = True
            raise Cut
        event = {
            "event": kind,
            "frame": tracer.number,
            "parent": tracer.parent,
            "function": frame.f_code.co_qualname,
            "line": frame.f_lineno,
            "locals": {name: self.value(value) for name, value in visible(frame, tracer)},
            **extra,
        }
        self.events.append(event)

    def value(self, value):
        name = type_name(type(value))
        self.stdout.muted = True
        try:
            text = repr(value)
        except BaseException:
            text = f"<unreprable {name}>"
        finally:
            self.stdout.muted = False
        self.bytes_left -= len(text) + 40
        return {"type": name, "repr": text}

    def exception(self, type_, value):
        name = type_name(type_)
        self.stdout.muted = True
        try:
            message = str(value)
        except BaseException:
            message = f"<unprintable {name}>"
        finally:
            self.stdout.muted = False
        return {"type": name, "message": message}

    def failure(self, error, line):
        return {**self.exception(type(error), error), "line": line}

    def row(self, program, status, result, exception):
        return {
            "id": program["id"],
            "outcome": {"status": status, "result": result, "exception": exception},
            "stdout": self.output(),
            "events": self.events,
        }


def visible(frame, tracer):
    """The names and values that an event of the frame shows."""
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED:
        return list(frame.f_locals.items())
    names = [(name, value) for name, value in namespace_of(frame, tracer).items() if not is_dunder(name)]
    if frame.f_code.co_name == "<module>":
        names = [(name, value) for name, value in names if not issubclass(type(value), HIDDEN_IN_MODULES)]
    return names


def namespace_of(frame, tracer):
    shown = frame.f_locals
    if isinstance(shown, dict):
        tracer.namespace = shown
        return shown
    # While a comprehension runs inside a module or class body, 3.13 shows its variables and nothing else.
    return {**(tracer.namespace or {}), **shown}


def is_dunder(name):
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def type_name(type_):
    # Past a metaclass that defines `__name__`.
    return type.__dict__["__name__"].__get__(type_)


def line_in_program(error):
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == PROGRAM:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def line_of_syntax_error(error):
    return error.lineno if isinstance(error, SyntaxError) and error.filename == PROGRAM else None
