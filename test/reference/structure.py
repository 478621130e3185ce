"""Values by structure: how they are shown when none of the program's code may run.

Exact built-in types as CPython's own `repr`, item by item. An object of the program's classes is its class, the value of
the built-in type that it is built on, its slots in the order of the source, then its attributes in the order in which they
were set: `Stack([1, 2], limit=3)`. Enumeration members are `<Color.RED: 1>`. So are exceptions of any class, by `args`.
Anything else is its library's `repr`, in which no code of the program may run: where it tries to, or has none, by what it
holds.

No function here trusts a name or an attribute that a program can change: classes are read past their metaclasses,
instances past `__getattribute__`. Imports nothing but `sys`, since `plain.c` runs this before a program.
"""

import sys

HEAP_TYPE = 1 << 9
MOST_LEVELS = 100  # of containers in containers
MOST_DECIMAL_BITS = 14_310  # in whole digits of CPython's integers, about the 4,300 decimal ones that it writes
READ_NAME = type.__dict__["__name__"].__get__
READ_NAMESPACE = type.__dict__["__dict__"].__get__
READ_MODULE = type.__dict__["__module__"].__get__
READ_FLAGS = type.__dict__["__flags__"].__get__
READ_MRO = type.__dict__["__mro__"].__get__
READ_ARGS = BaseException.__dict__["args"].__get__
GETSET = type(type.__dict__["__dict__"])
MEMBER = type(OSError.__dict__["errno"])


def is_of_program(file):
    return type(file) is str and (file == "<program>" or file.endswith("program.py"))


class ProgramCode(BaseException):
    """Raised into code of the program that a library's repr calls."""


def type_name(cls):
    return READ_NAME(cls)


def is_program_class(cls):
    if not READ_FLAGS(cls) & HEAP_TYPE:
        return False
    module = READ_NAMESPACE(cls).get("__module__")
    return type(module) is str and module == "__main__"


def is_enumeration(cls):
    return any(READ_NAME(meta) in ("EnumType", "EnumMeta") for meta in READ_MRO(type(cls)))


def builtin_base(cls):
    """The first class of its bases that no class statement made."""
    return next(base for base in READ_MRO(cls) if not READ_FLAGS(base) & HEAP_TYPE)


def inherits(cls, base):
    return any(one is base for one in READ_MRO(cls))


def instance_dict(value):
    for cls in READ_MRO(type(value)):
        descriptor = READ_NAMESPACE(cls).get("__dict__")
        if type(descriptor) is GETSET:
            found = descriptor.__get__(value, type(value))
            return found if isinstance(found, dict) else {}
    return {}


def slot_names(cls):
    """Of one class, in the order of its source as far as that is kept."""
    namespace = READ_NAMESPACE(cls)
    members = [name for name, value in namespace.items() if type(value) is MEMBER]
    declared = namespace.get("__slots__")
    if type(declared) not in (list, tuple, dict):
        return sorted(members)
    own = type_name(cls).lstrip("_")
    mangled = (f"_{own}{name}" if is_private(name) and own else name for name in declared if type(name) is str)
    ordered = list(dict.fromkeys(name for name in mangled if name in members))
    return ordered + sorted(name for name in members if name not in ordered)


def is_private(name):
    return name.startswith("__") and not name.endswith("__")


def slots(value):
    for cls in reversed(READ_MRO(type(value))):
        namespace = READ_NAMESPACE(cls)
        for name in slot_names(cls) if READ_FLAGS(cls) & HEAP_TYPE else ():
            try:
                yield name, namespace[name].__get__(value, cls)
            except AttributeError:
                pass


def fields(value):
    yield from slots(value)
    yield from instance_dict(value).items()


def stored(value, name):
    """A member of a type written in C, past what the program's classes define."""
    return next(space[name] for space in map(READ_NAMESPACE, READ_MRO(type(value))) if name in space).__get__(value)


def inherited(cls, name):
    return next(space[name] for space in map(READ_NAMESPACE, READ_MRO(cls)) if name in space)


def named_tuple_fields(value):
    for cls in READ_MRO(type(value)):
        fields = READ_NAMESPACE(cls).get("_fields")
        if type(fields) is tuple:
            named = len(fields) == tuple.__len__(value) and all(type(name) is str for name in fields)
            return fields if named else None
    return None


class Structure:
    """Texts of values. `number` tells what stands for an object's address in its own text; with `own_reprs`, objects of the
    program are what their own `__repr__` says."""

    def __init__(self, number=None, own_reprs=False):
        self.number = number
        self.own_reprs = own_reprs
        self.open = []  # objects that are being shown, outermost first
        self.structural = False  # an object of the program was shown

    def text(self, value):
        kind = type(value)
        if kind in (bool, str, bytes, float, type(None), type(Ellipsis)):
            return repr(value)
        if kind is int:
            return integer(value)
        if kind is list:
            return self.within(value, "[...]", lambda: f"[{self.joined(value)}]")
        if kind is tuple:
            return self.within(value, "(...)", lambda: self.tuple(value))
        if kind is dict:
            return self.within(value, "{...}", lambda: self.dict(value))
        if kind is set or kind is frozenset:
            again = f"{type_name(kind)}(...)"
            return self.within(value, again, lambda: self.set(value)) if value else f"{type_name(kind)}()"
        if kind is bytearray:
            return repr(value)
        if inherits(kind, type):
            return f"<enum '{type_name(value)}'>" if is_enumeration(value) else type.__repr__(value)
        if is_program_class(kind):
            self.structural = True
            return self.own(value) if self.own_reprs else self.object(value)
        return self.library(value)

    def within(self, value, again, show):
        if any(one is value for one in self.open):
            return again
        if len(self.open) == MOST_LEVELS:
            return f"<deep {type_name(type(value))}>"
        self.open.append(value)
        try:
            return show()
        finally:
            self.open.pop()

    def joined(self, values):
        return ", ".join(self.text(value) for value in values)

    def tuple(self, value):
        return f"({self.joined(tuple.__iter__(value))}{',' if tuple.__len__(value) == 1 else ''})"

    def dict(self, value):
        return self.entries(dict.items(value))

    def entries(self, items):
        return "{" + ", ".join(f"{self.text(key)}: {self.text(item)}" for key, item in items) + "}"

    def set(self, value):
        items = "{" + self.joined(value) + "}"
        return items if type(value) is set else f"frozenset({items})"

    def object(self, value):
        cls = type(value)
        held = instance_dict(value)
        if is_enumeration(cls) and "_name_" in held and "_value_" in held:
            name = "" if held["_name_"] is None else f".{held['_name_']}"
            return f"<{type_name(cls)}{name}: {self.text(held['_value_'])}>"
        return self.within(value, "...", lambda: f"{type_name(cls)}({', '.join(self.parts(value))})")

    def parts(self, value):
        base = self.base(value)
        if base:
            yield base
        for name, item in fields(value):
            yield f"{name if isinstance(name, str) else self.text(name)}={self.text(item)}"

    def base(self, value):
        """What an object holds as one of the type that its class is built on."""
        cls = type(value)
        names = named_tuple_fields(value) if inherits(cls, tuple) else None
        if names is not None:
            return ", ".join(f"{name}={self.text(item)}" for name, item in zip(names, tuple.__iter__(value)))
        known = next((name for name in map(full_name, READ_MRO(cls)) if name in CONTENTS), None)
        if known is not None:
            return CONTENTS[known](self, value)
        if inherits(cls, BaseException):
            return self.joined(READ_ARGS(value))
        for kind, show in BASES:
            if inherits(cls, kind):
                return show(self, value)
        return self.base_repr(value) if is_program_class(cls) else ""

    def base_repr(self, value):
        """Of a type written in C: its own repr says what it holds."""
        base = next(base for base in READ_MRO(type(value)) if not is_program_class(base))
        show = inherited(base, "__repr__")
        if show is object.__repr__ or type(show) is not type(object.__repr__):
            return ""
        try:
            return without_program_code(show, value)
        except BaseException:
            return ""

    def library(self, value):
        cls = type(value)
        known = full_name(cls)
        if known in WHOLE:
            return self.within(value, "...", lambda: WHOLE[known](self, value))
        if known in CONTENTS:
            again = "[...]" if known == "collections.deque" else "..."
            return self.within(value, again, lambda: f"{type_name(cls)}({CONTENTS[known](self, value)})")
        nameless = inherited(cls, "__repr__") is object.__repr__
        if inherits(cls, BaseException) or nameless and any(True for _ in fields(value)):
            return self.object(value)
        return self.within(value, "...", lambda: self.own(value))

    def own(self, value):
        try:
            text = untraced(repr, value) if self.own_reprs else without_program_code(repr, value)
        except BaseException:
            name = type_name(type(value))
            shows = not is_program_class(type(value)) and any(True for _ in fields(value))
            return f"{name}({', '.join(self.parts(value))})" if shows else f"<unreprable {name}>"
        if any(full_name(base) == "threading.Thread" for base in READ_MRO(type(value))):
            # CPython's number of a thread is an address.
            text = text.replace(f" {instance_dict(value).get('_ident')})>", ")>")
        if self.number is not None:
            named = [value] + ([value.__self__] if full_name(type(value)) == BUILTIN_FUNCTION else [])
            for one in named:
                address = f" at 0x{id(one):x}"
                text = text.replace(address, f" #{self.number(one)}") if address in text else text
        return text

    def deque(self, value):
        bound = stored(value, "maxlen")
        items = self.joined(library_iterator(value, "collections.deque"))
        return f"[{items}]{'' if bound is None else f', maxlen={bound}'}"

    def counter(self, value):
        items = list(dict.items(value))
        if all(type(count) in (int, float) for _, count in items):
            items.sort(key=lambda item: -item[1])
        return self.entries(items) if items else ""

    def ordered(self, value):
        items = [(key, dict.__getitem__(value, key)) for key in library_iterator(value, "collections.OrderedDict")]
        if sys.version_info >= (3, 12) or not items:
            return self.entries(items) if items else ""
        return "[" + ", ".join(f"({self.text(key)}, {self.text(item)})" for key, item in items) + "]"

    def default_dict(self, value):
        return f"{self.text(stored(value, 'default_factory'))}, {self.dict(value)}"

    def partial(self, value):
        given = [stored(value, "func"), *stored(value, "args")]
        named = (f"{name}={self.text(item)}" for name, item in stored(value, "keywords").items())
        return ", ".join([self.text(item) for item in given] + list(named))

    def namespace(self, value):
        return f"namespace({', '.join(f'{name}={self.text(item)}' for name, item in instance_dict(value).items())})"

    def view(self, value):
        return f"{type_name(type(value))}([{self.joined(type(value).__iter__(value))}])"

    def method(self, value):
        function = value.__func__
        name = function.__qualname__ if type(function) is type(within_program) else self.text(function)
        return f"<bound method {name} of {self.text(value.__self__)}>"


def full_name(cls):
    module = READ_NAMESPACE(cls).get("__module__") if READ_FLAGS(cls) & HEAP_TYPE else READ_MODULE(cls)
    return f"{module}.{type_name(cls)}"


def library_iterator(value, name):
    """Over what it holds, as its class of the library gives it, whatever a class of the program says."""
    return next(READ_NAMESPACE(cls)["__iter__"] for cls in READ_MRO(type(value)) if full_name(cls) == name)(value)


def integer(value):
    """Decimal, where Python writes that by itself; longer ones by their size and ends."""
    bits = value.bit_length()
    if bits <= MOST_DECIMAL_BITS:
        try:
            return repr(value)
        except ValueError:
            pass  # the program lowered the limit
    digits = f"{abs(value):x}"
    return f"<int of {bits} bits {'-' if value < 0 else ''}0x{digits[:16]}...{digits[-16:]}>"


def within_program():
    pass


BUILTIN_FUNCTION = "builtins.builtin_function_or_method"
# Of library types: what stands between the brackets behind the name of the class, which may be one of the program.
CONTENTS = {
    "collections.deque": Structure.deque,
    "collections.defaultdict": Structure.default_dict,
    "collections.OrderedDict": Structure.ordered,
    "collections.Counter": Structure.counter,
    "functools.partial": Structure.partial,
}
# Of others, all of the text.
WHOLE = {
    "functools.partial": lambda self, value: f"functools.partial({self.partial(value)})",
    "types.SimpleNamespace": Structure.namespace,
    "collections.ChainMap": lambda self, value: f"ChainMap({self.joined(instance_dict(value)['maps'])})",
    "collections.UserDict": lambda self, value: self.text(instance_dict(value)["data"]),
    "collections.UserList": lambda self, value: self.text(instance_dict(value)["data"]),
    "collections.UserString": lambda self, value: self.text(instance_dict(value)["data"]),
    "builtins.method": Structure.method,
    **{f"builtins.dict_{what}": Structure.view for what in ("keys", "values", "items")},
}
# Of instances of a class built on one of these.
BASES = (
    (list, lambda self, value: f"[{self.joined(list.__iter__(value))}]"),
    (tuple, Structure.tuple),
    (dict, Structure.dict),
    (set, lambda self, value: "{" + self.joined(set.__iter__(value)) + "}" if set.__len__(value) else ""),
    (frozenset, lambda self, value: "{" + self.joined(frozenset.__iter__(value)) + "}" if frozenset.__len__(value) else ""),
    (str, lambda self, value: str.__repr__(value)),
    (bytes, lambda self, value: bytes.__repr__(value)),
    (bytearray, lambda self, value: repr(bytearray(memoryview(value)))),
    (int, lambda self, value: integer(int.__add__(value, 0))),
    (float, lambda self, value: float.__repr__(value)),
    (complex, lambda self, value: complex.__repr__(value)),
)


def untraced(show, value):
    text = show(value)
    return text if type(text) is str else str.__str__(text)


def without_program_code(show, value):
    before = sys.gettrace()
    sys.settrace(refuse)
    try:
        return untraced(show, value)
    finally:
        sys.settrace(before)


def refuse(frame, _event, _argument):
    if is_of_program(frame.f_code.co_filename):
        raise ProgramCode
    return None


def message(exception):
    """`str(exception)` as the class says it that the program's classes are built on; with objects of the program in its
    `args`, these by structure."""
    cls = type(exception)
    args = READ_ARGS(exception)
    structure = Structure()
    shown = structure.text(args[0] if len(args) == 1 else args)
    if structure.structural:
        return shown
    base = next(base for base in READ_MRO(cls) if not is_program_class(base))
    try:
        return without_program_code(base.__str__, exception)
    except BaseException:
        return f"<unprintable {type_name(cls)}>"
