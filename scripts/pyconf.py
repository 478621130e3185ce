"""What the interpreter that runs this is like, for embedding it and for building against it; asked by the builds and at
run time.

    python3 pyconf.py                 everything, as JSON, whether it can be used or not
    python3 pyconf.py core            name of its core library without suffix: core-cp312
    python3 pyconf.py include-dirs    where its headers are, one per line
    python3 pyconf.py libpython       its shared library
    python3 pyconf.py executable      itself

All but the first fail with the reason and the command that cures it when no core can be built.
Runs on any Python 3, so that an old one can be told apart from a broken one.
"""

import json
import os
import site
import sys
import sysconfig

OLDEST = (3, 11)


def libpython():
    """The absolute path of this interpreter's shared library, or None."""
    name = sysconfig.get_config_var("INSTSONAME") or ""
    if ".so" not in name:
        return None
    # LIBDIR is where it was built to be; a Python that was moved since has it under its prefix.
    for folder in (sysconfig.get_config_var("LIBDIR"), os.path.join(sys.base_prefix, "lib")):
        if folder and os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return None


def configuration():
    include = sysconfig.get_config_var("INCLUDEPY") or sysconfig.get_path("include")
    if not os.path.exists(os.path.join(include, "Python.h")):
        include = sysconfig.get_path("include")
    needed = ("Python.h", os.path.join("internal", "pycore_frame.h"))
    return {
        "executable": sys.executable,
        "version": "%d.%d.%d" % sys.version_info[:3],
        "minor": sys.version_info[1],
        "implementation": sys.implementation.name,
        "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "shared": bool(sysconfig.get_config_var("Py_ENABLE_SHARED")),
        "libpython": libpython(),
        "prefixes": sorted({sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}),
        "path": [os.path.abspath(folder) for folder in sys.path if folder],
        "site": any(os.path.isdir(folder) for folder in site.getsitepackages()),
        "includeDirs": [include, os.path.join(include, "internal")],
        "headers": all(os.path.exists(os.path.join(include, name)) for name in needed),
    }


def obstacle(found):
    """Why this Python cannot be embedded, with the cure; None if it can."""
    name = describe(found)
    if found["implementation"] != "cpython":
        return "%s is %s; tracemill needs CPython. Fix: name another with --python" % (name, found["implementation"])
    if sys.version_info[:2] < OLDEST:
        return "%s is too old: tracemill needs 3.11 or newer. Fix: name another with --python" % name
    if found["freeThreaded"]:
        return "%s is a free-threaded build, which is not supported. Fix: name another with --python" % name
    if not found["shared"]:
        return "%s has no shared library to embed. Fix: %s" % (name, rebuild(found))
    if found["libpython"] is None:
        library = "libpython3.%d" % found["minor"]
        cure = "apt install %s" % library if sys.base_prefix == "/usr" else rebuild(found)
        return "%s is there without its shared library %s. Fix: %s" % (name, library, cure)
    return None


def build_obstacle(found):
    """Why no core can be built for this Python, with the cure; None if one can."""
    if obstacle(found) or found["headers"]:
        return obstacle(found)
    cure = "apt install python3-dev" if sys.base_prefix == "/usr" else rebuild(found)
    return "%s has no headers in %s. Fix: %s" % (describe(found), found["includeDirs"][0], cure)


def describe(found):
    return "Python %s (%s)" % (found["version"], found["executable"])


def rebuild(found):
    return "PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force %s" % found["version"]


def main(arguments):
    found = configuration()
    if not arguments:
        found["obstacle"] = obstacle(found)
        found["buildObstacle"] = build_obstacle(found)
        print(json.dumps(found))
        return None
    answers = {
        "core": "core-cp3%d" % found["minor"],
        "include-dirs": "\n".join(found["includeDirs"]),
        "libpython": found["libpython"],
        "executable": found["executable"],
    }
    if len(arguments) != 1 or arguments[0] not in answers:
        return __doc__
    if build_obstacle(found):
        return build_obstacle(found)
    print(answers[arguments[0]])
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
