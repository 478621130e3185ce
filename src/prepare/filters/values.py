"""What the arguments of calls are, and whether they are small.

Reads a JSON array of calls (Python source) from stdin and writes one line of JSON for each: {"key", "large"}. Equal keys
mean equal arguments; "large" says what is over its bound, or null. Arguments that are no literals are not evaluated:
their key is their source, and nothing is known of their size.
"""

import ast
import json
import math
import sys

MOST_BYTES = 1024
MOST_ITEMS = 20
MOST_CHARS = 100
MOST_SCALAR_BYTES = 128


KEYS = {}


class Large(Exception):
    pass


def literal(node):
    """ast.literal_eval, and the float() calls that write what no literal can."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
        return float(ast.literal_eval(node.args[0]))
    if isinstance(node, ast.Dict):
        if None in node.keys:
            raise ValueError("an unpacked dict")
        # Equal keys are one object, and dicts grow by insertion, as in values read from JSON: their sizes are compared.
        found = {}
        for key_node, value_node in zip(node.keys, node.values):
            name = literal(key_node)
            found[KEYS.setdefault(name, name) if type(name) is str else name] = literal(value_node)
        return found
    if isinstance(node, ast.List):
        return [literal(item) for item in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(literal(item) for item in node.elts)
    value = ast.literal_eval(node)
    # Of one-character strings there is one each, but the parser's.
    return chr(ord(value)) if type(value) is str and len(value) == 1 else value


def arguments(call):
    found = {i: literal(node) for i, node in enumerate(call.args)}
    for keyword in call.keywords:
        value = literal(keyword.value)
        found.update(value if keyword.arg is None else {keyword.arg: value})
    return found


def deep_bytes(value, seen):
    if id(value) in seen:
        return 0
    seen.add(id(value))
    parts = ()
    if isinstance(value, dict):
        parts = (*value.keys(), *value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = value
    # The allocator gives multiples of 8.
    return -(-sys.getsizeof(value) // 8) * 8 + sum(deep_bytes(part, seen) for part in parts)


def check(value):
    if deep_bytes(value, set()) >= MOST_BYTES:
        raise Large(f"a {type(value).__name__} of {MOST_BYTES} bytes or more")
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        if len(value) >= MOST_ITEMS:
            raise Large(f"a {type(value).__name__} of {MOST_ITEMS} elements or more")
        for part in (*value.keys(), *value.values()) if isinstance(value, dict) else value:
            check(part)
    elif isinstance(value, str):
        if len(value) >= MOST_CHARS:
            raise Large(f"a str of {MOST_CHARS} characters or more")
    elif deep_bytes(value, set()) >= MOST_SCALAR_BYTES:
        raise Large(f"a {type(value).__name__} of {MOST_SCALAR_BYTES} bytes or more")


def key(value):
    """Equal for values that are written differently: the order of a dict's keys says nothing."""
    if isinstance(value, dict):
        members = sorted((key(name), key(member)) for name, member in value.items())
        return "{" + ",".join(f"{name}:{member}" for name, member in members) + "}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}(" + ",".join(map(key, value)) + ")"
    if isinstance(value, (set, frozenset)):
        return "set(" + ",".join(sorted(map(key, value))) + ")"
    return "nan" if isinstance(value, float) and math.isnan(value) else repr(value)


def answer(call):
    try:
        node = ast.parse(call.strip(), mode="eval").body
        if not isinstance(node, ast.Call):
            return {"key": ast.dump(node), "large": None}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {"key": call, "large": None}
    target = ast.dump(node.func)
    try:
        values = arguments(node)
        large = None
        try:
            check(values)
        except Large as found:
            large = str(found)
        return {"key": target + key(values), "large": large}
    except (ValueError, TypeError, IndexError, RecursionError, MemoryError):
        return {"key": ast.dump(node), "large": None}


for item in json.load(sys.stdin):
    print(json.dumps(answer(item)), flush=True)
