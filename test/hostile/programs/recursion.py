# As deep as it goes: Python's recursion, and C's under it.

#: id endless recursion
#: status exception
#: exception RecursionError
def dive(n):
    return dive(n + 1)
dive(0)

#: id endless recursion through attributes
#: status exception
#: exception RecursionError
class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")
Deep().x

#: id endless recursion through an operator
#: status exception
#: exception RecursionError
class Deep:
    def __add__(self, other):
        return self + other
Deep() + 1

#: id endless recursion of generators
#: status exception
#: exception RecursionError
def dive():
    yield from dive()
list(dive())

#: id endless recursion that is caught
#: status ok
#: stdout "caught\n"
def dive():
    dive()
for _ in range(3):
    try:
        dive()
    except RecursionError:
        pass
print("caught")

#: id recursion without a limit
#: status exception or memory-limit or timeout or record-limit: which bound is met first is the engine's choice
#: notInline the limit of the process's own stack is unknown
import sys
sys.setrecursionlimit(2 ** 31 - 1)
def dive(n):
    return dive(n + 1)
dive(0)

#: id recursion through C without a limit
#: status exception or memory-limit or timeout or record-limit or crash: whichever bound is met first
#: notInline C's stack may be met first, and its end takes the process
import sys
sys.setrecursionlimit(2 ** 31 - 1)
class Deep:
    def __getattr__(self, name):
        return getattr(self, name)
Deep().x

#: id recursion limit lowered
#: status ok
import sys
sys.setrecursionlimit(30)
#: witness
def dive(n):
    return n and dive(n - 1)
dive(500)
print("deep enough")

#: id recursion limit lowered under a library
#: status exception or ok: how deep the library goes depends on the version
import sys
sys.setrecursionlimit(12)
import json
json.dumps([[[[[[[1]]]]]]], indent=1)

#: id nested iterators
#: status ok or crash: as deep as C's stack allows
#: notInline C's stack may be met, and its end takes the process
exec("it = iter(())\nfor _ in range(200_000): it = map(None, it)")
list(it)

#: id nested iterators that are dropped
#: status ok or crash: as deep as C's stack allows
#: notInline C's stack may be met, and its end takes the process
exec("it = iter(())\nfor _ in range(200_000): it = filter(None, it)")
it = None

#: id repr of a deep list
#: status exception
#: exception RecursionError
exec("x = []\nfor _ in range(100_000): x = [x]")
repr(x)

#: id comparison of cycles
#: status exception
#: exception RecursionError
a, b = [], []
a.append(b)
b.append(a)
a == b

#: id json of a deep list
#: status exception
#: exception RecursionError
import json
exec("x = []\nfor _ in range(100_000): x = [x]")
json.dumps(x)

#: id deep json
#: status exception
#: exception RecursionError
import json
json.loads("[" * 100_000)

#: id pickle of a deep list
#: status exception
#: exception RecursionError
import pickle
exec("x = []\nfor _ in range(100_000): x = [x]")
pickle.dumps(x)

#: id copy of a deep list
#: status output-limit or timeout: of the traceback, which 3.13 makes slowly
import copy
exec("x = []\nfor _ in range(20_000): x = [x]")
copy.deepcopy(x)

#: id deep tuple of classes
#: status exception
#: exception RecursionError
exec("classes = (int,)\nfor _ in range(100_000): classes = (classes,)")
isinstance("", classes)

#: id deep regular expression
#: status output-limit or exception: by the length of the traceback
import re
re.compile("(" * 20_000 + ")" * 20_000)

#: id deep expression
#: status exception or memory-limit: the compiler raises RecursionError, MemoryError or SyntaxError
eval("-" * 100_000 + "1")

#: id representation that calls itself
#: status exception
#: exception RecursionError
class Mirror:
    def __repr__(self):
        return f"<{self!r}>"
print(Mirror())

#: id recursion on a thread's small stack
#: status ok or crash: a thread's stack may end before the limit
#: notInline C's stack may be met, and its end takes the process
import threading
threading.stack_size(64 * 1024)
x = []
for _ in range(500):
    x = [x]
thread = threading.Thread(target=repr, args=(x,))
thread.start()
thread.join()
#: witness
import threading
print(threading.stack_size())

#: id exceptions 100,000 deep
#: status exception or output-limit or timeout: how much of it CPython shows differs
exec("""
error = None
for i in range(100_000):
    e = ValueError(i)
    e.__context__ = error
    error = e
""")
raise error

#: id groups of exceptions 200 deep
#: status exception
#: exception ExceptionGroup
error = ValueError("inside")
for _ in range(200):
    error = ExceptionGroup("around", [error])
raise error
