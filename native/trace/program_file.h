// The program's own file, where `open(__file__)`, tracebacks and `inspect` read it. Written only for programs that can
// look, because most cannot and writing costs two system calls.
#pragma once

#include <cstdint>
#include <string_view>

#include "python/compat.h"

namespace tracemill::trace {

class ProgramFile {
  public:
    // Before a program runs, whose text outlives the run. `descriptor` is of the file, which is open for writing; 0 =
    // there is none, and only `linecache` knows the text.
    void begin(uint32_t descriptor, std::string_view text);

    // An audit event: a file is to be opened. From here on this one holds the text.
    void opening(PyObject* path);

    // With something of the program left to run or to report, and whether or not it is able to look.
    void write();

    // Nobody asks for the program's lines any more: what was told of them is no part of the library.
    void end();

  private:
    void tell_linecache();

    std::string_view text_;
    uint32_t descriptor_ = 0;
    bool written_ = false;
    bool holds_text_ = false;  // the file, of this program or an earlier one
    bool told_linecache_ = false;
};

// Of the process: CPython's audit hooks belong to no interpreter.
ProgramFile& program_file();

}  // namespace tracemill::trace
