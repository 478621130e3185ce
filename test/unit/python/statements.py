"""Reads a JSON array of sources on stdin and writes for each what Python's own parser and tokenizer say of it: null when
it is no program, else the lines of every logical line and the loops that are around every statement.
"""
import ast
import io
import json
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")
BLANK = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


def logical_lines(source):
    """[first, last] of each, by the tokenizer, with line ends as the parser reads them."""
    source = source.replace("\r\n", "\n").replace("\r", "\n") + "\n"
    lines, first, last = [], None, None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            # One that is nothing but a backslash has no code.
            lines += [[first, last]] * (first is not None)
            first = None
        elif token.type not in BLANK:
            first = first or token.start[0]
            last = token.end[0]
    return lines


class Loops(ast.NodeVisitor):
    """[first line, last line or null for a compound one, first lines of the loops around it] of each statement."""

    def __init__(self):
        self.loops = []
        self.found = []

    def visit_block(self, statements, loops):
        before, self.loops = self.loops, loops
        for statement in statements:
            self.visit(statement)
        self.loops = before

    def visit(self, node):
        if not isinstance(node, ast.stmt):
            return self.generic_visit(node)
        loop = isinstance(node, (ast.For, ast.AsyncFor, ast.While))
        around = self.loops + [node.lineno] * loop
        compound = hasattr(node, "body") or hasattr(node, "cases")
        self.found.append([node.lineno, None if compound else node.end_lineno, around])
        scope = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            for part in getattr(node, name, []):
                inside = [] if scope else around if name == "body" else self.loops
                if isinstance(part, ast.stmt):
                    self.visit_block([part], inside)
                else:
                    self.visit_block(part.body, inside)


def facts(source):
    try:
        tree = ast.parse(source)
        lines = logical_lines(source)
    except (SyntaxError, SystemError, ValueError, MemoryError, RecursionError, tokenize.TokenError, IndentationError):
        return None
    loops = Loops()
    loops.visit(tree)
    return {"lines": lines, "statements": loops.found}


for source in json.load(sys.stdin):
    print(json.dumps(facts(source)))
