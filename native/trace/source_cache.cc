#include "trace/source_cache.h"

#include <algorithm>

#include "trace/source_text.h"

namespace tracemill::trace {

using python::Owned;

SourceCache::Module SourceCache::compile(std::string_view source, bool comes_again, const StandardStreams& streams) {
    auto found = std::find_if(d_entries.begin(), d_entries.end(),
                              [source](const Entry& entry) { return entry.source == source; });
    if (!d_entries.empty() && found != d_entries.begin() && !d_entries.front().comes_again) d_entries.pop_front();
    // What its compiler warns of is said in every run.
    if (found != d_entries.end() && found->warns) found = d_entries.erase(found), found = d_entries.end();
    if (found != d_entries.end()) {
        d_entries.splice(d_entries.begin(), d_entries, found);
    } else {
        const uint64_t before = streams.size(format::Stream::kStderr);
        Owned code = compile_program(source);
        if (!code) return {};
        if (d_entries.size() == kMaxEntries) d_entries.pop_back();
        Entry& entry = d_entries.emplace_front();
        entry.source = source;
        entry.warns = streams.size(format::Stream::kStderr) != before;
        entry.code = std::move(code);
        entry.codes.add_program(reinterpret_cast<PyCodeObject*>(entry.code.get()));
    }
    Entry& entry = d_entries.front();
    entry.comes_again = comes_again;
    return {entry.code.get(), &entry.codes};
}

}  // namespace tracemill::trace
