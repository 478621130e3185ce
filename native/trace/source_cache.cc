#include "trace/source_cache.h"

#include <algorithm>

#include "trace/source_text.h"

namespace tracemill::trace {

using python::Owned;

SourceCache::Module SourceCache::compile(std::string_view source, bool comes_again, const StandardStreams& streams,
                                         const admission::Admission& admission) {
    auto found =
        std::find_if(entries_.begin(), entries_.end(), [source](const Entry& entry) { return entry.source == source; });
    if (!entries_.empty() && found != entries_.begin() && !entries_.front().comes_again) entries_.pop_front();
    // What its compiler warns of is said in every run.
    if (found != entries_.end() && found->warns) found = entries_.erase(found), found = entries_.end();
    if (found != entries_.end()) {
        entries_.splice(entries_.begin(), entries_, found);
    } else {
        Owned code = compile_program(source);
        if (!code) return {};
        if (entries_.size() == kMaxEntries) entries_.pop_back();
        Entry& entry = entries_.emplace_front();
        entry.source = source;
        entry.warns = streams.is_used(format::Stream::kStderr);
        entry.code = std::move(code);
        entry.codes.add_program(reinterpret_cast<PyCodeObject*>(entry.code.get()));
        entry.findings = admission.look_at(entry.code.get());
    }
    Entry& entry = entries_.front();
    entry.comes_again = comes_again;
    return {entry.code.get(), &entry.codes, &entry.findings};
}

}  // namespace tracemill::trace
