# The import system.
#: id finder of a library that answers otherwise
import importlib.machinery
importlib.machinery.PathFinder.find_spec = classmethod(lambda cls, name, path=None, target=None: None)
#: witness
try:
    import colorsys
    print("found")
except ImportError as error: print(error)
#: id suffixes of sources
import importlib._bootstrap_external as external
external.BYTECODE_SUFFIXES.clear()
import sys
sys.path_importer_cache.clear()
external._pathseps_with_colon.clear() if hasattr(external._pathseps_with_colon, "clear") else None
#: witness
import importlib.machinery
print(importlib.machinery.BYTECODE_SUFFIXES)
#: id code that the import system runs
import importlib._bootstrap_external as external
keep = external.SourceLoader.get_code.__code__
def get_code(self, fullname):
    return compile("rgb_to_hsv = lambda *_: 'EVIL'", "<evil>", "exec")
external.SourceLoader.get_code.__code__ = get_code.__code__
#: witness
import colorsys
print(colorsys.rgb_to_hsv(1, 0, 0))
#: id module loaded under a false name
import sys, json
import colorsys
colorsys.rgb_to_hsv = lambda *_: "EVIL"
sys.modules["wave"] = colorsys
#: witness
import wave
import colorsys
print(wave.__name__, colorsys.rgb_to_hsv(1, 0, 0))
#: id module half loaded
import sys, types
half = types.ModuleType("colorsys")
half.__spec__ = types.SimpleNamespace(_initializing=True)
sys.modules["colorsys"] = half
#: witness
import colorsys
print(hasattr(colorsys, "rgb_to_hsv"))
#: id name of the import function
import builtins
keep = builtins.__import__
def once(name, *rest):
    builtins.__import__ = keep
    module = keep(name, *rest)
    if name == "colorsys": module.rgb_to_hsv = lambda *_: "EVIL"
    return module
builtins.__import__ = once
#: witness
import colorsys
print(colorsys.rgb_to_hsv(1, 0, 0))
#: id hook for audits
import sys
try: sys.addaudithook(lambda event, args: print("EVIL") if event == "import" else None)
except BaseException as error: print(type(error).__name__)
#: witness
import colorsys
print("quiet")
#: id lock of imports
import _imp
_imp.acquire_lock()
#: witness
import _imp
print(_imp.lock_held())
import colorsys
#: id zip files that are remembered
import zipimport
zipimport._zip_directory_cache["/evil"] = {}
#: witness
import zipimport
print(sorted(zipimport._zip_directory_cache))
#: id name of the program's module
import sys
sys.modules["__main__"].__dict__["left"] = "EVIL"
sys.modules["evil"] = sys.modules["__main__"]
#: witness
import sys
print("evil" in sys.modules, "left" in globals())
#: id code that marshal made
import marshal, json
code = marshal.loads(marshal.dumps(compile("loads = lambda s: 'EVIL'", "x", "exec")))
exec(code, vars(json))
#: witness
import json
print(json.loads("[1]"))
#: id code made by hand
import json
def store(): x = 1
code = store.__code__
made = code.replace(co_flags=code.co_flags & ~3, co_code=compile("loads = 5", "", "exec").co_code, co_names=("loads",), co_varnames=(), co_nlocals=0, co_consts=compile("loads = 5", "", "exec").co_consts)
exec(made, vars(json))
#: witness
import json
print(json.loads if isinstance(json.loads, int) else json.loads("[1]"))
