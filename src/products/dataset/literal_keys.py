"""Which results are equal.

Reads a JSON array of results (Python source) from stdin and writes one line of JSON for each: {"key"}. Equal keys mean
results that compare equal, also where their types differ; null: the result is no literal, or is not equal to itself.
"""

import ast
import json
import sys


def key(value):
    if isinstance(value, (bool, int, float)):
        if value != value:
            raise ValueError("nan")
        whole = isinstance(value, (bool, int)) or value.is_integer()
        return str(int(value)) if whole else repr(value)
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}(" + ",".join(map(key, value)) + ")"
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{key(name)}:{key(member)}" for name, member in value.items())) + "}"
    if isinstance(value, (set, frozenset)):
        return "set(" + ",".join(sorted(map(key, value))) + ")"
    if isinstance(value, complex):
        return key(value.real) if value.imag == 0 else f"({key(value.real)},{key(value.imag)}j)"
    return repr(value)


def answer(text):
    try:
        return {"key": key(ast.literal_eval(text))}
    except (SyntaxError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        return {"key": None}


for item in json.load(sys.stdin):
    print(json.dumps(answer(item)), flush=True)
