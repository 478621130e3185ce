// Reads the fields of one frame's payload. Every length is checked against what is left, so that a payload can claim
// nothing it does not hold; after the first failure every further read fails too.
#pragma once

#include <cstdint>
#include <string_view>

#include "format/varint.h"

namespace tracemill::wire {

class PayloadReader {
  public:
    explicit PayloadReader(std::string_view payload) : rest_(payload) {}

    bool byte(uint8_t& value) {
        if (rest_.empty()) return fail();
        value = static_cast<uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }

    bool varint(uint64_t& value) {
        const auto* begin = reinterpret_cast<const uint8_t*>(rest_.data());
        const uint8_t* at = begin;
        if (format::get_varint(at, begin + rest_.size(), value) != format::VarintError::kNone) return fail();
        rest_.remove_prefix(static_cast<size_t>(at - begin));
        return true;
    }

    // A count of things that take at least `least` bytes each.
    bool count(uint64_t& value, uint64_t least) {
        if (!varint(value)) return false;
        return value <= rest_.size() / least || fail();
    }

    // The view is into the payload, and never null.
    bool bytes(std::string_view& value) {
        uint64_t size = 0;
        if (!count(size, 1)) return false;
        value = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    bool at_end() const { return !failed_ && rest_.empty(); }

  private:
    bool fail() {
        failed_ = true;
        rest_ = {};
        return false;
    }

    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace tracemill::wire
