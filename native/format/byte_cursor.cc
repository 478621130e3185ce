#include "byte_cursor.h"

#include <utility>

#include "utf8.h"

namespace tracemill::format {

bool ByteCursor::fail(std::string message) {
    if (!failed_) {
        failed_ = true;
        error_ = RecordError{std::move(message), field_offset()};
    }
    return false;
}

bool ByteCursor::truncated(const char* what) { return fail(std::string("the bytes end inside ") + what); }

bool ByteCursor::below(uint32_t& value, uint64_t bound, const char* what) {
    uint64_t raw = 0;
    if (!varint(raw, what)) return false;
    if (raw >= bound) {
        return fail(std::string(what) + " is " + std::to_string(raw) + " where " + std::to_string(bound) +
                    " are defined");
    }
    value = static_cast<uint32_t>(raw);
    return true;
}

bool ByteCursor::bytes(std::string_view& bytes, const char* what) {
    uint64_t size = 0;
    if (!varint(size, what)) return false;
    if (size > left()) {
        return fail(std::string(what) + " claims " + std::to_string(size) + " bytes where " + std::to_string(left()) +
                    " are left");
    }
    bytes = {reinterpret_cast<const char*>(at_), static_cast<size_t>(size)};
    at_ += size;
    return true;
}

bool ByteCursor::text(std::string_view& text, const char* what) {
    if (!bytes(text, what)) return false;
    if (const size_t valid = utf8_valid_size(text); valid != text.size()) {
        field_ = at_ - text.size() + valid;
        return fail(std::string(what) + " is not UTF-8");
    }
    return true;
}

bool ByteCursor::fixed64(uint64_t& value, const char* what) {
    field_ = at_;
    if (failed_ || left() < 8) return truncated(what);
    uint64_t bits = 0;
    for (int i = 7; i >= 0; --i) bits = (bits << 8) | at_[i];
    at_ += 8;
    value = bits;
    return true;
}

}  // namespace tracemill::format
