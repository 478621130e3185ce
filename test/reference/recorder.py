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

*Values.* `type(x).__name__` and its structure (structure.py); with `objects="repr"`, objects of the program are what their
own `__repr__` says, untraced, and what that prints is not the program's output. A text over the bound is cut, with `len(x)`
of what has one. `id` is one object's for its whole life (lifetimes.py).

*Threads.* Every thread that the program starts is recorded: its number is the order in which they were started, 0 the
module's. A frame belongs to the thread of its first event.

*Outcome.* Module and entry are compiled before anything runs. Every exception that leaves the program, SystemExit among
them, is status `exception`, at the line of the innermost program frame.

*End.* After the outcome is known the program's threads are waited for, its exit functions run (recorded like all else),
and its module is dropped as CPython does, unrecorded: what holds it is collected whole; only of a module that something
else holds are the names cleared, underscored ones first. What that prints is output.

*Cut.* A program that goes on when its row is full is stopped by an exception. Its row has the events up to then and their
number as `cut`, but no outcome and no stdout.
"""

import array
import atexit
import collections
import dis
import gc
import inspect
import io
import random
import sys
import threading
import types
import weakref

from lifetimes import Lifetimes
from structure import Structure, message
from thread_starts import ThreadStarts

PROGRAM = "<program>"
ENTRY = "<entry>"
HIDDEN_IN_MODULES = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
SIZED = (str, bytes, bytearray, array.array, list, tuple, dict, set, frozenset)
SIZED += (collections.deque, collections.defaultdict, collections.Counter, collections.OrderedDict)
RESULT_CHARS = 1 << 16  # of a result or what the program ended with, which is the answer to a question
CONTAINERS = (list, dict, set, bytearray)
SUSPENDABLE = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
ASYNC_YIELD = "async_generator_wrapped_value"  # what an asynchronous generator hands over holds what it yields
YIELD = dis.opmap["YIELD_VALUE"]
RESUME = dis.opmap["RESUME"]
RETURNS = {number for name, number in dis.opmap.items() if name in ("RETURN_VALUE", "RETURN_CONST")}


class Skip(BaseException):
    """The program's row cannot be made; the argument says why."""


class Cut(BaseException):
    """Raised into a program whose row is full."""


class Capture(io.BytesIO):
    """What the program wrote, kept also when the program closes its stdout. Not while a thread renders values there."""

    muted_on = None

    def write(self, data):
        return len(data) if self.muted_on == threading.get_ident() else super().write(data)

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
            self.recorder.add(self, "exception", frame, "exception", lambda: self.recorder.exception(type_, value))
        elif event == "return":
            self.leave(frame, argument)
        return self

    def leave(self, frame, value):
        if value is None and self.is_unwinding(frame):
            self.recorder.add(self, "return", frame)
        elif frame.f_code.co_flags & SUSPENDABLE and is_at_yield(frame):
            yielded = gc.get_referents(value)[0] if type_name(type(value)) == ASYNC_YIELD else value
            self.recorder.add(self, "yield", frame, "value", lambda: self.recorder.value(yielded, named=False))
        else:
            self.recorder.add(self, "return", frame, "value", lambda: self.recorder.value(value, named=False))
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
    def __init__(self, max_events, max_bytes, objects="fields", max_value_chars=0, threads="all"):
        self.max_events = max_events
        self.bytes_left = max_bytes
        self.objects = objects
        self.max_value_chars = max_value_chars
        self.lifetimes = Lifetimes()
        self.starts = ThreadStarts(self.enter_frame) if threads == "all" else None
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
        holder = [namespace]
        del namespace
        if self.full:
            return {"id": program["id"], "cut": len(self.events), "events": self.shown_events()}
        if error is not None:
            row = self.row(program, "exception", None, self.failure(error, line_in_program(error)))
        else:
            row = self.row(program, "ok", None if entry is None else self.result(result), None)
        del result, error
        self.finish(holder)
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
        if self.starts:
            self.starts.watch()
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

    def finish(self, holder):
        namespace = holder.pop()
        sys.settrace(self.enter_frame)
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.settrace(None)
        module = weakref.ref(sys.modules.pop("__main__"))
        del namespace
        gc.collect()
        if module() is not None:
            clear_names(module().__dict__)
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

    def add(self, tracer, kind, frame, field=None, show=None):
        if self.full:
            return
        if len(self.events) == self.max_events or self.bytes_left < 0:
            # The program may catch it; no event is recorded afterwards.
            self.full = True
            raise Cut
        self.lifetimes.end()
        event = {
            "event": kind,
            "frame": tracer.number,
            "parent": tracer.parent,
            "function": frame.f_code.co_qualname,
            "line": frame.f_lineno,
            "thread": self.starts.number() if self.starts else 0,
            "locals": {name: self.value(value) for name, value in visible(frame, tracer)},
        }
        if show is not None:
            event[field] = show()
        self.events.append(event)

    def result(self, value):
        """Whole where other values would be cut."""
        return self.value(value, named=False, most=self.most_of_outcome())

    def most_of_outcome(self):
        return self.max_value_chars and max(self.max_value_chars, RESULT_CHARS)

    def value(self, value, named=True, most=None):
        """Containers that no name was bound to yet get no number for being returned."""
        most = self.max_value_chars if most is None else most
        unnamed = not named and type(value) in CONTAINERS
        identity = self.lifetimes.find(value) if unnamed else self.lifetimes.of(value)
        text = self.text(value)
        shown = {"type": type_name(type(value)), "repr": text}
        if is_cut(value, text, most):
            shown["repr"] = text[:most] + "..."
            if type(value) in SIZED:
                shown["len"] = len(value)
        return shown if identity is None else {**shown, "id": identity}

    def text(self, value):
        """What a `__repr__` prints is not heard."""
        self.stdout.muted_on = threading.get_ident()
        text = Structure(self.lifetimes.of, own_reprs=self.objects == "repr").text(value)
        self.stdout.muted_on = None
        self.bytes_left -= len(text) + 40
        return text

    def exception(self, type_, value, most=None):
        # Without a number: what has one may be held, and a traceback holds frames.
        text = self.text(value)
        most = self.max_value_chars if most is None else most
        if is_cut(value, text, most):
            text = text[:most] + "..."
        return {"type": type_name(type_), "message": message(value), "repr": text}

    def failure(self, error, line):
        return {**self.exception(type(error), error, self.most_of_outcome()), "line": line}

    def row(self, program, status, result, exception):
        return {
            "id": program["id"],
            "outcome": {"status": status, "result": result, "exception": exception},
            "stdout": self.output(),
            "events": self.shown_events(),
        }

    def shown_events(self):
        """Where there is one thread no event names it."""
        threaded = any(event["thread"] != 0 for event in self.events)
        return self.events if threaded else [{**event, "thread": None} for event in self.events]


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


def clear_names(namespace):
    for underscored in (True, False):
        for name, value in list(namespace.items()):
            if value is not None and name.startswith("_") == underscored and name != "__builtins__":
                namespace[name] = None


def is_cut(value, text, most):
    return most and len(text) > most and not is_whole(value, text)


def is_whole(value, text):
    """Whether the text is never cut: of numbers that a record holds as such, and a stand-in."""
    number = type(value) is float or type(value) is int and value.bit_length() < 64
    return number or text == f"<unreprable {type_name(type(value))}>"


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
