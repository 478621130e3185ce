// Compares what reached a stream with what its OUTPUTs say, one text after another.
#pragma once

#include <algorithm>
#include <string_view>

namespace tracemill::format {

class StreamMatch {
  public:
    explicit StreamMatch(std::string_view reached) : rest_(reached) {}

    void output(std::string_view text) {
        const size_t both = std::min(text.size(), rest_.size());
        differs_ = differs_ || text.substr(0, both) != rest_.substr(0, both);
        rest_.remove_prefix(both);
        unreached_ = unreached_ || both < text.size();
    }

    // Whether the outputs do not say it, so that the bytes have to be in the record. What still was in a buffer when a
    // run was stopped counts as written: the program did not lose it.
    bool needs_bytes(bool stopped) const { return differs_ || !rest_.empty() || (unreached_ && !stopped); }

  private:
    std::string_view rest_;
    bool differs_ = false;
    bool unreached_ = false;
};

}  // namespace tracemill::format
