"""The answers to questions about runs, found without the recorder: the program is run in plain CPython under sys.settrace,
its statements are taken from `ast`, and what a question asks is looked up in that. One job: say where the two differ.

    python3.11 test/reference/questions.py QUESTIONS.jsonl

Prints a line for each difference, then {"questions", "differences", "skipped", "kinds"}; exits with 1 where there is one.
Programs of the file are run here, so only files of programs that may be trusted are for it.
"""

import ast
import json
import sys

from statement_run import FILE, Run

# Of a run: every state of it is kept as text here.
MOST_STEPS = 3_000


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
