// Walks bytes that nobody vouches for. Every read is checked; the first failure is kept and ends all reading.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "varint.h"

namespace tracemill::format {

struct RecordError {
    std::string message;
    uint64_t offset = 0;  // of the field that is wrong, from the start of the record
};

class ByteCursor {
  public:
    explicit ByteCursor(std::span<const uint8_t> bytes)
        : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool done() const { return at_ == end_; }
    uint64_t offset() const { return static_cast<uint64_t>(at_ - begin_); }
    uint64_t left() const { return static_cast<uint64_t>(end_ - at_); }
    // Where the field that was read last starts.
    uint64_t field_offset() const { return static_cast<uint64_t>(field_ - begin_); }

    bool failed() const { return failed_; }
    const RecordError& error() const { return error_; }

    // All of these answer false after an error; `what` names the field in the message.
    bool byte(uint8_t& value, const char* what) {
        field_ = at_;
        if (failed_ || at_ == end_) return truncated(what);
        value = *at_++;
        return true;
    }
    bool varint(uint64_t& value, const char* what) {
        field_ = at_;
        if (failed_) return false;
        switch (get_varint(at_, end_, value)) {
            case VarintError::kNone:
                return true;
            case VarintError::kTruncated:
                return truncated(what);
            case VarintError::kTooLong:
                break;
        }
        return fail(std::string(what) + " has more than 64 bits");
    }
    bool zigzag(int64_t& value, const char* what) {
        uint64_t raw = 0;
        if (!varint(raw, what)) return false;
        value = unzigzag(raw);
        return true;
    }
    // A varint that must be below `bound`.
    bool below(uint32_t& value, uint64_t bound, const char* what);
    bool bytes(std::string_view& bytes, const char* what);
    // The same, and the bytes are generalised UTF-8.
    bool text(std::string_view& text, const char* what);
    bool fixed64(uint64_t& value, const char* what);

    // Records the error at the field read last.
    bool fail(std::string message);

  private:
    bool truncated(const char* what);

    const uint8_t* begin_;
    const uint8_t* at_;
    const uint8_t* end_;
    const uint8_t* field_ = begin_;
    bool failed_ = false;
    RecordError error_;
};

}  // namespace tracemill::format
