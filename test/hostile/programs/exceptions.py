# Exceptions that lie, raise, loop or cannot be shown: how a program ended is read from them, and nothing of theirs runs.

#: id exception with a text that never ends
#: status timeout or record-limit: the limits are alike, and every turn of the loop is recorded
class Evil(Exception):
    def __str__(self):
        while True:
            pass
    __repr__ = __str__
raise Evil("armed")

#: id exception with a text that raises
#: status exception
#: exception Evil
class Evil(Exception):
    def __str__(self):
        raise self
raise Evil

#: id exception with arguments that lie
#: status exception
#: exception Evil
class Evil(Exception):
    @property
    def args(self):
        while True:
            pass
    @property
    def __traceback__(self):
        raise ValueError
    def __getattribute__(self, name):
        raise ValueError(name)
raise Evil

#: id exception caused by itself
#: status exception
#: exception ValueError
a, b = ValueError("a"), KeyError("b")
a.__cause__, b.__cause__ = b, a
a.__context__, b.__context__ = b, a
raise a

#: id exception with a message of ten million characters
#: status output-limit
raise ValueError("x" * 10_000_000)

#: id exception with a message that is not text
#: status exception
#: exception ValueError
raise ValueError("\ud800\0\udfff\x1b[31m")

#: id exception with hostile notes
#: status exception
#: exception ValueError
error = ValueError("a")
error.__notes__ = [1, None, error]
raise error

#: id exception of a class that cannot be made
#: status exception
#: exception TypeError
class Evil(Exception):
    def __new__(cls):
        return 7
raise Evil

#: id exception with a hostile class
#: status exception
#: exception ValueError
class Meta(type):
    def __subclasscheck__(cls, other):
        raise ValueError
    def __getattribute__(cls, name):
        raise ValueError
class Evil(Exception, metaclass=Meta):
    pass
raise Evil()

#: id exception of an endless name
#: status output-limit
raise type("x" * 100_000, (Exception,), {})("y")

#: id syntax error of its own
#: status exception
#: exception SyntaxError
raise SyntaxError("mine", ("<program>", -1, 10 ** 30, None))

#: id syntax error with hostile fields
#: status exception
#: exception SyntaxError
error = SyntaxError("mine")
error.lineno = error.filename = error.text = error
raise error

#: id tracebacks that run in circles
#: status exception
#: exception ZeroDivisionError
try:
    1 / 0
except ZeroDivisionError as error:
    try:
        error.__traceback__.tb_next = error.__traceback__
    except ValueError:
        pass
    raise
