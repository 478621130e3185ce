"""Calls everything that tame programs may call with objects of the program's own classes, and looks at what reaches
their methods, and what comes back: nothing that the library holds and that could be changed.

Usage: audit.py MODULES.json [SHARE]    Prints one JSON object a finding, and last a summary.

MODULES.json: a list of [module, [name, ...]], where "*" stands for all public names. With SHARE, only so much of the
calls, as 1/SHARE, spread evenly. Runs in plain CPython.
"""

import collections
import gc
import importlib
import io
import itertools
import json
import operator
import os
import sys
import types

sys.setrecursionlimit(1000)
CONTAINERS = (list, dict, set, bytearray, collections.deque)
# Never called: they wait.
LEFT_OUT = {"time.sleep"}
WAITING_METHODS = {"get", "put", "join"}
# Names of attributes that the rule refuses in any program.
REFUSED = {"mro", "register", "format_map", "with_traceback", "cache_parameters", "cell_contents"}
PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, frozenset, range, slice, type(...), type(NotImplemented))
PARTS = (types.BuiltinFunctionType, types.FunctionType, types.MethodType, types.ModuleType, type, types.GetSetDescriptorType,
         types.MemberDescriptorType, types.MethodDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType,
         types.ClassMethodDescriptorType, types.GenericAlias, types.CodeType, property, classmethod, staticmethod)

findings = {}
current = "?"
before = set()
before_objects = []
calls = 0


def is_changeable(value):
    """Whether a program that holds it could leave something there, barriers aside."""
    if isinstance(value, CONTAINERS):
        return True
    return not isinstance(value, PLAIN) and not isinstance(value, PARTS)


def look_at(value, how):
    if id(value) in before and is_changeable(value):
        key = (current, how, type(value).__name__)
        if key not in findings:
            try:
                text = object.__repr__(value) if not isinstance(value, CONTAINERS) else type(value).__name__
            except Exception:
                text = "?"
            findings[key] = text


def spied(name, original):
    def method(self, *args, **kwargs):
        for value in itertools.chain(args, kwargs.values()):
            look_at(value, f"{name} of the program is given")
        return original(self, *args, **kwargs)

    method.__name__ = name
    return method


KEPT = {"__new__", "__init__", "__class__", "__getattribute__", "__setattr__", "__delattr__", "__init_subclass__",
        "__subclasshook__", "__reduce__", "__reduce_ex__", "__sizeof__", "__dir__", "__getnewargs__", "__getstate__",
        "__class_getitem__", "__buffer__", "__release_buffer__", "__prepare__", "__instancecheck__", "__subclasscheck__"}


def spy_on(base):
    """A class of the program that derives from this one and overrides all of its methods."""
    contents = {}
    for name in dir(base):
        original = getattr(base, name, None)
        if name in KEPT or not callable(original) or isinstance(original, type):
            continue
        contents[name] = spied(name, original)
    if base is object:
        contents["__call__"] = spied("__call__", lambda self, *args, **kwargs: args[0] if args else None)
        contents["__iter__"] = spied("__iter__", lambda self: iter(()))
        contents["__len__"] = spied("__len__", lambda self: 0)
        contents["__getitem__"] = spied("__getitem__", lambda self, key: [1, 2][key] if isinstance(key, int) else "x")
        for name in ("__add__", "__radd__", "__mul__", "__rmul__", "__sub__", "__or__", "__ror__", "__and__", "__rand__",
                     "__contains__", "__lt__", "__gt__", "__copy__", "__index__", "__float__", "__int__", "__enter__",
                     "__exit__", "__set_name__", "__get__", "__missing__", "__format__", "__round__", "__deepcopy__"):
            contents.setdefault(name, spied(name, lambda self, *args: self))
        contents["__index__"] = spied("__index__", lambda self: 1)
        contents["__float__"] = spied("__float__", lambda self: 1.0)
        contents["__int__"] = spied("__int__", lambda self: 1)
        contents["__getattr__"] = spied("__getattr__", unknown_attribute)
    try:
        return types.new_class("Spy" + base.__name__.title(), (base,), {}, lambda namespace: namespace.update(contents))
    except Exception:
        return None


def unknown_attribute(self, name):
    if name.startswith("__") and name not in ("__mro_entries__", "__wrapped__"):
        raise AttributeError(name)
    return spied(name, lambda self, *args, **kwargs: args[0] if args else None).__get__(self)


def make_pool():
    spies = {base: spy_on(base) for base in (str, int, float, bytes, list, dict, tuple, set, frozenset, complex, object)}
    pool = [spies[str]("ab"), spies[str]("%Y {a}"), spies[int](2), spies[float](1.5), spies[bytes](b"aa"),
            spies[list]([1, 2]), spies[dict]({"a": 1}), spies[tuple]((1, 2)), spies[set]({1}), spies[complex](1j),
            spies[object](), [spies[object]()], (spies[str]("x"), spies[int](1)), spies[dict], spied("function", lambda *a: a[0]),
            0, 3, "a", b"ab", [1, 2, 3], {"a": 2}, None, 1.0, int, spies[list]([spies[str]("b"), spies[str]("a")])]
    return pool


def is_named_freely(name):
    return not name.startswith("__") and name not in REFUSED


def use(value, depth):
    """What a program could do with a result by names alone."""
    look_at(value, "comes back")
    if depth == 0 or isinstance(value, PLAIN):
        return
    spy = SPY()
    for apply in OPERATORS:
        # Endless where items are looked for one by one.
        if apply is operator.contains and not hasattr(type(value), "__contains__"):
            continue
        try:
            look_at(apply(value, spy), "comes back of an operator")
        except BaseException:
            pass
    for name in dir(type(value)) if not isinstance(value, (types.ModuleType, type)) else ():
        if not is_named_freely(name):
            continue
        try:
            part = getattr(value, name)
        except BaseException:
            continue
        look_at(part, f"attribute {name} of what comes back is")
    for name in tuple(getattr(value, "__dict__", ())) if not isinstance(value, type) else ():
        if isinstance(name, str) and is_named_freely(name):
            look_at(value.__dict__[name], f"attribute {name} of what comes back is")
    if hasattr(type(value), "__next__"):
        try:
            for item in itertools.islice(value, 3):
                look_at(item, "an item that comes back is")
        except BaseException:
            pass


OPERATORS = (operator.eq, operator.lt, operator.add, operator.or_, operator.contains, operator.mul, operator.mod)
SPY = spy_on(object)


def call(function, args, depth=1, kwargs={}):
    global calls
    calls += 1
    sys.stdin = io.StringIO("line\n")
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        look_at(error, "is raised:")
        return None
    use(result, depth)
    return result


def call_all(function, share, deep):
    pool = make_pool()
    call(function, ())
    ways = itertools.chain(itertools.product(pool, repeat=1), itertools.product(pool, repeat=2),
                           itertools.product(pool[:12], repeat=3) if deep else ())
    for number, args in enumerate(ways):
        if number % share == 0:
            call(function, args)


def instance_of(kind):
    for args in ((), ("ab",), (2,), ([1, 2],), ({"a": 1},), (lambda *a: a,), ("a", 1), (1, 2), (1, 1, 1), (lambda *a: a, "ab")):
        try:
            return kind(*args)
        except BaseException:
            continue
    return None


def call_methods(kind, share):
    """The methods of its instances, and of the program's own classes that derive from it."""
    spy = spy_on(kind) if not issubclass(kind, type) else None
    for target in filter(None, (kind, spy)):
        instance = instance_of(target)
        use(instance, 1)
        for name in dir(instance) if instance is not None else ():
            method = attribute(instance, name) if is_named_freely(name) else None
            if not callable(method) or (current.startswith("queue.") and name in WAITING_METHODS):
                continue
            pool = make_pool()
            call(method, ())
            for number, args in enumerate(itertools.chain(((x,) for x in pool), itertools.product(pool[:14], repeat=2))):
                if number % share == 0:
                    call(method, args)


def attribute(instance, name):
    try:
        return getattr(instance, name)
    except BaseException:
        return None


def reset():
    sys.setrecursionlimit(1000)
    sys.set_int_max_str_digits(4300)
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__


def remember():
    gc.collect()
    seen = {}
    objects = gc.get_objects()
    for one in objects:
        seen[id(one)] = one
        for part in gc.get_referents(one):
            seen[id(part)] = part
    mine = {id(value) for value in (seen, objects, findings, before, before_objects, globals())}
    before.update(key for key, one in seen.items() if key not in mine and is_changeable(one))
    # Kept alive, so that no number is given to another object.
    before_objects.extend(one for key, one in seen.items() if key in before)


def sizes(containers):
    return [len(one) for one in containers]


def main():
    global current
    with open(sys.argv[1]) as file:
        modules = json.load(file)
    share = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    output = os.dup(1)
    importlib.import_module("_strptime")
    loaded = []
    for name, names in modules:
        module = importlib.import_module(name)
        public = [part for part in getattr(module, "__all__", dir(module)) if not part.startswith("_")]
        loaded.append((name, module, public if names == ["*"] else names))
    own = {id(value) for value in (sys.argv,)}
    remember()
    before.difference_update(own)
    containers = [one for one in before_objects if isinstance(one, CONTAINERS) and id(one) not in (id(sys.modules),)]
    known = sizes(containers)
    audited, missing = [], []
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    for name, module, names in loaded:
        for part in names:
            current = f"{name}.{part}"
            if not hasattr(module, part):
                missing.append(current)  # of another Python
            if not hasattr(module, part) or current in LEFT_OUT:
                continue
            value = getattr(module, part)
            audited.append(current)
            look_at(value, "is itself")
            if callable(value):
                call_all(value, share, isinstance(value, (types.FunctionType, types.BuiltinFunctionType)) and share == 1)
            if isinstance(value, type):
                call_methods(value, share)
            reset()
            now = sizes(containers)
            if now != known:
                changed = [one for one, a, b in zip(containers, known, now) if a != b]
                for one in changed:
                    place = where(one)
                    # Nobody names it: an interpreter's own list of subclasses, and the like.
                    if place != "?":
                        findings.setdefault((current, "changes", type(one).__name__), place)
                known = now
    with os.fdopen(output, "w") as file:
        for (who, how, what), text in findings.items():
            file.write(json.dumps({"name": who, "how": how, "type": what, "text": text}) + "\n")
        file.write(json.dumps({"audited": audited, "missing": missing, "calls": calls}) + "\n")
    os._exit(0)


def where(container):
    for name, module in list(sys.modules.items()):
        for key, value in list(getattr(module, "__dict__", {}).items()):
            if value is container:
                return f"{name}.{key}"
    for one in gc.get_referrers(container):
        if isinstance(one, type):
            return f"of class {one.__module__}.{one.__qualname__}"
        if isinstance(one, types.FunctionType):
            return f"of function {one.__module__}.{one.__qualname__}"
        if isinstance(one, dict):
            name = next((k for k, v in one.items() if v is container), "?")
            return f"{one.get('__name__', one.get('__module__', '?'))}.{one.get('__qualname__', '')}{name}"
    return "?"


main()
