# The import system.

#: id path emptied
#: status ok
import sys
sys.path.clear()
#: witness
import sys, textwrap
print(len(sys.path) > 0, textwrap.dedent(" a"))

#: id path replaced
#: status ok
import sys
sys.path = None
#: witness
import wave
print(wave.__name__)

#: id finders removed
#: status ok
import sys
sys.meta_path.clear()
sys.path_hooks[:] = []
sys.path_importer_cache.clear()
#: witness
import wave
print(wave.__name__)

#: id finder that answers everything
#: status ok
import sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise RuntimeError("hostile")
sys.meta_path.insert(0, Finder)
#: witness
import wave
print(wave.__name__)

#: id hook that answers everything
#: status ok
import sys
def hook(path):
    raise RuntimeError("hostile")
sys.path_hooks.insert(0, hook)
sys.path_importer_cache.clear()
#: witness
import wave
print(wave.__name__)

#: id modules forgotten
#: status ok
import sys
for name in "json json.decoder json.encoder re random collections".split():
    sys.modules.pop(name, None)
#: witness
import collections, json, random, re
print(json.dumps(re.findall("a", "banana")), random.random(), collections.Counter is json.decoder.__dict__.get("x"))

#: id all modules forgotten
#: status ok
import sys
sys.modules.clear()
#: witness
import json, sys
print(json.dumps([1]), "json" in sys.modules)

#: id modules replaced by nothing
#: status ok
import sys
sys.modules["json"] = sys.modules["math"] = None
#: witness
import json, math
print(json.dumps([math.pi]))

#: id modules replaced by forgeries
#: status ok
import sys, types
fake = types.ModuleType("random")
fake.random = lambda: 4
sys.modules["random"] = sys.modules["time"] = fake
#: witness
import random, time
print(random.random(), time.time() > 0)

#: id table of modules replaced
#: status ok
import sys
sys.modules = {}
#: witness
import json, sys
print(json.dumps([1]), len(sys.modules) > 10)

#: id modules imported again
#: status ok
import sys
before = sys.modules.pop("json", None)
import json
json.dumps = lambda *_: "hostile"
#: witness
import json
print(json.dumps([1]))

#: id module reloaded
#: status ok
import importlib, json, random, re
importlib.reload(json)
importlib.reload(random)
importlib.reload(re)
#: witness
import json, random, re
print(json.dumps([1]), random.random(), re.findall("a", "aa"))

#: id new modules
#: status ok
import difflib, mailbox, pydoc, sqlite3, wave, xml.dom.minidom
#: witness
import sys
print([name for name in ("wave", "mailbox", "pydoc", "xml.dom") if name in sys.modules])

#: id module of its own
#: status ok
import sys, types
sys.modules["hostile"] = types.ModuleType("hostile")
sys.modules["json.hostile"] = sys
import json
json.hostile = sys
#: witness
try:
    import hostile
except ImportError as error:
    print(error)
import json
print(hasattr(json, "hostile"))

#: id attributes of packages
#: status ok
import importlib, json
importlib.import_module = importlib.reload = None
json.__path__ = []
json.__spec__ = json.__loader__ = json.__name__ = None
#: witness
import importlib, json
print(importlib.import_module("json.tool").__name__, json.__name__, json.__spec__.name)

#: id machinery of imports
#: status ok
import importlib._bootstrap as bootstrap, importlib._bootstrap_external as external
bootstrap._find_and_load = None
external.SourceFileLoader.get_code = lambda *_: compile("hostile = 1", "x", "exec")
external.SOURCE_SUFFIXES.clear()
#: witness
import wave
print(wave.__name__, hasattr(wave, "hostile"))

#: id lock of imports
#: status ok
import _imp
_imp.acquire_lock()
#: witness
import _imp, wave
print(_imp.lock_held(), wave.__name__)

#: id the running program imports itself
#: status ok
#: stdout "True\n"
import sys
import __main__
print(__main__ is sys.modules["__main__"])
__main__.__class__ = type("M", (type(sys),), {"hostile": 1})
#: witness
import sys
print(type(sys.modules["__main__"]).__name__)

#: id bytecode of library functions
#: status ok
import textwrap
textwrap.dedent.__code__ = (lambda text: "hostile").__code__
#: witness
import textwrap
print(textwrap.dedent(" a"), textwrap.dedent.__code__.co_name)
