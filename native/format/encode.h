// The encodings that the writer and the outcome share. All write without a bound: the caller has made room.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "record.h"
#include "stream.h"
#include "varint.h"

namespace tracemill::format {

inline uint8_t* put_tag(uint8_t* at, Tag tag) noexcept {
    *at = static_cast<uint8_t>(tag);
    return at + 1;
}

// Needs kMaxVarintSize + text.size() bytes.
inline uint8_t* put_text(uint8_t* at, std::string_view text) noexcept {
    at = put_varint(at, text.size());
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

// What an OUTPUT or STREAM needs besides its bytes.
inline constexpr uint64_t kMaxStreamOverhead = 2 + kMaxVarintSize;

inline uint8_t* put_stream(uint8_t* at, Tag tag, Stream stream, std::string_view bytes) noexcept {
    at = put_tag(at, tag);
    *at++ = static_cast<uint8_t>(stream);
    return put_text(at, bytes);
}

// What a VALUE needs besides its repr.
inline constexpr uint64_t kMaxValueOverhead = 2 + 4 * kMaxVarintSize;

inline uint8_t* put_value(uint8_t* at, uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length,
                          uint64_t identity) noexcept {
    at = put_varint(put_tag(at, Tag::kValue), type_id);
    *at++ = flags;
    at = put_text(at, repr);
    if ((flags & kValueHasLength) != 0) at = put_varint(at, zigzag(length));
    if ((flags & kValueHasIdentity) != 0) at = put_varint(at, identity);
    return at;
}

inline uint8_t* put_header(uint8_t* at, uint8_t python_minor, uint8_t flags) noexcept {
    std::memcpy(at, kRecordMagic, sizeof kRecordMagic);
    at[4] = kFormatVersion;
    at[5] = python_minor;
    at[6] = flags;
    return at + kRecordHeaderSize;
}

}  // namespace tracemill::format
