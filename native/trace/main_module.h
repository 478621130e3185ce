// `__main__` as `python program.py` makes it: the same names, in the same order.
#pragma once

#include <string>

#include "python/ref.h"

namespace tracemill::trace {

class MainModule {
  public:
    // Once per process, before anything looks at the interpreter's state. Empty or an error text.
    std::string prepare();

    // A fresh one, also in sys.modules; empty with an exception set.
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

    Names names_;
    python::Owned builtins_;
    python::Owned loader_type_;  // importlib's, of files with source
    python::Owned file_;
    python::Owned no_arguments_;
};

}  // namespace tracemill::trace
