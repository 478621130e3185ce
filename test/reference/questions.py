"""The answers to questions about runs, found without the recorder: the program is run in plain CPython under sys.settrace,
its statements are taken from `ast`, and what a question asks is looked up in that. One job: say where the two differ.

    python3.11 test/reference/questions.py QUESTIONS.jsonl

Prints a line for each difference, then {"questions", "differences", "skipped", "kinds"}; exits with 1 where there is one.
Programs of the file are run here, so only files of programs that may be trusted are for it.
"""

import ast
import contextlib
import dis
import io
import itertools
import json
import sys

FILE = "<program under question>"
HIDDEN = {"<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
# Of a run: every state of it is kept as text here.
MOST_STEPS = 3_000
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


def statements(run, frame):
    return [visit for visit in frame.visits if run.counted(visit) is visit]


def inside(nodes, line):
    return bool(nodes) and nodes[0].lineno <= line <= nodes[-1].end_lineno


def branch(run, visit):
    node = run.units.node[visit.line]
    if isinstance(node, ast.If):
        return if_arm(run, node, visit)
    if isinstance(node, ast.Match):
        following = visit.next
        while following:
            for case in node.cases:
                if inside(case.body, following.line):
                    return str(case.pattern.lineno)
            if not any(case.pattern.lineno == following.line for case in node.cases):
                return "none"
            following = following.next
        return "none"
    following = visit.next
    while following:
        for handler in node.handlers:
            if inside(handler.body, following.line):
                return str(handler.lineno)
        if not inside(node.body, following.line) and not any(h.lineno == following.line for h in node.handlers):
            return "none"
        following = following.next
    return "none"


def if_arm(run, node, visit):
    following = visit.next
    while True:
        if following is None:
            return "none"
        if inside(node.body, following.line):
            return str(node.lineno)
        if not node.orelse:
            return "none"
        (only, *more) = node.orelse
        # An `elif` stands as deep as its `if`; an `if` under an `else` stands deeper.
        if not more and isinstance(only, ast.If) and only.col_offset == node.col_offset:
            if following.line != only.lineno:
                return "none"
            node, following = only, following.next
            continue
        return "else" if inside(node.orelse, following.line) else "none"


def debug(run, ask):
    visit = run.find(ask)
    callers, frame = set(), visit.frame.parent
    while frame:
        callers.add(frame)
        frame = frame.parent
    for later in run.visits:
        if later.at <= visit.at or run.units.is_block_word(later.line):
            continue
        stops = {
            "into": True,
            "over": later.frame is visit.frame or later.frame in callers,
            "out": later.frame in callers,
            "continue": later.line == ask.get("breakpoint"),
        }[ask["command"]]
        if stops:
            return str(later.line)
    return "end"


def exception(run, ask):
    what = ask["what"]
    if what == "visit":
        return run.find(ask).raised or "none"
    if what == "type":
        return type(run.error).__name__ if run.error else "none"
    if what == "message":
        return str(run.error)
    line, trace = None, run.error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return str(run.units.start[line])


def count(run, ask):
    if ask["what"] == "calls":
        return str(sum(frame.name == ask["function"] for frame in run.frames))
    visits = [visit for visit in run.visits if visit.line == ask["line"]]
    if ask["what"] == "visits":
        return str(len(visits))
    low, high = run.units.loops[ask["line"]]
    return str(sum(visit.next is not None and low <= visit.next.line <= high for visit in visits))


def held(state):
    return "{" + ", ".join(f"{name!r}: {text}" for name, (text, _, _) in state.items() if name != "_") + "}"


def answer(run, question):
    """The text, or (text, type)."""
    kind, ask = question["kind"], question["ask"]
    if kind in ("output", "input"):
        return run.result
    if kind == "coverage":
        return "YES" if any(visit.line == ask["line"] for visit in run.visits) else "NO"
    if kind == "lines":
        return ", ".join(str(visit.line) for visit in statements(run, run.frame(ask)))
    if kind == "count":
        return count(run, ask)
    if kind == "exception":
        return exception(run, ask)
    if kind == "debug":
        return debug(run, ask)
    if kind == "call":
        if ask["what"] == "edges":
            return sorted({(f.parent.name if f.parent else "<module>", f.name) for f in run.frames if not f.module})
        frame = run.frame(ask)
        return frame.returned if ask["what"] == "return" else frame.arguments[ask["name"]][:2]
    visit = run.find(ask)
    if kind == "path":
        return run.follower(visit)
    if kind == "state":
        return visit.after[ask["name"]][:2] if ask["name"] in visit.after else "Nil"
    if kind == "type":
        return visit.after[ask["name"]][1] if ask["name"] in visit.after else "Nil"
    if kind == "backward":
        return visit.before[ask["name"]][:2]
    if kind == "stdout":
        return visit.printed
    if kind == "branch":
        return branch(run, visit)
    if kind == "alias":
        return "YES" if visit.after[ask["name"]][2] == visit.after[ask["other"]][2] else "NO"
    if kind == "step":
        return f"({held(visit.after)}, {(visit.raised if visit.ending == 'raise' else run.follower(visit))!r})"
    raise KeyError(kind)


def same(question, found):
    given = question["answers"][0]
    if question["kind"] == "call" and question["ask"]["what"] == "edges":
        return sorted(ast.literal_eval(given["text"])) == found
    if isinstance(found, tuple):
        text, kind = found
        return given.get("type") == kind and equal(given["text"], text)
    if question["kind"] == "branch" and found == "else":
        line = question["code"].splitlines()[int(given["text"]) - 1] if given["text"].isdigit() else ""
        return line.strip().startswith("else")
    return given["text"] == found or (question["kind"] == "step" and equal(given["text"], found))


def equal(one, other):
    if one == other:
        return True
    try:
        return ast.literal_eval(one) == ast.literal_eval(other)
    except (ValueError, SyntaxError):
        return False


def differ(runs, question):
    pair = []
    for run in runs:
        called = next(f for f in run.frames if not f.module and f.parent is None)
        pair.append([visit.line for visit in statements(run, called)])
    one, two = pair
    common = 0
    while common < min(len(one), len(two)) and one[common] == two[common]:
        common += 1
    return str(one[common - 1]) if common < max(len(one), len(two)) else "none"


def main(path):
    sys.setrecursionlimit(3000)
    differences, skipped, kinds, known = 0, 0, {}, (None, None)
    with open(path, encoding="utf-8") as file:
        for line in file:
            question = json.loads(line)
            if question["features"]["steps"] > MOST_STEPS:
                skipped += 1
                continue
            kinds[question["kind"]] = kinds.get(question["kind"], 0) + 1
            call = question.get("call", question["answers"][0]["text"] if question["kind"] == "input" else None)
            key = (question["code"], call, question.get("stdin"))
            if known[0] != key:
                known = (key, Run(*key))
            try:
                if question["kind"] == "differ":
                    other = Run(question["code"], question["ask"]["call"], question.get("stdin"))
                    found = differ((known[1], other), question)
                elif question["kind"] == "input":
                    found = (question["ask"]["given"]["result"], question["ask"]["what"])
                    question["answers"][0] = {"text": known[1].result[0], "type": known[1].result[1]}
                else:
                    found = answer(known[1], question)
            except (StopIteration, IndexError, KeyError, TypeError, AttributeError) as error:
                found = f"no answer: {error!r}"
            if not same(question, found):
                differences += 1
                shown = {"id": question["id"], "ask": question["ask"], "answers": question["answers"], "reference": found}
                print(json.dumps(shown))
    print(json.dumps({"questions": sum(kinds.values()), "differences": differences, "skipped": skipped, "kinds": kinds}))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
