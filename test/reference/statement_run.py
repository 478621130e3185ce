"""One run of a program in plain CPython, as sys.settrace and `ast` tell it: visits of statements, frame by frame."""

import ast
import contextlib
import dis
import io
import itertools
import sys

FILE = "<program under question>"
HIDDEN = {"<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
GENERATOR = 0x20 | 0x80 | 0x200
WORDS_OF_BLOCKS = (ast.Try, getattr(ast, "TryStar", ast.Try))


class Units:
    """By line, the first line of the statement, or of the header of a compound one, that the line is part of."""

    def __init__(self, code):
        self.start = {}
        self.node = {}
        self.withs = {}
        self.loops = {}
        self.tries = {}
        self.visit(ast.parse(code))

    def visit(self, node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                self.unit(child)
            self.visit(child)

    def unit(self, node):
        line = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
        for decorator in getattr(node, "decorator_list", []):
            for inner in range(decorator.lineno, decorator.end_lineno + 1):
                self.start.setdefault(inner, decorator.lineno)
        first = self.start.setdefault(line, line)
        self.node.setdefault(first, node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            if isinstance(node, (ast.With, ast.AsyncWith)):
                self.withs[first] = (body[0].lineno, node.end_lineno)
            if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
                self.loops[first] = (body[0].lineno, body[-1].end_lineno)
            last = max(line, self.header_end(node))
        elif isinstance(node, ast.Match):
            last = self.header_end(node)
        else:
            last = node.end_lineno
        for inner in range(line, last + 1):
            self.start.setdefault(inner, first)

    @staticmethod
    def header_end(node):
        parts = []
        for name in ("test", "target", "iter", "items", "args", "bases", "keywords", "type", "subject", "pattern", "guard", "returns"):
            value = getattr(node, name, None)
            parts.extend(value if isinstance(value, list) else [value])
        ends = [node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno]
        for part in filter(None, parts):
            ends.extend(inner.end_lineno for inner in ast.walk(part) if hasattr(inner, "end_lineno"))
        return max(ends)

    def is_block_word(self, line):
        """`try:` alone; `else:` and `finally:` are no nodes."""
        return isinstance(self.node.get(line), WORDS_OF_BLOCKS)


class Frame:
    def __init__(self, code, parent, nth):
        self.name = code.co_qualname
        self.nth = nth
        self.generator = bool(code.co_flags & GENERATOR)
        self.module = code.co_name == "<module>"
        self.parent = parent
        self.visits = []
        self.open = None
        self.arguments = None
        self.returned = None
        self.raised_last = False


class Visit:
    def __init__(self, frame, line, nth, before, at):
        self.frame, self.line, self.nth, self.before, self.at = frame, line, nth, before, at
        self.after = self.next = self.ending = self.raised = self.printed = None
        self.suspended = False


class Run:
    """One run of a program, as settrace tells it."""

    def __init__(self, code, call, stdin):
        self.units = Units(code)
        self.frames, self.visits, self.hidden_at = [], [], []
        self.known, self.owner, self.calls, self.counts = {}, {}, {}, {}
        self.clock = itertools.count()
        self.output = io.StringIO()
        self.error = self.result = None
        self.has_result = False
        names = {"__name__": "__main__", "__builtins__": __builtins__}
        compiled = compile(code, FILE, "exec")
        with contextlib.redirect_stdout(self.output), self.input(stdin or ""):
            sys.settrace(self.trace)
            try:
                exec(compiled, names)
                if call is not None:
                    self.result = eval(compile(call, "<call>", "eval"), names)
                    self.has_result = True
            except BaseException as error:
                self.error = error
            finally:
                sys.settrace(None)
        if self.has_result:
            self.result = (repr(self.result), type(self.result).__name__)

    @staticmethod
    @contextlib.contextmanager
    def input(text):
        before, sys.stdin = sys.stdin, io.StringIO(text)
        try:
            yield
        finally:
            sys.stdin = before

    def state(self, frame):
        found = {}
        for name, value in list(frame.f_locals.items()):
            if name.startswith(("__", ".")):
                continue
            kind = type(value)
            text = repr(value) if kind.__module__ == "builtins" and not callable(value) else f"<{kind.__name__}>"
            found[name] = (text, kind.__name__, id(value))
        return found

    def trace(self, frame, event, argument):
        code = frame.f_code
        if code.co_filename != FILE:
            return None
        if code.co_name in HIDDEN:
            self.hidden_at.append(next(self.clock))
            return self.trace
        mine = self.known.get(frame)
        if mine is None:
            mine = self.enter(frame, code)
        getattr(self, f"on_{event}")(mine, frame, argument)
        return self.trace

    def enter(self, frame, code):
        back = frame.f_back
        while back is not None and back not in self.known:
            back = back.f_back
        nth = self.calls[code.co_qualname] = self.calls.get(code.co_qualname, 0) + 1
        mine = self.known[frame] = Frame(code, self.known.get(back), nth)
        self.frames.append(mine)
        mine.arguments = self.state(frame)
        return mine

    def on_call(self, mine, frame, _):
        if mine.open:
            mine.open.suspended = True

    def on_line(self, mine, frame, _):
        mine.raised_last = False
        first = self.units.start.get(frame.f_lineno)
        if first is None:
            return
        visit = mine.open
        if visit and visit.line == first and visit.after is None:
            return
        state = self.state(frame)
        if visit and first in self.units.withs:
            low, high = self.units.withs[first]
            if low <= visit.line <= high and low > first:
                if visit.after is None:
                    visit.after, visit.printed = state, self.output.getvalue()
                return
        key = (mine, first)
        self.counts[key] = self.counts.get(key, 0) + 1
        new = Visit(mine, first, self.counts[key], state, next(self.clock))
        if visit:
            if visit.after is None:
                visit.after, visit.printed = state, self.output.getvalue()
            visit.next = new
        mine.open = new
        mine.visits.append(new)
        self.visits.append(new)

    def on_exception(self, mine, frame, argument):
        if mine.open and mine.open.raised is None:
            mine.open.raised = argument[0].__name__

    def on_return(self, mine, frame, argument):
        name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
        if name.startswith(("YIELD", "SEND")) or (mine.generator and name == "RETURN_GENERATOR"):
            if mine.open:
                mine.open.suspended = True
            return
        normal = name.startswith("RETURN") or name.startswith("INSTRUMENTED_RETURN")
        if normal:
            mine.returned = (repr(argument), type(argument).__name__)
        if mine.open:
            visit = mine.open
            if visit.after is None:
                visit.after, visit.printed = self.state(frame), self.output.getvalue()
            visit.ending = "raise" if not normal else "end" if mine.module else "return"
        mine.open = None

    def find(self, ask):
        line, nth, name = ask.get("line"), ask.get("visit", 1), ask.get("function")
        if name is None:
            return [visit for visit in self.visits if visit.line == line][nth - 1]
        return next(v for v in self.frame(ask).visits if v.line == line and v.nth == nth)

    def frame(self, ask):
        return next(f for f in self.frames if f.name == ask["function"] and f.nth == ask.get("frame", 1))

    def counted(self, visit):
        while visit is not None and self.units.is_block_word(visit.line):
            visit = visit.next
        return visit

    def follower(self, visit):
        following = self.counted(visit.next)
        if following:
            return str(following.line)
        while visit.next:
            visit = visit.next
        return visit.ending
