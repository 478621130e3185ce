#include "python/standard_library.h"

#include "python/ref.h"

namespace tracemill::python {
namespace {

// No module that opens windows, prints, or loads foreign code (ctypes), and none that few programs use and that takes
// long to load.
constexpr const char* kModules[] = {
    // language and types
    "__future__",
    "abc",
    "builtins",
    "collections",
    "collections.abc",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "dataclasses",
    "enum",
    "functools",
    "gc",
    "importlib",
    "inspect",
    "itertools",
    "keyword",
    "numbers",
    "operator",
    "reprlib",
    "sys",
    "token",
    "tokenize",
    "traceback",
    "types",
    "typing",
    "warnings",
    "weakref",
    // data
    "array",
    "bisect",
    "calendar",
    "cmath",
    "datetime",
    "decimal",
    "fractions",
    "graphlib",
    "heapq",
    "math",
    "pprint",
    "queue",
    "random",
    "secrets",
    "statistics",
    "time",
    "timeit",
    "uuid",
    "zoneinfo",
    // text and bytes
    "ast",
    "base64",
    "binascii",
    "codecs",
    "csv",
    "difflib",
    "fnmatch",
    "hashlib",
    "hmac",
    "html",
    "io",
    "json",
    "locale",
    "pickle",
    "re",
    "shlex",
    "string",
    "struct",
    "textwrap",
    "unicodedata",
    "urllib.parse",
    "zlib",
    // system
    "argparse",
    "asyncio",
    "atexit",
    "concurrent.futures",
    "concurrent.futures.thread",
    "errno",
    "faulthandler",
    "getpass",
    "glob",
    "ipaddress",
    "linecache",
    "logging",
    "os",
    "os.path",
    "pathlib",
    "platform",
    "resource",
    "sched",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "stat",
    "subprocess",
    "tempfile",
    "threading",
    "tracemalloc",
    // tests
    "doctest",
    "unittest",
    "unittest.mock",
    "cProfile",
    "pstats",
};

}  // namespace

void import_standard_library() {
    for (const char* name : kModules) {
        const Owned module = Owned::steal(PyImport_ImportModule(name));
        if (!module) PyErr_Clear();
    }
}

}  // namespace tracemill::python
