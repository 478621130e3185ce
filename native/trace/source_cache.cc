#include "trace/source_cache.h"

#include <algorithm>
#include <cstring>

namespace tracemill::trace {

using python::Owned;

Owned compile_text(std::string_view text, const char* file, int start) {
    if (std::memchr(text.data(), '\0', text.size())) {
        PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
        return Owned();
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE;
    const std::string terminated(text);
    return Owned::steal(Py_CompileStringExFlags(terminated.c_str(), file, start, &flags, -1));
}

SourceCache::Module SourceCache::compile(std::string_view source, bool comes_again) {
    const auto found = std::find_if(d_entries.begin(), d_entries.end(),
                                    [source](const Entry& entry) { return entry.source == source; });
    if (!d_entries.empty() && found != d_entries.begin() && !d_entries.front().comes_again) d_entries.pop_front();
    if (found != d_entries.end()) {
        d_entries.splice(d_entries.begin(), d_entries, found);
    } else {
        Owned code = compile_text(source, kProgramFile, Py_file_input);
        if (!code) return {};
        if (d_entries.size() == kMaxEntries) d_entries.pop_back();
        Entry& entry = d_entries.emplace_front();
        entry.source = source;
        entry.code = std::move(code);
        entry.codes.add_program(reinterpret_cast<PyCodeObject*>(entry.code.get()));
    }
    Entry& entry = d_entries.front();
    entry.comes_again = comes_again;
    return {entry.code.get(), &entry.codes};
}

}  // namespace tracemill::trace
