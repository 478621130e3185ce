// Compiles each distinct source once: the same program usually comes with several inputs.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "python/ref.h"
#include "trace/code_registry.h"

namespace tracemill::trace {

// The file names that the program and its entry expression are compiled with.
inline constexpr char kProgramFile[] = "<program>";
inline constexpr char kEntryFile[] = "<entry>";

// Compiles text as a module or an expression; empty with an exception set on failure.
python::Owned compile_text(std::string_view text, const char* file, int start);

class SourceCache {
  public:
    // The module's code object, borrowed until the next call, and its registry; NULL with an exception set on failure.
    struct Module {
        PyObject* code = nullptr;
        CodeRegistry* codes = nullptr;
    };
    Module compile(std::string_view source);

  private:
    struct Entry {
        std::string source;
        python::Owned code;
        CodeRegistry codes;
    };

    static constexpr size_t kMaxEntries = 64;

    std::list<Entry> d_entries;  // most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> d_by_source;
};

}  // namespace tracemill::trace
