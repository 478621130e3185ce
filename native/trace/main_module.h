// `__main__` as `python program.py` makes it: the same names, in the same order.
#pragma once

#include <string>

#include "python/ref.h"

namespace tracemill::trace {

class MainModule {
  public:
    // Once per process, before anything looks at the interpreter's state. Empty or an error text.
    std::string prepare();

    // A fresh one, also in sys.modules; its globals, or empty with an exception set.
    python::Owned make() const;

    // When the script has run to its end: what the program does later finds no file, as in CPython.
    void forget_file(PyObject* globals) const;

  private:
    python::Owned make_loader() const;

    struct Names {
        python::Owned main;
        python::Owned annotations;
        python::Owned builtins;
        python::Owned cached;
        python::Owned file;
        python::Owned loader;
        python::Owned name;
        python::Owned path;
    };

    Names d_names;
    python::Owned d_builtins;
    python::Owned d_loader_type;  // importlib's, of files with source
    python::Owned d_file;
    python::Owned d_no_arguments;
};

}  // namespace tracemill::trace
