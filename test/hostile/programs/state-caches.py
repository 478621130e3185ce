# What the library remembers of its calls, and its tables of what to do for which type.

#: id caches with hostile keys
#: status ok
import re, typing
class Evil(str):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash("a+")
class Kind:
    def __hash__(self):
        return hash(int)
    def __eq__(self, other):
        return True
    def __repr__(self):
        return "hostile"
    def __call__(self):
        pass
for act in (lambda: re.compile(Evil("(hostile)")), lambda: typing.List[Kind()], lambda: typing.Optional[Kind()]):
    try:
        act()
    except TypeError:
        pass
#: witness
import re, typing
print(re.findall("a+", "caat"), typing.List[int], typing.Optional[int])

#: id caches of library functions
#: status ok
import fnmatch, re
re.compile("hostile")
re._cache.clear()
if hasattr(re, "_cache2"):
    re._cache2.clear()
re._cache[str, "a", 0] = re.compile("b")
fnmatch.fnmatch("a", "hostile*")
fnmatch.fnmatch("a", "hostile*")
#: witness
import fnmatch, re
print(re.findall("a", "abab"), fnmatch._compile_pattern.cache_info())

#: id a cache poisoned
#: status ok
import linecache
linecache.cache["<program>"] = (6, None, ["hostile\n"] * 6, "<program>")
linecache.getline = lambda *_: "hostile\n"
#: witness
import traceback
try:
    1 / 0
except ZeroDivisionError:
    print(traceback.format_exc())

#: id tables of the copy module
#: status ok
import copy
copy._deepcopy_dispatch[list] = lambda x, memo: "hostile"
copy._copy_dispatch[dict] = lambda x: "hostile"
#: witness
import copy
print(copy.deepcopy([1]), copy.copy({1: 2}))

#: id generic function of the library
#: status ok
import pkgutil
pkgutil.iter_importer_modules.register(list, lambda importer, prefix="": [("hostile", False)])
#: witness
import pkgutil
print(list(pkgutil.iter_importer_modules([])))

#: id reduction of types
#: status ok
import copyreg, pickle
copyreg.pickle(complex, lambda c: (int, ("7",)))
copyreg.pickle(type(print), lambda c: (int, ("7",)))
copyreg.add_extension("hostile", "name", 7)
#: witness
import copy, copyreg, pickle
print(pickle.loads(pickle.dumps(1 + 2j)), copyreg._extension_registry)

#: id warning given once
#: status ok
import warnings
def f():
    warnings.warn("only once")
f()
f()
#: witness
import warnings
def f():
    warnings.warn("only once")
f()

#: id overloads remembered
#: status ok
import typing
@typing.overload
def f(x: int) -> int: ...
@typing.overload
def f(x: str) -> str: ...
#: witness
import typing
print(len(typing._overload_registry.get("__main__", {})))
