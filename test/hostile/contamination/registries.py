# Tables that a library keeps for the whole process: in Python's dictionaries and in C.
#: id handler of encoding errors that every Python has
import codecs
codecs.register_error("ignore", lambda error: ("EVIL", error.end))
#: witness
import codecs
print(codecs.lookup_error("ignore")(UnicodeEncodeError("ascii", "a", 0, 1, "x")))
#: id alias of an encoding
import encodings.aliases
encodings.aliases.aliases["evil"] = "latin_1"
import codecs
codecs.lookup("evil")
del encodings.aliases.aliases["evil"]
#: witness
try:
    print("\u00e9".encode("evil"))
except LookupError as error:
    print(error)
#: id cache of the package of encodings
import encodings, codecs
encodings._cache["evil8"] = codecs.lookup("utf-16")
#: witness
try:
    print("a".encode("evil8"))
except LookupError as error:
    print(error)
#: id types of files by their names
import mimetypes
mimetypes.add_type("x-evil/x", ".py")
#: witness
import mimetypes
print(mimetypes.guess_type("a.py"))
#: id adapters of sqlite
import sqlite3
sqlite3.register_adapter(complex, lambda value: "EVIL")
#: witness
import sqlite3
connection = sqlite3.connect(":memory:")
try:
    print(connection.execute("select ?", (1j,)).fetchall())
except sqlite3.Error as error:
    print(type(error).__name__)
connection.close()
connection = None
#: id reduction of a built-in type
import copyreg
copyreg.pickle(type(iter([])), lambda value: (str, ("EVIL",)))
#: witness
import copy
print(list(copy.copy(iter([1, 2]))))
#: id numbers of classes for pickle
import copyreg
copyreg.add_extension("fractions", "Fraction", 77)
#: witness
import copyreg, fractions, pickle
print(len(pickle.dumps(fractions.Fraction(1, 3))), sorted(copyreg._extension_registry))
#: id names of levels
import logging
logging.addLevelName(logging.INFO, "EVIL")
#: witness
import logging
print(logging.getLevelName(20), logging.getLevelName("EVIL"))
#: id factory of log records
import logging
class Evil(logging.LogRecord):
    def getMessage(self):
        return "EVIL"
logging.setLogRecordFactory(Evil)
#: witness
import logging
logging.basicConfig(format="%(message)s")
logging.warning("mine")
#: id warnings that become log records
import logging
logging.captureWarnings(True)
logging.getLogger("py.warnings").addHandler(logging.NullHandler())
#: witness
import warnings
warnings.warn("shown")
print(warnings.showwarning.__name__)
#: id memory of warnings that were given once
import warnings
warnings.filters.clear()
warnings._filters_mutated() if hasattr(warnings, "_filters_mutated") else warnings._filters_mutated_lock_held()
import _warnings
_warnings._onceregistry[("mine", UserWarning)] = 1
#: witness
import warnings, _warnings
print(len(warnings.filters) > 0, len(_warnings._onceregistry))
#: id archive formats
import shutil
shutil.unregister_unpack_format("zip")
shutil.register_archive_format("evil", lambda *_: None)
#: witness
import shutil
print([name for name, *_ in shutil.get_archive_formats()], [name for name, *_ in shutil.get_unpack_formats()])
#: id names of temporary files
import tempfile
tempfile.tempdir = "/evil"
tempfile.template = "evil"
#: witness
import tempfile
print(tempfile.gettempprefix())
print(tempfile.tempdir)
#: id character sets of letters
import email.charset
email.charset.add_charset("utf-8", email.charset.QP, email.charset.QP, "ascii")
#: witness
import email.charset
print(email.charset.Charset("utf-8").get_output_charset())
#: id opener of addresses
import urllib.request
urllib.request.install_opener("EVIL")
#: witness
import urllib.request
print(urllib.request._opener)
#: id schemes of addresses
import urllib.parse
urllib.parse.uses_netloc.append("evil")
urllib.parse.uses_relative.append("evil")
#: witness
import urllib.parse
print(urllib.parse.urljoin("evil://a/b", "c"))
#: id names of characters in pages
import html.entities
html.entities.html5["amp;"] = "EVIL"
#: witness
import html
print(html.unescape("a &amp; b"))
#: id converter of an address of pages
import webbrowser
webbrowser.register("evil", None, preferred=True)
#: witness
import webbrowser
print("evil" in webbrowser._browsers, webbrowser._tryorder and webbrowser._tryorder[0])
#: id settings of the shortened repr
import reprlib
reprlib.aRepr.maxlist = 1
#: witness
import reprlib
print(reprlib.repr([1, 2, 3]))
#: id dispatch of pretty printing
import pprint
pprint.PrettyPrinter._dispatch[dict.__repr__] = lambda self, object, stream, *_: stream.write("EVIL")
#: witness
import pprint
pprint.pprint({"a": ["b" * 40, "c" * 40]})
#: id dispatch of deep copies
import copy
copy._deepcopy_dispatch[list] = lambda x, memo: "EVIL"
#: witness
import copy
print(copy.deepcopy([1]))
#: id constructors of hashes
import hashlib, _sha1
hashlib.__dict__["__builtin_constructor_cache"]["md5"] = _sha1.sha1
#: witness
import hashlib
print(hashlib.__dict__["__get_builtin_constructor"]("md5")(b"").name)
#: id algorithms that are said to exist
import hashlib
hashlib.algorithms_available.add("evil")
#: witness
import hashlib
print("evil" in hashlib.algorithms_available)
#: id what the platform is remembered to be
import platform
platform._sys_version_cache[None] = platform._sys_version_cache.get(None)
import sys
platform._sys_version_cache[sys.version] = ("EVIL", "9.9.9", "", "", "", "", "")
#: witness
import platform
print(platform.python_implementation())
#: id variables of the configuration
import sysconfig
sysconfig.get_config_vars()["EXT_SUFFIX"] = "EVIL"
#: witness
import sysconfig
print(sysconfig.get_config_var("EXT_SUFFIX") == "EVIL")
#: id decimal point of the place
import locale
locale._override_localeconv["decimal_point"] = "EVIL"
#: witness
import locale
print(locale.format_string("%.1f", 1.5))
#: id translations
import gettext
gettext._translations[("x", "/x")] = None
gettext._localedirs["messages"] = "/evil"
#: witness
import gettext
print(gettext._translations, gettext._localedirs)
#: id names of tokens
import token, tokenize
token.tok_name[token.NAME] = "EVIL"
#: witness
import io, tokenize
print([tokenize.tok_name[each.type] for each in tokenize.generate_tokens(io.StringIO("x = 1").readline)])
#: id names of operations
import opcode
opcode.opname[opcode.opmap["RESUME"]] = "EVIL"
#: witness
import dis
print([each.opname for each in dis.get_instructions("x = 1")])
#: id fields of syntax trees
import ast
ast.BinOp._fields = ("left",)
#: witness
import ast
print(ast.dump(ast.parse("a + b", mode="eval")))
#: id exceptions of C modules
import struct, zlib, binascii
struct.error.__str__ = lambda self: "EVIL"
zlib.error.__str__ = lambda self: "EVIL"
binascii.Error.evil = 1
#: witness
import struct, zlib, binascii
for broken in (lambda: struct.unpack("<i", b""), lambda: zlib.decompress(b"x")):
    try:
        broken()
    except Exception as error:
        print(error)
print(hasattr(binascii.Error, "evil"))
#: id exceptions of decimal
import decimal
decimal.DivisionByZero.__str__ = lambda self: "EVIL"
#: witness
import decimal
try:
    decimal.Decimal(1) / 0
except decimal.DivisionByZero as error:
    print(error)
#: id types of pointers
import ctypes
ctypes.POINTER(ctypes.c_int).evil = 1
ctypes.c_int.evil = 2
#: witness
import ctypes
print(hasattr(ctypes.POINTER(ctypes.c_int), "evil"), hasattr(ctypes.c_int, "evil"))
#: id processes of the library
import multiprocessing
multiprocessing.current_process().name = "EVIL"
multiprocessing.set_start_method("spawn", force=True)
#: witness
import multiprocessing
print(multiprocessing.current_process().name, multiprocessing.get_start_method())
#: id packages found by hand
import pkgutil
@pkgutil.iter_importer_modules.register(type(None))
def evil(importer, prefix=""):
    return [("evil", False)]
#: witness
import pkgutil
print(list(map(str, pkgutil.iter_importer_modules(None))) if type(None) in pkgutil.iter_importer_modules.registry else "none")
#: id templates of strings
import re, string
string.Template.pattern = re.compile("%(?P<named>x)|(?P<braced>b)|(?P<escaped>c)|(?P<invalid>d)")
#: witness
import string
print(string.Template("$x %x").safe_substitute(x=1))
#: id marks of directives
import decimal
decimal.getcontext().prec = 3
decimal.DefaultContext.prec = 3
decimal.getcontext().Emax = 9
#: witness
import decimal, threading
print(decimal.Decimal(1) / 7)
exec("""
seen = []
thread = threading.Thread(target=lambda: seen.append(str(decimal.Decimal(1) / 7)))
thread.start()
thread.join()
thread = None
""")
print(seen)
