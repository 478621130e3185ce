#include "writer.h"

#include "encode.h"
#include "outcome_writer.h"

namespace tracemill::format {

namespace {

constexpr uint64_t kMaxThreadSize = 1 + kMaxVarintSize;
// An event's thread, tag, frame, line delta and number of changes.
constexpr uint64_t kMaxEventHead = kMaxThreadSize + 1 + 3 * kMaxVarintSize;

}  // namespace

RecordWriter::RecordWriter(uint8_t* base, uint64_t capacity, uint64_t* committed) noexcept
    : base_(base), capacity_(capacity), limit_(capacity > kOutcomeReserve ? capacity - kOutcomeReserve : 0),
      committed_(committed),
      interned_(reinterpret_cast<uintptr_t>(this) * 0x9e3779b97f4a7c15u ^ reinterpret_cast<uintptr_t>(base)) {}

void RecordWriter::fail() noexcept {
    full_ = true;
    position_ = published_;
    types_ = published_types_;
    values_ = published_values_;
}

bool RecordWriter::begin(uint8_t python_minor, uint8_t flags) noexcept {
    if (capacity_ < kRecordHeaderSize) {
        fail();
        return false;
    }
    put_header(base_, python_minor, flags);
    position_ = kRecordHeaderSize;
    if (limit_ < position_) limit_ = position_;
    publish();
    return true;
}

uint32_t RecordWriter::intern(uint8_t* end, uint32_t& count) noexcept {
    const size_t size = static_cast<size_t>(end - (base_ + position_));
    const uint32_t id = interned_.find_or_add(base_, position_, size, count);
    if (id == kNoId) {
        fail();
        return kNoId;
    }
    if (id == count) {
        ++count;
        position_ += size;
    }
    return id;
}

uint32_t RecordWriter::text_definition(Tag tag, std::string_view text, uint32_t& count) noexcept {
    if (!room(1 + kMaxVarintSize + text.size())) return kNoId;
    return intern(put_text(put_tag(base_ + position_, tag), text), count);
}

uint32_t RecordWriter::name(std::string_view text) noexcept { return text_definition(Tag::kName, text, names_); }

uint32_t RecordWriter::type(std::string_view text) noexcept { return text_definition(Tag::kType, text, types_); }

Ref RecordWriter::value(uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length,
                        uint64_t identity) noexcept {
    if (!room(kMaxValueOverhead + repr.size())) return Ref::value(kNoId);
    return Ref::value(intern(put_value(base_ + position_, type_id, flags, repr, length, identity), values_));
}

uint32_t RecordWriter::code(std::string_view qualified_name, uint32_t first_line, uint8_t flags) noexcept {
    if (!room(2 + 2 * kMaxVarintSize + qualified_name.size())) return kNoId;
    if (!first_lines_.push(first_line)) {
        fail();
        return kNoId;
    }
    uint8_t* at = put_text(put_tag(base_ + position_, Tag::kCode), qualified_name);
    at = put_varint(at, first_line);
    *at++ = flags;
    position_ = static_cast<uint64_t>(at - base_);
    return static_cast<uint32_t>(first_lines_.size() - 1);
}

uint32_t RecordWriter::frame(uint32_t code_id, uint32_t parent_frame) noexcept {
    if (!room(1 + 2 * kMaxVarintSize)) return kNoId;
    if (!last_lines_.push(first_lines_[code_id])) {
        fail();
        return kNoId;
    }
    uint8_t* at = put_varint(put_tag(base_ + position_, Tag::kFrame), code_id);
    at = put_varint(at, parent_frame == kNoId ? 0 : uint64_t{parent_frame} + 1);
    position_ = static_cast<uint64_t>(at - base_);
    return static_cast<uint32_t>(last_lines_.size() - 1);
}

void RecordWriter::payload_value(const Ref& ref) noexcept {
    if (!event_.payload.reserve_more(kMaxRefSize)) {
        fail();
        return;
    }
    event_.payload.set_size(static_cast<size_t>(put_ref(event_.payload.data(), ref) - event_.payload.data()));
    event_.has_payload = true;
}

void RecordWriter::payload_exception(uint32_t type_id, std::string_view message, const Ref& value) noexcept {
    if (!event_.payload.reserve_more(2 * kMaxVarintSize + message.size() + kMaxRefSize)) {
        fail();
        return;
    }
    uint8_t* at = put_ref(put_text(put_varint(event_.payload.data(), type_id), message), value);
    event_.payload.set_size(static_cast<size_t>(at - event_.payload.data()));
    event_.has_payload = true;
}

uint8_t* RecordWriter::put_thread(uint8_t* at) noexcept {
    if (thread_ == written_thread_) [[likely]]
        return at;
    written_thread_ = thread_;
    return put_varint(put_tag(at, Tag::kThread), thread_);
}

bool RecordWriter::end_event() noexcept {
    if (!room(kMaxEventHead + event_.changes.size() + event_.payload.size())) return false;
    const bool other_frame = event_.frame != event_frame_;
    uint8_t tag = kEventBit | static_cast<uint8_t>(event_.kind);
    if (other_frame) tag |= kEventOtherFrame;
    if (event_.change_count != 0) tag |= kEventHasChanges;
    if (event_.has_payload) tag |= kEventHasPayload;

    uint8_t* at = put_thread(base_ + position_);
    *at++ = tag;
    if (other_frame) at = put_varint(at, event_.frame);
    at = put_varint(at, zigzag(int64_t{event_.line} - int64_t{last_lines_[event_.frame]}));
    if (event_.change_count != 0) {
        at = put_varint(at, event_.change_count);
        std::memcpy(at, event_.changes.data(), event_.changes.size());
        at += event_.changes.size();
    }
    if (event_.has_payload) {
        std::memcpy(at, event_.payload.data(), event_.payload.size());
        at += event_.payload.size();
    }
    position_ = static_cast<uint64_t>(at - base_);
    last_lines_[event_.frame] = event_.line;
    event_frame_ = event_.frame;
    publish();
    return true;
}

bool RecordWriter::stream_operation(Tag tag, Stream stream, std::string_view bytes) noexcept {
    if (!room(kMaxThreadSize + kMaxStreamOverhead + bytes.size())) return false;
    uint8_t* at = base_ + position_;
    if (tag == Tag::kOutput) at = put_thread(at);
    position_ = static_cast<uint64_t>(put_stream(at, tag, stream, bytes) - base_);
    publish();
    return true;
}

bool RecordWriter::output(Stream stream, std::string_view text) noexcept {
    return stream_operation(Tag::kOutput, stream, text);
}

bool RecordWriter::stream_bytes(Stream stream, std::string_view bytes) noexcept {
    return stream_operation(Tag::kStreamBytes, stream, bytes);
}

bool RecordWriter::elided(uint32_t frame_id, uint32_t loop_line, uint64_t first_iteration, uint64_t count,
                          uint64_t events) noexcept {
    if (!room(1 + 5 * kMaxVarintSize)) return false;
    uint8_t* at = put_tag(base_ + position_, Tag::kElided);
    for (const uint64_t field : {uint64_t{frame_id}, uint64_t{loop_line}, first_iteration, count, events}) {
        at = put_varint(at, field);
    }
    position_ = static_cast<uint64_t>(at - base_);
    publish();
    return true;
}

bool RecordWriter::outcome(const Outcome& outcome) noexcept {
    if (published_ < kRecordHeaderSize || finished_) return false;
    // What still fits is interned like any other value; what does not is defined, cut, by write_outcome().
    Outcome known = outcome;
    if (const ValueText* text = std::get_if<ValueText>(&outcome.result); text != nullptr && !full_) {
        const Ref ref = value(type(text->type), text->flags, text->repr, text->length, text->identity);
        if (!full_) known.result = ref;
    }
    uint32_t exception_type = kNoId;
    if (outcome.exception && !full_) exception_type = type(outcome.exception->type);
    // The exception's type may have been what filled the record, and the result went with it.
    if (full_) {
        known.result = outcome.result;
        exception_type = kNoId;
    }
    RecordEnd end{base_, capacity_, position_, types_, values_};
    if (!write_outcome(end, known, exception_type)) return false;
    position_ = end.position;
    types_ = end.types;
    values_ = end.values;
    publish();
    full_ = true;
    finished_ = true;
    return true;
}

}  // namespace tracemill::format
