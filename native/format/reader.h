// Reads a record that nobody vouches for, one operation at a time. Memory stays proportional to the record's size
// whatever its lengths and counts claim, nothing recurses, and all texts are views into the record.
//
// What makes a record invalid, besides bytes that end inside an operation:
//   - another magic or version, record flags that have no meaning
//   - a tag without meaning: an event kind past the last, bit 7 set, an unknown definition
//   - an id that is not defined yet; CODE, VALUE or OUTCOME flags that have no meaning
//   - a text that is not generalised UTF-8
//   - a line (of a code, an event, a loop, an exception) outside 0 .. kMaxLine
//   - the first event without a frame; a payload on a call, line or resume; none on a yield or exception
//   - a Ref of a float with other bits set, or of a constant past the last; a payload may be the unbound constant
//   - an OUTPUT or STREAM of another stream than 1 or 2; a status past the last
//   - a thread past kMaxThread
//   - an elision of iteration 0, of no iteration, or whose last iteration passes 64 bits
//   - anything behind the outcome
// Valid though a writer does not do it: padded varints of at most 10 bytes, equal definitions, zero changes, the same
// name twice among the changes of one event (both are kept, in order), an event that repeats the frame, a thread that
// repeats the last one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "byte_cursor.h"
#include "record.h"
#include "ref.h"
#include "stream.h"

namespace tracemill::format {

inline constexpr int64_t kMaxLine = INT32_MAX;
inline constexpr uint64_t kMaxThread = INT32_MAX;

struct ValueView {
    uint32_t type = 0;
    uint8_t flags = 0;  // ValueFlags
    std::string_view repr;
    int64_t length = 0;
    uint64_t identity = 0;
};

struct CodeView {
    std::string_view qualified_name;
    uint32_t first_line = 0;
    uint8_t flags = 0;  // CodeFlags
};

struct FrameView {
    uint32_t code = 0;
    uint32_t parent = kNoId;
    uint32_t line = 0;     // of its last event; the code's first line before
    bool entered = false;  // had an event
};

struct Change {
    uint32_t name;
    Ref ref;
};

struct EventView {
    EventKind kind = EventKind::kLine;
    uint32_t frame = 0;
    uint32_t line = 0;
    bool first_of_frame = false;
    bool has_payload = false;
    std::vector<Change> changes;
    Ref value;                    // return and yield with a payload, exception
    uint32_t exception_type = 0;  // exception
    std::string_view message;     // exception
};

struct OutputView {
    Stream stream = Stream::kStdout;
    std::string_view text;
};

struct StreamBytesView {
    Stream stream = Stream::kStdout;
    std::string_view bytes;
};

struct ElidedView {
    uint32_t frame = 0;
    uint32_t loop_line = 0;
    uint64_t first_iteration = 0;
    uint64_t count = 0;
    uint64_t events = 0;
};

struct OutcomeView {
    Status status = Status::kOk;
    uint8_t flags = 0;  // OutcomeFlags: which of the next are meant
    Ref result;
    uint32_t exception_type = 0;
    std::string_view message;
    uint32_t line = 0;  // 0 = not in the program
    Ref exception;
    std::string_view detail;
    uint64_t events = 0;
    uint64_t lines = 0;
    uint64_t stdout_bytes = 0;
    uint64_t stderr_bytes = 0;
    uint64_t cpu_ns = 0;
    uint64_t wall_ns = 0;
};

enum class OperationKind : uint8_t { kDefinition, kEvent, kOutput, kStreamBytes, kElided, kThread, kOutcome };

class RecordReader {
  public:
    // Reads the header. The bytes must outlive the reader and stay as they are.
    explicit RecordReader(std::span<const uint8_t> bytes);

    // Set by the constructor or by next(); final.
    const RecordError* error() const { return cursor_.failed() ? &cursor_.error() : nullptr; }
    uint8_t python_minor() const { return python_minor_; }
    uint8_t flags() const { return flags_; }

    // Reads one operation; nothing at the end of the record and after an error. event(), output(), stream_bytes(),
    // elided() and outcome() hold the last one of their kind.
    std::optional<OperationKind> next();
    // End of the last complete operation (or of the header; 0 when that is bad).
    uint64_t offset() const { return complete_; }
    bool has_outcome() const { return has_outcome_; }

    const EventView& event() const { return event_; }
    const OutputView& output() const { return output_; }
    const StreamBytesView& stream_bytes() const { return stream_bytes_; }
    const ElidedView& elided() const { return elided_; }
    // Of the events and outputs that follow.
    uint32_t thread() const { return thread_; }
    const OutcomeView& outcome() const { return outcome_; }

    const std::vector<std::string_view>& names() const { return names_; }
    const std::vector<std::string_view>& types() const { return types_; }
    const std::vector<ValueView>& values() const { return values_; }
    const std::vector<CodeView>& codes() const { return codes_; }
    const std::vector<FrameView>& frames() const { return frames_; }

  private:
    void read_header();
    std::optional<OperationKind> read_operation(uint8_t tag);
    bool read_text(std::vector<std::string_view>& table, const char* what);
    bool read_value();
    bool read_code();
    bool read_frame();
    bool read_event(uint8_t tag);
    bool read_payload();
    bool read_output();
    bool read_stream_bytes();
    bool read_stream(Stream& stream, const char* what);
    bool read_elided();
    bool read_thread();
    bool read_outcome();
    bool read_ref(Ref& ref, const char* what);
    bool read_line(uint32_t& line, const char* what);

    ByteCursor cursor_;
    uint64_t complete_ = 0;
    uint8_t python_minor_ = 0;
    uint8_t flags_ = 0;
    bool has_outcome_ = false;
    uint32_t event_frame_ = kNoId;  // of the previous event
    uint32_t thread_ = 0;

    std::vector<std::string_view> names_;
    std::vector<std::string_view> types_;
    std::vector<ValueView> values_;
    std::vector<CodeView> codes_;
    std::vector<FrameView> frames_;
    EventView event_;
    OutputView output_;
    StreamBytesView stream_bytes_;
    ElidedView elided_;
    OutcomeView outcome_;
};

}  // namespace tracemill::format
