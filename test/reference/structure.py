"""Values by structure: how they are shown when none of the program's code may run.

Exact built-in types as CPython's own `repr`, item by item. An object of the program's classes is its class, the value of
the built-in type that it is built on, its slots in the order of the source, then its attributes in the order in which they
were set: `Stack([1, 2], limit=3)`. Enumeration members are `<Color.RED: 1>`. Exceptions are their type and `args`.
Anything else is its library's `repr`, in which no code of the program may run: where it tries to, `<unreprable T>`.

`describe` is what `plain.c` calls after a program. No function here trusts a name or an attribute that a program can
change: classes are read past their metaclasses, instances past `__getattribute__`. Imports nothing but `sys`.
"""

import sys

HEAP_TYPE = 1 << 9
READ_NAME = type.__dict__["__name__"].__get__
READ_NAMESPACE = type.__dict__["__dict__"].__get__
READ_FLAGS = type.__dict__["__flags__"].__get__
READ_MRO = type.__dict__["__mro__"].__get__
READ_ARGS = BaseException.__dict__["args"].__get__
READ_TRACEBACK = BaseException.__dict__["__traceback__"].__get__
GETSET = type(type.__dict__["__dict__"])
MEMBER = type(OSError.__dict__["errno"])
EXCEPTION_REPR = BaseException.__dict__["__repr__"]
SYNTAX_ERROR_FILE = SyntaxError.__dict__["filename"].__get__
SYNTAX_ERROR_LINE = SyntaxError.__dict__["lineno"].__get__


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
    return READ_NAME(type(cls)) in ("EnumType", "EnumMeta")


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
    if type(declared) not in (list, tuple, dict, set, frozenset):
        return sorted(members)
    own = type_name(cls).lstrip("_")
    mangled = (f"_{own}{name}" if is_private(name) and own else name for name in declared if type(name) is str)
    ordered = list(dict.fromkeys(name for name in mangled if name in members))
    return ordered + sorted(name for name in members if name not in ordered)


def is_private(name):
    return name.startswith("__") and not name.endswith("__")


def slots(value):
    for cls in reversed(READ_MRO(type(value))):
        if not is_program_class(cls):
            continue
        namespace = READ_NAMESPACE(cls)
        for name in slot_names(cls):
            try:
                yield name, namespace[name].__get__(value, cls)
            except AttributeError:
                pass


def named_tuple_fields(value):
    for cls in READ_MRO(type(value)):
        fields = READ_NAMESPACE(cls).get("_fields")
        if type(fields) is tuple:
            named = len(fields) == tuple.__len__(value) and all(type(name) is str for name in fields)
            return fields if named else None
    return None


class Structure:
    """Texts of values. `number` tells what stands for an object's address in its own text."""

    def __init__(self, number=None):
        self.number = number
        self.open = []  # objects that are being shown, outermost first
        self.structural = False  # an object of the program was shown

    def text(self, value):
        kind = type(value)
        if kind is list:
            return self.within(value, "[...]", lambda: f"[{self.joined(value)}]")
        if kind is tuple:
            return self.within(value, "(...)", lambda: self.tuple(value))
        if kind is dict:
            return self.within(value, "{...}", lambda: self.dict(value))
        if kind is set or kind is frozenset:
            return self.within(value, f"{type_name(kind)}(...)", lambda: self.set(value))
        if kind in (bool, int, str, bytes, bytearray, float, complex, type(None)):
            return self.own(value)
        if inherits(kind, type):
            return type.__repr__(value)
        if is_program_class(kind):
            return self.object(value)
        return self.library(value)

    def within(self, value, again, show):
        if any(one is value for one in self.open):
            return again
        self.open.append(value)
        try:
            return show()
        finally:
            self.open.pop()

    def joined(self, values):
        return ", ".join(self.text(value) for value in values)

    def tuple(self, value):
        items = tuple.__iter__(value)
        return f"({self.joined(items)}{',' if tuple.__len__(value) == 1 else ''})"

    def dict(self, value):
        items = (f"{self.text(key)}: {self.text(item)}" for key, item in dict.items(value))
        return "{" + ", ".join(items) + "}"

    def set(self, value):
        if not value:
            return f"{type_name(type(value))}()"
        items = "{" + self.joined(value) + "}"
        return items if type(value) is set else f"frozenset({items})"

    def object(self, value):
        self.structural = True
        cls = type(value)
        fields = instance_dict(value)
        if is_enumeration(cls) and type(fields.get("_name_")) is str and "_value_" in fields:
            return f"<{type_name(cls)}.{fields['_name_']}: {self.text(fields['_value_'])}>"
        return self.within(value, "...", lambda: f"{type_name(cls)}({', '.join(self.parts(value))})")

    def parts(self, value):
        base = self.base(value)
        if base:
            yield base
        for name, item in slots(value):
            yield f"{name}={self.text(item)}"
        for name, item in instance_dict(value).items():
            if type(name) is str:
                yield f"{name}={self.text(item)}"

    def base(self, value):
        """What an object holds as one of the built-in type that its class is built on."""
        cls = type(value)
        base = builtin_base(cls)
        if base is object:
            return ""
        if inherits(cls, BaseException):
            return self.joined(READ_ARGS(value))
        if inherits(cls, tuple):
            fields = named_tuple_fields(value)
            items = tuple.__iter__(value)
            if fields is not None:
                return ", ".join(f"{name}={self.text(item)}" for name, item in zip(fields, items))
            return self.tuple(value)
        if inherits(cls, list):
            return f"[{self.joined(list.__iter__(value))}]"
        if inherits(cls, dict):
            return self.dict(value)
        if inherits(cls, set):
            return f"[{self.joined(set.__iter__(value))}]"
        if inherits(cls, frozenset):
            return f"[{self.joined(frozenset.__iter__(value))}]"
        if base in (str, bytes, int, float):
            return base.__repr__(value)
        return ""

    def library(self, value):
        cls = type(value)
        name, module = type_name(cls), READ_NAMESPACE(cls).get("__module__")
        if inherits(cls, BaseException) and READ_NAMESPACE(builtin_base(cls)).get("__repr__") in (None, EXCEPTION_REPR):
            args = READ_ARGS(value)
            return f"{name}{self.tuple(args)}" if len(args) != 1 else f"{name}({self.text(args[0])})"
        if name == "deque" and not READ_FLAGS(cls) & HEAP_TYPE or (name, module) == ("deque", "collections"):
            return self.within(value, "[...]", lambda: self.deque(value))
        if (name, module) == ("defaultdict", "collections"):
            factory = cls.__dict__["default_factory"].__get__(value, cls)
            return f"defaultdict({self.text(factory)}, {self.within(value, '{...}', lambda: self.dict(value))})"
        return self.own(value)

    def deque(self, value):
        cls = type(value)
        bound = cls.__dict__["maxlen"].__get__(value, cls)
        return f"deque([{self.joined(cls.__iter__(value))}]{'' if bound is None else f', maxlen={bound}'})"

    def own(self, value):
        try:
            text = without_program_code(repr, value)
        except BaseException:
            return f"<unreprable {type_name(type(value))}>"
        address = f" at 0x{id(value):x}"
        return text.replace(address, f" #{self.number(value)}") if self.number and address in text else text


def without_program_code(show, value):
    before = sys.gettrace()
    sys.settrace(refuse)
    try:
        text = show(value)
        return text if type(text) is str else str.__str__(text)
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


def line_in_program(exception):
    line = None
    traceback = READ_TRACEBACK(exception)
    compiling = traceback is None and inherits(type(exception), SyntaxError)
    if compiling and is_of_program(SYNTAX_ERROR_FILE(exception)):
        return SYNTAX_ERROR_LINE(exception)
    while traceback is not None:
        if is_of_program(traceback.tb_frame.f_code.co_filename):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def describe(result, exception, has_result):
    """How a program ended, as JSON in bytes."""
    if type(exception) is not type(None):
        cls = type(exception)
        line = line_in_program(exception)
        # Code that never began to run leaves no traceback.
        status = "syntax-error" if READ_TRACEBACK(exception) is None else "exception"
        code = READ_NAMESPACE(SystemExit)["code"].__get__(exception, cls) if inherits(cls, SystemExit) else None
        shown = [
            ("type", type_name(cls)),
            ("message", message(exception)),
            ("value", Structure().text(exception)),
            ("line", line),
            ("exits", inherits(cls, SystemExit) and (code is None or type(code) is int and code == 0)),
        ]
        return f'{{"status": "{status}", "result": null, "exception": {json_object(shown)}}}'.encode()
    value = "null"
    if has_result:
        structure = Structure()
        text = structure.text(result)
        shown = [("type", type_name(type(result))), ("repr", text), ("structural", structure.structural)]
        value = json_object(shown)
    return f'{{"status": "ok", "result": {value}, "exception": null}}'.encode()


def json_object(pairs):
    return "{" + ", ".join(f'"{name}": {json_value(value)}' for name, value in pairs) + "}"


def json_value(value):
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    units = value.encode("utf-16-le", "surrogatepass")
    codes = (units[i] | units[i + 1] << 8 for i in range(0, len(units), 2))
    return '"' + "".join(chr(c) if 32 <= c < 127 and c not in (34, 92) else f"\\u{c:04x}" for c in codes) + '"'
