// Compiles each distinct source once: the same program usually comes with several inputs.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>

#include "admission/admission.h"
#include "python/ref.h"
#include "trace/code_registry.h"
#include "trace/standard_streams.h"

namespace tracemill::trace {

class SourceCache {
  public:
    // The module's code object, borrowed until the next call, its registry, and whether it is tame; NULL with an
    // exception set on failure.
    struct Module {
        PyObject* code = nullptr;
        CodeRegistry* codes = nullptr;
        const admission::Findings* findings = nullptr;
    };
    // `comes_again`: another call with this source is to be expected. `streams`: the program's, where warnings are
    // shown.
    Module compile(std::string_view source, bool comes_again, const StandardStreams& streams,
                   const admission::Admission& admission);

  private:
    struct Entry {
        std::string source;
        bool comes_again;
        bool warns;  // its compiler wrote to stderr
        python::Owned code;
        CodeRegistry codes;
        admission::Findings findings;
    };

    static constexpr size_t kMaxEntries = 64;

    // Most recently used first. That one is kept in any case until another source comes, for the next batch may begin
    // with it; the others are expected. What is dropped is memory that the next compilation finds in the cache.
    std::list<Entry> entries_;
};

}  // namespace tracemill::trace
