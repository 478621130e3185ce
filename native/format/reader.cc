#include "reader.h"

#include <bit>
#include <cstring>
#include <string>

namespace tracemill::format {

namespace {

std::string hexadecimal(uint8_t byte) {
    constexpr char kDigits[] = "0123456789abcdef";
    return std::string("0x") + kDigits[byte >> 4] + kDigits[byte & 15];
}

bool may_have_payload(EventKind kind) {
    return kind == EventKind::kReturn || kind == EventKind::kYield || kind == EventKind::kException;
}

}  // namespace

RecordReader::RecordReader(std::span<const uint8_t> bytes) : cursor_(bytes) { read_header(); }

void RecordReader::read_header() {
    for (const char expected : kRecordMagic) {
        uint8_t byte = 0;
        if (!cursor_.byte(byte, "the header")) return;
        if (byte != static_cast<uint8_t>(expected)) {
            cursor_.fail("not a trace record: it does not start with TMRC");
            return;
        }
    }
    uint8_t version = 0;
    if (!cursor_.byte(version, "the header")) return;
    if (version != kFormatVersion) {
        cursor_.fail("record format version " + std::to_string(version) +
                     " cannot be read: this reader knows version " + std::to_string(kFormatVersion));
        return;
    }
    if (!cursor_.byte(python_minor_, "the header") || !cursor_.byte(flags_, "the header")) return;
    if ((flags_ & ~kRecordLoopsSkipped) != 0) {
        cursor_.fail("record flags " + hexadecimal(flags_) + " have no meaning");
        return;
    }
    complete_ = cursor_.offset();
}

std::optional<OperationKind> RecordReader::next() {
    if (cursor_.failed() || cursor_.done()) return std::nullopt;
    uint8_t tag = 0;
    cursor_.byte(tag, "a tag");
    if (has_outcome_) {
        cursor_.fail("operation " + hexadecimal(tag) + " behind the outcome");
        return std::nullopt;
    }
    const std::optional<OperationKind> kind = read_operation(tag);
    if (kind) complete_ = cursor_.offset();
    return kind;
}

std::optional<OperationKind> RecordReader::read_operation(uint8_t tag) {
    const auto done = [](bool good, OperationKind kind) { return good ? std::optional(kind) : std::nullopt; };
    if ((tag & 0xc0) == kEventBit) return done(read_event(tag), OperationKind::kEvent);
    switch (static_cast<Tag>(tag)) {
        case Tag::kName:
            return done(read_text(names_, "the text of a name"), OperationKind::kDefinition);
        case Tag::kType:
            return done(read_text(types_, "the text of a type"), OperationKind::kDefinition);
        case Tag::kValue:
            return done(read_value(), OperationKind::kDefinition);
        case Tag::kCode:
            return done(read_code(), OperationKind::kDefinition);
        case Tag::kFrame:
            return done(read_frame(), OperationKind::kDefinition);
        case Tag::kOutput:
            return done(read_output(), OperationKind::kOutput);
        case Tag::kStreamBytes:
            return done(read_stream_bytes(), OperationKind::kStreamBytes);
        case Tag::kElided:
            return done(read_elided(), OperationKind::kElided);
        case Tag::kThread:
            return done(read_thread(), OperationKind::kThread);
        case Tag::kOutcome:
            return done(read_outcome(), OperationKind::kOutcome);
    }
    cursor_.fail("tag " + hexadecimal(tag) + " has no meaning");
    return std::nullopt;
}

bool RecordReader::read_text(std::vector<std::string_view>& table, const char* what) {
    std::string_view text;
    if (!cursor_.text(text, what)) return false;
    table.push_back(text);
    return true;
}

bool RecordReader::read_line(uint32_t& line, const char* what) {
    uint64_t raw = 0;
    if (!cursor_.varint(raw, what)) return false;
    if (raw > static_cast<uint64_t>(kMaxLine)) return cursor_.fail(std::string(what) + " is out of range");
    line = static_cast<uint32_t>(raw);
    return true;
}

bool RecordReader::read_value() {
    ValueView value;
    if (!cursor_.below(value.type, types_.size(), "the type of a value")) return false;
    if (!cursor_.byte(value.flags, "the flags of a value")) return false;
    if ((value.flags & ~kValueFlagsMask) != 0) {
        return cursor_.fail("value flags " + hexadecimal(value.flags) + " have no meaning");
    }
    if (!cursor_.text(value.repr, "the repr of a value")) return false;
    if ((value.flags & kValueHasLength) != 0 && !cursor_.zigzag(value.length, "the length of a value")) return false;
    if ((value.flags & kValueHasIdentity) != 0 && !cursor_.varint(value.identity, "the identity of a value")) {
        return false;
    }
    values_.push_back(value);
    return true;
}

bool RecordReader::read_code() {
    CodeView code;
    if (!cursor_.text(code.qualified_name, "the name of a code")) return false;
    if (!read_line(code.first_line, "the first line of a code")) return false;
    if (!cursor_.byte(code.flags, "the flags of a code")) return false;
    if ((code.flags & ~kCodeFlagsMask) != 0) {
        return cursor_.fail("code flags " + hexadecimal(code.flags) + " have no meaning");
    }
    codes_.push_back(code);
    return true;
}

bool RecordReader::read_frame() {
    FrameView frame;
    uint32_t parent = 0;
    if (!cursor_.below(frame.code, codes_.size(), "the code of a frame")) return false;
    if (!cursor_.below(parent, frames_.size() + 1, "the parent of a frame, plus one,")) return false;
    if (parent != 0) frame.parent = parent - 1;
    frame.line = codes_[frame.code].first_line;
    frames_.push_back(frame);
    return true;
}

bool RecordReader::read_ref(Ref& ref, const char* what) {
    uint64_t word = 0;
    if (!cursor_.varint(word, what)) return false;
    ref = Ref{word, 0.0};
    switch (ref.kind()) {
        case RefKind::kValue:
            if (ref.value_id() >= values_.size()) {
                return cursor_.fail(std::string(what) + " is value " + std::to_string(ref.value_id()) + " where " +
                                    std::to_string(values_.size()) + " are defined");
            }
            return true;
        case RefKind::kInteger:
            return true;
        case RefKind::kReal: {
            if (word != static_cast<uint64_t>(RefKind::kReal)) {
                return cursor_.fail(std::string(what) + " is a float with other bits set");
            }
            uint64_t bits = 0;
            if (!cursor_.fixed64(bits, what)) return false;
            ref.number = std::bit_cast<double>(bits);
            return true;
        }
        case RefKind::kConstant:
            break;
    }
    if (word >> 2 >= kRefConstantCount) return cursor_.fail(std::string(what) + " is a constant without meaning");
    return true;
}

bool RecordReader::read_event(uint8_t tag) {
    EventView& event = event_;
    if ((tag & kEventKindMask) >= kEventKindCount) {
        return cursor_.fail("tag " + hexadecimal(tag) + " has no meaning");
    }
    event.kind = static_cast<EventKind>(tag & kEventKindMask);
    event.has_payload = (tag & kEventHasPayload) != 0;
    event.changes.clear();
    if (event.has_payload && !may_have_payload(event.kind)) {
        return cursor_.fail("a call, line or resume event with a payload");
    }
    if (!event.has_payload && may_have_payload(event.kind) && event.kind != EventKind::kReturn) {
        return cursor_.fail("a yield or exception event without a payload");
    }
    event.frame = event_frame_;
    if ((tag & kEventOtherFrame) != 0) {
        if (!cursor_.below(event.frame, frames_.size(), "the frame of an event")) return false;
    } else if (event_frame_ == kNoId) {
        return cursor_.fail("the first event names no frame");
    }

    int64_t delta = 0;
    if (!cursor_.zigzag(delta, "the line of an event")) return false;
    FrameView& frame = frames_[event.frame];
    const int64_t from = frame.line;
    if (delta < -from || delta > kMaxLine - from) return cursor_.fail("the line of an event is out of range");

    if ((tag & kEventHasChanges) != 0) {
        uint64_t count = 0;
        if (!cursor_.varint(count, "the changes of an event")) return false;
        for (uint64_t i = 0; i < count; ++i) {
            Change change;
            if (!cursor_.below(change.name, names_.size(), "the name of a change")) return false;
            if (!read_ref(change.ref, "the value of a change")) return false;
            event.changes.push_back(change);
        }
    }
    if (event.has_payload && !read_payload()) return false;

    event.line = static_cast<uint32_t>(from + delta);
    event.first_of_frame = !frame.entered;
    frame.line = event.line;
    frame.entered = true;
    event_frame_ = event.frame;
    return true;
}

bool RecordReader::read_payload() {
    if (event_.kind != EventKind::kException) return read_ref(event_.value, "the value of an event");
    return cursor_.below(event_.exception_type, types_.size(), "the type of an exception") &&
           cursor_.text(event_.message, "the message of an exception") &&
           read_ref(event_.value, "the exception of an event");
}

bool RecordReader::read_stream(Stream& stream, const char* what) {
    uint8_t number = 0;
    if (!cursor_.byte(number, what)) return false;
    if (number != static_cast<uint8_t>(Stream::kStdout) && number != static_cast<uint8_t>(Stream::kStderr)) {
        return cursor_.fail("output stream " + std::to_string(number) + " has no meaning");
    }
    stream = static_cast<Stream>(number);
    return true;
}

bool RecordReader::read_output() {
    return read_stream(output_.stream, "the stream of an output") &&
           cursor_.text(output_.text, "the text of an output");
}

bool RecordReader::read_stream_bytes() {
    return read_stream(stream_bytes_.stream, "the stream of bytes") &&
           cursor_.bytes(stream_bytes_.bytes, "the content of a stream");
}

bool RecordReader::read_elided() {
    ElidedView& elided = elided_;
    if (!cursor_.below(elided.frame, frames_.size(), "the frame of an elision")) return false;
    if (!read_line(elided.loop_line, "the line of an elision")) return false;
    if (!cursor_.varint(elided.first_iteration, "the first iteration of an elision")) return false;
    if (elided.first_iteration == 0) return cursor_.fail("the first iteration of an elision is 0");
    if (!cursor_.varint(elided.count, "the iterations of an elision")) return false;
    if (elided.count == 0) return cursor_.fail("an elision of no iteration");
    if (elided.count - 1 > UINT64_MAX - elided.first_iteration) {
        return cursor_.fail("the last iteration of an elision has more than 64 bits");
    }
    return cursor_.varint(elided.events, "the events of an elision");
}

bool RecordReader::read_thread() {
    uint64_t number = 0;
    if (!cursor_.varint(number, "the number of a thread")) return false;
    if (number > kMaxThread) return cursor_.fail("the number of a thread is out of range");
    thread_ = static_cast<uint32_t>(number);
    return true;
}

bool RecordReader::read_outcome() {
    OutcomeView outcome;
    uint8_t status = 0;
    if (!cursor_.byte(status, "the status of an outcome")) return false;
    if (status >= kStatusCount) return cursor_.fail("status " + std::to_string(status) + " has no meaning");
    outcome.status = static_cast<Status>(status);
    if (!cursor_.byte(outcome.flags, "the flags of an outcome")) return false;
    if ((outcome.flags & ~kOutcomeFlagsMask) != 0) {
        return cursor_.fail("outcome flags " + hexadecimal(outcome.flags) + " have no meaning");
    }
    if ((outcome.flags & kOutcomeHasResult) != 0 && !read_ref(outcome.result, "the result")) return false;
    if ((outcome.flags & kOutcomeHasException) != 0) {
        if (!cursor_.below(outcome.exception_type, types_.size(), "the type of an exception")) return false;
        if (!cursor_.text(outcome.message, "the message of an exception")) return false;
        if (!read_line(outcome.line, "the line of an exception")) return false;
        if (!read_ref(outcome.exception, "the exception of the outcome")) return false;
    }
    if ((outcome.flags & kOutcomeHasDetail) != 0 && !cursor_.text(outcome.detail, "the detail")) return false;
    for (uint64_t* count : {&outcome.events, &outcome.lines, &outcome.stdout_bytes, &outcome.stderr_bytes,
                            &outcome.cpu_ns, &outcome.wall_ns}) {
        if (!cursor_.varint(*count, "a count of the outcome")) return false;
    }
    outcome_ = outcome;
    has_outcome_ = true;
    return true;
}

}  // namespace tracemill::format
