"""Which iteration of which loop every event of a program happened in, from the instructions that ran.

    python loops.py PROGRAMS.jsonl > PATHS.jsonl

One row per program: {"id", "events": [[kind, function, line, path], ...]} with the events of the frames of the program
as sys.settrace reports them, and path the list of [activation, iteration] that the event happened in, those of the
callers first. {"loops": {activation: [loop line, frame, iterations, clause]}} tells about them: frame is the index of its frame's first
event, clause whether it is one of a comprehension.

The native tracer infers iterations from the events that it gets. This one sees every instruction, so that it knows.
"""

import ast
import dis
import io
import json
import sys

PROGRAM = "<program>"
HEADS = ("FOR_ITER", "GET_ANEXT")
INLINED = sys.version_info >= (3, 12)
NAMES_ITERABLE = sys.version_info >= (3, 13)


def place(node):
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def within(inner, outer):
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


class Loop:
    """A statement, or one clause of a comprehension."""

    def __init__(self, line, kind, whole, over, body, orelse, clause=0):
        self.line, self.kind, self.whole, self.over = line, kind, whole, over
        self.body, self.orelse, self.clause = body, orelse, clause


def span(nodes):
    return place(nodes[0])[:2] + place(nodes[-1])[2:] if nodes else None


def loops_of(tree):
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.AsyncFor)):
            found.append(Loop(node.lineno, "for", place(node), place(node.iter), span(node.body), span(node.orelse)))
        elif isinstance(node, ast.While):
            found.append(Loop(node.lineno, "while", place(node), place(node.test), span(node.body), span(node.orelse)))
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            for i, clause in enumerate(node.generators):
                found.append(Loop(clause.target.lineno, "clause", place(node), place(clause.iter), None, None, i))
    return found


class Code:
    """The loops of one code object, and what each of its instructions means for them."""

    def __init__(self, code, loops):
        self.instructions = {}
        instructions = list(dis.get_instructions(code))
        positions = list(code.co_positions())
        # Prefixes are part of the instruction behind them.
        self.real, prefixes = {}, []
        for i in instructions:
            prefixes.append(i.offset)
            if i.opname != "EXTENDED_ARG":
                self.real.update((offset, i.offset) for offset in prefixes)
                prefixes = []
        instructions = [i for i in instructions if i.opname != "EXTENDED_ARG"]
        where = {i.offset: positions[i.offset // 2] for i in instructions}
        self.loops = []  # (loop, offsets of its heads, membership)
        seen = {}
        heads = []
        for i in instructions:
            at = where[i.offset]
            if i.opname in HEADS and None not in at:
                loop = self.head(i, (at[0], at[2], at[1], at[3]), loops, seen)
                if loop is not None:
                    heads.append((i, loop))
        self.head_of = {}
        for i, loop in heads:
            self.head_of.setdefault(i.offset, []).append(loop)
        ends = self.ends(instructions, heads)
        jumps = [i for i in instructions if "JUMP" in i.opname and "NO_INTERRUPT" not in i.opname]
        self.jumps = {i.offset: self.real[i.argval] for i in jumps if isinstance(i.argval, int) and i.argval < i.offset}
        self.falls = {i.offset: after.offset for i, after in zip(instructions, instructions[1:])}
        # Where an asynchronous iteration goes on once it has its value.
        sends = [i for i in instructions if i.opname == "SEND"]
        for i, _ in heads:
            if i.opname == "GET_ANEXT":
                self.falls[i.offset] = self.real[next(send.argval for send in sends if send.offset > i.offset)]
        self.waits = {i.offset for i, _ in heads if i.opname == "GET_ANEXT"}
        self.bodies = {}
        back = {self.real[i.argval] for i in jumps if isinstance(i.argval, int) and i.argval <= i.offset}
        self.members = {i.offset: [] for i in instructions}
        self.tests = {}
        own = {id(loop) for _, loop in heads}
        scope = self.scope(code, where, instructions)
        for loop in loops:
            previous_in_test = False
            for i in instructions:
                at = where[i.offset]
                if None in at:
                    continue
                at = (at[0], at[2], at[1], at[3])
                inside = False
                if loop.kind == "clause":
                    inside = id(loop) in own and any(
                        head.offset <= i.offset < ends[head.offset] for head, other in heads if other is loop
                    )
                elif within(at, loop.whole) and not (loop.orelse and within(at, loop.orelse)):
                    inside = loop.kind == "while" or within(at, loop.body) or i.offset in self.head_of
                    inside = inside or not (within(at, loop.over) or i.opname in ("GET_ITER", "GET_AITER"))
                    inside = inside and self.same_scope(loop, scope)
                    if loop.kind == "while" and inside:
                        in_test = at == loop.whole or within(at, loop.over)
                        # The way out of the loop may be a jump back to a loop around it, at the place of the test.
                        target = where.get(self.jumps.get(i.offset))
                        if in_test and (i.opname == "JUMP_FORWARD" or i.opname == "NOP" and i.offset not in back):
                            continue
                        if in_test and target and None not in target:
                            if not within((target[0], target[2], target[1], target[3]), loop.whole):
                                continue
                        if in_test and (not previous_in_test or i.offset in back):
                            self.tests.setdefault(i.offset, []).append(loop)
                        previous_in_test = in_test
                        # A jump out of the loop may bear the place of the body's last statement.
                        if not in_test and "JUMP" not in i.opname and i.opname != "NOP":
                            self.bodies.setdefault(i.offset, []).append(loop)
                if loop.kind == "while" and not inside:
                    previous_in_test = False
                if inside:
                    self.members[i.offset].append(loop)
        for members in self.members.values():
            members.sort(key=lambda loop: (loop.whole[:2], tuple(-n for n in loop.whole[2:]), loop.clause))
        self.unknown = {i.offset for i in instructions if None in where[i.offset]}

    def head(self, i, at, loops, seen):
        if NAMES_ITERABLE and i.opname == "FOR_ITER":
            return next((loop for loop in loops if loop.kind != "while" and loop.over == at), None)
        for loop in loops:
            if loop.kind == "for" and loop.whole == at:
                return loop
        clauses = [loop for loop in loops if loop.kind == "clause" and loop.whole == at]
        if not clauses:
            return None
        seen[at] = seen.get(at, -1) + 1
        return clauses[seen[at] % len(clauses)]

    def ends(self, instructions, heads):
        ends, open_heads = {}, []
        starts = {i.offset for i, _ in heads}
        for i in instructions:
            if i.opname == "END_ASYNC_FOR" and open_heads:
                ends[open_heads.pop()] = i.offset
            if i.opname == "GET_ANEXT":
                open_heads.append(i.offset)
            if i.opname == "FOR_ITER" and i.offset in starts:
                ends[i.offset] = i.argval
        return ends

    def scope(self, code, where, instructions):
        if code.co_name == "<module>":
            return None
        lines = [where[i.offset] for i in instructions if None not in where[i.offset]]
        return (min((a, c) for a, b, c, d in lines), max((b, d) for a, b, c, d in lines), code.co_firstlineno)

    def same_scope(self, loop, scope):
        """A loop around the whole function is not the function's."""
        if scope is None:
            return True
        # RESUME stands at the first line of the definition, so the least place lies before every loop of the function.
        return (scope[2], 0) <= loop.whole[:2] and not (loop.whole[:2] <= scope[0] and scope[1] <= loop.whole[2:])


class Frame:
    def __init__(self, caller):
        self.caller, self.open, self.last, self.first = caller, [], None, None
        self.head = self.prefix = None

    def path(self):
        return (self.caller.path() if self.caller else []) + [[run, n] for _, run, n, _ in self.open]


class Tracer:
    def __init__(self, source):
        self.loops = loops_of(ast.parse(source))
        self.codes, self.stack, self.suspended = {}, [], {}
        self.events, self.runs, self.totals = [], {}, {}

    def trace(self, frame, kind, argument):
        code = frame.f_code
        if code.co_filename != PROGRAM:
            return None
        if code not in self.codes:
            self.codes[code] = Code(code, self.loops)
        frame.f_trace_opcodes = True
        if kind == "call":
            caller = self.stack[-1] if self.stack else None
            mine = self.suspended.pop(frame, None) or Frame(caller)
            mine.caller = caller
            self.stack.append(mine)
        mine = self.stack[-1]
        self.follow(mine, self.codes[code], frame.f_lasti, kind)
        if kind != "opcode":
            if mine.first is None:
                mine.first = len(self.events)
            self.events.append([kind, code.co_qualname, frame.f_lineno, mine.path()])
        if kind == "return":
            self.stack.pop()
            suspended = dis.opname[code.co_code[frame.f_lasti]] == "YIELD_VALUE"
            if suspended or dis.opname[code.co_code[max(0, frame.f_lasti - 2)]] == "YIELD_VALUE":
                self.suspended[frame] = mine
        return self.trace

    def prove(self, mine, code, offset, kind):
        """Notes which iterations do happen: their body has begun."""
        if kind != "opcode" or not mine.open:
            return
        if mine.head is not None:
            head, at = mine.head
            proven = offset == code.falls.get(head)
            if proven and at in mine.open:
                at[3] = True
            if proven or head not in code.waits:
                mine.head = None
        for at in mine.open:
            if any(at[0] is loop for loop in code.bodies.get(offset, [])):
                at[3] = True

    def follow(self, mine, code, offset, kind):
        prefix, offset = offset, code.real.get(offset, offset)
        if offset in code.unknown or offset < 0:
            return
        # The line event and the opcode event of one instruction are one arrival.
        if kind == "line" and mine.last == ("opcode", offset) and offset in code.jumps:
            # From 3.13 the line event of a jump back to the same line comes before the arrival there.
            offset = code.jumps[offset]
        self.prove(mine, code, offset, kind)
        arrived = kind == "line" or (
            kind == "opcode" and mine.last != ("line", offset) and not (mine.prefix and mine.last == (kind, offset))
        )
        if kind in ("line", "opcode"):
            mine.last = (kind, offset)
            mine.prefix = prefix if prefix != offset else None
        members = code.members.get(offset, [])
        if kind in ("line", "opcode"):
            while mine.open and mine.open[-1][0] not in members:
                mine.open.pop()
            for loop in members:
                if all(loop is not other[0] for other in mine.open):
                    run = len(self.runs)
                    self.runs[run] = (loop, mine)
                    mine.open.append([loop, run, 0, False])
            head = code.head_of.get(offset, []) + code.tests.get(offset, [])
            for at in mine.open:
                if any(at[0] is loop for loop in head):
                    if kind == "opcode" and offset in code.head_of:
                        mine.head = (offset, at)
                    if arrived:
                        self.totals[at[1]] = at[2]
                        at[2] += 1
                        at[3] = False
                elif at[2] == 0:
                    at[2] = 1
                if at[3]:
                    self.totals[at[1]] = at[2]


def run(program):
    tracer = Tracer(program["code"])
    code = compile(program["code"], PROGRAM, "exec")
    out, sys.stdout = sys.stdout, io.StringIO()
    sys._getframe().f_trace_opcodes = True  # or 3.12 never reports instructions
    sys.settrace(tracer.trace)
    try:
        exec(code, {"__name__": "__main__"})
    except Exception:
        pass
    finally:
        sys.settrace(None)
        sys.stdout = out
    loops = {
        run: [loop.line, mine.first, tracer.totals.get(run, 0), loop.kind == "clause"]
        for run, (loop, mine) in tracer.runs.items()
    }
    return {"id": program["id"], "events": tracer.events, "loops": loops}


for row in open(sys.argv[1], encoding="utf8"):
    print(json.dumps(run(json.loads(row))))
