"""What Python's own grammar and symbol tables say of programs.

Reads a JSON array of {"code", "entries"} from stdin (code null: only the entries are wanted) and writes one line of JSON
for each: {"facts", "entries"} or {"error"}. The programs are never run. Columns count characters from 0, lines count from 1, spans include their last line.
"""

import ast
import hashlib
import json
import re
import sys
import symtable

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = {ast.For: "for", ast.AsyncFor: "async for", ast.While: "while"}
# Tables that are no scopes of names the program binds: what type parameters are evaluated in.
HIDDEN_TABLES = {"annotation", "TypeVar bound", "type alias", "type parameters", "type parameter", "type variable"}


def span(nodes):
    """First and last line of statements or expressions; None for none."""
    if not nodes:
        return None
    return {"line": min(node.lineno for node in nodes), "endLine": max(node.end_lineno for node in nodes)}


class Facts(ast.NodeVisitor):
    def __init__(self, code):
        self.lines = re.split(b"\r\n|\r|\n", code.encode("utf-8", "surrogatepass"))
        self.path = []  # of the scopes around, as in __qualname__
        self.in_function = []
        self.loop_depth = [0]
        self.functions = []
        self.statements = []
        self.loops = []
        self.branches = []
        self.imports = []
        self.aliases = {}
        self.uses = set()

    def scope(self):
        return ".".join(self.path) or "<module>"

    def column(self, line, offset):
        text = self.lines[line - 1][:offset] if line <= len(self.lines) else b""
        return len(text.decode("utf-8", "surrogatepass"))

    def visit(self, node):
        if isinstance(node, ast.stmt):
            self.statement(node)
        if isinstance(node, FUNCTIONS):
            self.function(node)
        elif isinstance(node, ast.ClassDef):
            self.class_(node)
        elif type(node) in LOOPS:
            self.loop(node)
        elif isinstance(node, COMPREHENSIONS):
            self.comprehension(node)
        else:
            self.branch(node)
            self.name(node)
            self.generic_visit(node)

    def statement(self, node):
        self.statements.append(
            {
                "kind": type(node).__name__,
                "line": node.lineno,
                "column": self.column(node.lineno, node.col_offset),
                "endLine": node.end_lineno,
                "endColumn": self.column(node.end_lineno, node.end_col_offset),
                "scope": self.scope(),
            }
        )

    def function(self, node):
        name = getattr(node, "name", "<lambda>")
        outside = [*getattr(node, "decorator_list", []), *node.args.defaults, *filter(None, node.args.kw_defaults)]
        for part in outside:
            self.visit(part)
        body = node.body if isinstance(node.body, list) else [node.body]
        self.enter(name, True)
        self.functions.append(
            {
                "name": name,
                "qualname": self.scope(),
                "line": node.lineno,
                "endLine": node.end_lineno,
                "body": span(body),
                "async": isinstance(node, ast.AsyncFunctionDef),
                "generator": yields(body),
                "parameters": parameters(node.args),
            }
        )
        for part in body:
            self.visit(part)
        self.leave()

    def class_(self, node):
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        self.enter(node.name, False)
        for part in node.body:
            self.visit(part)
        self.leave()

    def enter(self, name, is_function):
        if self.in_function and self.in_function[-1]:
            self.path.append("<locals>")
        self.path.append(name)
        self.in_function.append(is_function)
        self.loop_depth.append(0)

    def leave(self):
        self.loop_depth.pop()
        self.in_function.pop()
        self.path.pop()
        if self.path and self.path[-1] == "<locals>":
            self.path.pop()

    def loop(self, node):
        self.loops.append(
            {
                "kind": LOOPS[type(node)],
                "line": node.lineno,
                "endLine": node.end_lineno,
                "body": span(node.body),
                "else": span(node.orelse),
                "depth": self.loop_depth[-1],
                "scope": self.scope(),
            }
        )
        for part in [node.test] if isinstance(node, ast.While) else [node.target, node.iter]:
            self.visit(part)
        self.loop_depth[-1] += 1
        for part in node.body:
            self.visit(part)
        self.loop_depth[-1] -= 1
        for part in node.orelse:
            self.visit(part)

    def comprehension(self, node):
        for generator in node.generators:
            self.loops.append(
                {
                    "kind": "comprehension",
                    "line": generator.target.lineno,
                    "endLine": node.end_lineno,
                    "body": span([node.elt] if hasattr(node, "elt") else [node.key, node.value]),
                    "else": None,
                    "depth": self.loop_depth[-1],
                    "scope": self.scope(),
                }
            )
            self.visit(generator)
            self.loop_depth[-1] += 1
        for part in [node.elt] if hasattr(node, "elt") else [node.key, node.value]:
            self.visit(part)
        self.loop_depth[-1] -= len(node.generators)

    def branch(self, node):
        if isinstance(node, ast.If):
            kind, arms = "if", [node.body, node.orelse]
        elif isinstance(node, ast.IfExp):
            kind, arms = "conditional", [[node.body], [node.orelse]]
        elif isinstance(node, ast.Match):
            kind, arms = "match", [case.body for case in node.cases]
        elif type(node).__name__ in ("Try", "TryStar"):
            kind = "try"
            arms = [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]
        else:
            return
        spans = [span(arm) for arm in arms if arm]
        self.branches.append(
            {"kind": kind, "line": node.lineno, "endLine": node.end_lineno, "arms": spans, "scope": self.scope()}
        )

    def name(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append({"module": alias.name, "name": None, "as": alias.asname, "line": node.lineno})
                top = alias.name.partition(".")[0]
                self.aliases[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                self.imports.append({"module": module, "name": alias.name, "as": alias.asname, "line": node.lineno})
                self.aliases[alias.asname or alias.name] = f"{module}.{alias.name}"
        elif isinstance(node, (ast.Attribute, ast.Name)):
            self.uses.add(dotted(node))

    def library_names(self):
        """Names of imported modules that are used anywhere, with the modules' own names in front."""
        found = set()
        for use in filter(None, self.uses):
            first, point, rest = use.partition(".")
            if first in self.aliases:
                found.add(self.aliases[first] + point + rest)
        return sorted(found)


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def yields(body):
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def parameters(args):
    found = []
    positional = [*args.posonlyargs, *args.args]
    for i, arg in enumerate(positional):
        kind = "positional-only" if i < len(args.posonlyargs) else "positional"
        has_default = i >= len(positional) - len(args.defaults)
        found.append({"name": arg.arg, "kind": kind, "default": has_default})
    if args.vararg:
        found.append({"name": args.vararg.arg, "kind": "var-positional", "default": False})
    for arg, default in zip(args.kwonlyargs, args.kw_defaults):
        found.append({"name": arg.arg, "kind": "keyword-only", "default": default is not None})
    if args.kwarg:
        found.append({"name": args.kwarg.arg, "kind": "var-keyword", "default": False})
    return found


def scopes(table, path=(), inside_function=False):
    kind = str(getattr(table.get_type(), "value", table.get_type()))
    if kind in HIDDEN_TABLES:
        return [found for child in table.get_children() for found in scopes(child, path, inside_function)]
    name = table.get_name().strip("<>")
    is_module = kind == "module"
    if name in ("lambda", "listcomp", "setcomp", "dictcomp", "genexpr"):
        kind = "lambda" if name == "lambda" else "comprehension"
        name = f"<{name}>"
    if not is_module:
        path = (*path, "<locals>", name) if inside_function else (*path, name)
    symbols = [symbol for symbol in table.get_symbols() if not symbol.get_name().startswith(".")]

    def names(test):
        return sorted(symbol.get_name() for symbol in symbols if test(symbol))

    row = {
        "kind": kind,
        "qualname": ".".join(path) or "<module>",
        "line": table.get_lineno(),
        "parameters": names(lambda symbol: symbol.is_parameter()),
        "locals": names(lambda symbol: symbol.is_local() and not symbol.is_parameter()),
        "globals": names(lambda symbol: symbol.is_declared_global()),
        "nonlocals": names(lambda symbol: symbol.is_nonlocal()),
        "free": names(lambda symbol: symbol.is_free()),
    }
    children = [found for child in table.get_children() for found in scopes(child, path, kind not in ("module", "class"))]
    return [row, *children]


class Shape(ast.NodeTransformer):
    """The tree without what people change when they copy: names, annotations, docstrings."""

    def __init__(self):
        self.names = {}

    def renamed(self, name):
        return self.names.setdefault(name, f"n{len(self.names)}")

    def visit_Name(self, node):
        return ast.Name(self.renamed(node.id), node.ctx)

    def visit_arg(self, node):
        return ast.arg(self.renamed(node.arg), None)

    def visit_FunctionDef(self, node):
        node.name = self.renamed(node.name)
        node.returns = None
        node.body = without_docstring(node.body)
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        node.name = self.renamed(node.name)
        node.body = without_docstring(node.body)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def without_docstring(body):
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return body[1:] or [ast.Pass()]
    return body


def shape(code):
    tree = ast.parse(code)
    tree.body = without_docstring(tree.body) if tree.body else []
    text = ast.dump(Shape().visit(tree))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entry_call(entry):
    """The function that an entry calls, by the name it writes; null where it calls none."""
    if entry is None:
        return {"kind": "module", "function": None}
    try:
        value = ast.parse(entry.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": described(error)}
    called = dotted(value.func) if isinstance(value, ast.Call) else None
    return {"kind": "expression" if called is None else "call", "function": called}


def facts(code):
    found = Facts(code)
    found.visit(ast.parse(code))
    return {
        "imports": found.imports,
        "uses": found.library_names(),
        "functions": found.functions,
        "scopes": scopes(symtable.symtable(code, "<program>", "exec")),
        "statements": found.statements,
        "loops": found.loops,
        "branches": found.branches,
        "shape": shape(code),
    }


def described(error):
    message = getattr(error, "msg", None) or str(error) or "the source is too complex"
    return {"type": type(error).__name__, "message": message, "line": getattr(error, "lineno", None)}


def answer(request):
    entries = [entry_call(entry) for entry in request["entries"]]
    if request["code"] is None:
        return {"entries": entries}
    try:
        return {"facts": facts(request["code"]), "entries": entries}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": described(error)}


for item in json.load(sys.stdin):
    print(json.dumps(answer(item)), flush=True)
