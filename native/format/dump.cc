#include "dump.h"

#include <utility>

#include "python_float.h"
#include "reader.h"
#include "utf8.h"

namespace tracemill::format {

namespace {

constexpr size_t kPieceSize = 64 * 1024;

constexpr const char* kKindNames[kEventKindCount] = {"call", "line", "return", "yield", "resume", "exception"};
constexpr const char* kStatusNames[kStatusCount] = {"ok",           "exception",    "syntax-error", "timeout",
                                                    "memory-limit", "output-limit", "event-limit",  "denied",
                                                    "crash",        "record-limit"};

constexpr char kDigits[] = "0123456789abcdef";

enum class Quote : bool { kNo, kYes };

class Dumper {
  public:
    Dumper(const RecordReader& reader, const std::function<void(std::string_view)>& sink)
        : reader_(reader), sink_(sink) {}

    void header();
    void event();
    void exception(const Ref& ref);
    void output();
    void stream_bytes();
    void elided();
    void thread();
    void outcome();
    void incomplete() { put("incomplete\n"); }
    void flush() {
        if (!text_.empty()) sink_(text_);
        text_.clear();
    }

  private:
    void put(std::string_view text) { text_ += text; }
    void number(uint64_t value) { text_ += std::to_string(value); }
    void number(int64_t value) { text_ += std::to_string(value); }
    void escaped(std::string_view text, Quote quote);
    void escaped_byte(uint8_t byte);
    void quoted(std::string_view text) {
        put("\"");
        escaped(text, Quote::kYes);
        put("\"");
    }
    void value(const Ref& ref);
    void defined_value(const ValueView& value);

    const RecordReader& reader_;
    const std::function<void(std::string_view)>& sink_;
    std::string text_;
};

void Dumper::escaped_byte(uint8_t byte) {
    put("\\x");
    text_ += kDigits[byte >> 4];
    text_ += kDigits[byte & 15];
}

void Dumper::escaped(std::string_view text, Quote quote) {
    for (size_t i = 0; i < text.size(); ++i) {
        const uint8_t byte = static_cast<uint8_t>(text[i]);
        if (byte == '\n') {
            put("\\n");
        } else if (byte == '\r') {
            put("\\r");
        } else if (byte == '\t') {
            put("\\t");
        } else if (byte < 0x20 || byte == 0x7f) {
            escaped_byte(byte);
        } else if (quote == Quote::kYes && (byte == '"' || byte == '\\')) {
            text_ += '\\';
            text_ += static_cast<char>(byte);
        } else if (byte == 0xed && i + 2 < text.size() && static_cast<uint8_t>(text[i + 1]) >= 0xa0) {
            // A surrogate: the reader has seen that the text is generalised UTF-8.
            const unsigned point = 0xd000u | (static_cast<unsigned>(text[i + 1]) & 0x3f) << 6 |
                                   (static_cast<unsigned>(text[i + 2]) & 0x3f);
            put("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) text_ += kDigits[point >> shift & 15];
            i += 2;
        } else {
            text_ += static_cast<char>(byte);
        }
    }
    if (text_.size() >= kPieceSize) flush();
}

void Dumper::defined_value(const ValueView& value) {
    escaped(reader_.types()[value.type], Quote::kNo);
    put(" ");
    escaped(value.repr, Quote::kNo);
    if ((value.flags & kValueCut) != 0) put(" cut");
    if ((value.flags & kValueHasEnd) != 0) put(" end");
    if ((value.flags & kValueFailed) != 0) put(" failed");
    if ((value.flags & kValueHasLength) != 0) {
        put(" len=");
        number(value.length);
    }
    if ((value.flags & kValueHasIdentity) != 0) {
        put(" id=");
        number(value.identity);
    }
}

void Dumper::value(const Ref& ref) {
    constexpr const char* kConstants[kRefConstantCount] = {"unbound", "NoneType None", "bool True", "bool False"};
    char real[kMaxFloatText];
    switch (ref.kind()) {
        case RefKind::kValue:
            defined_value(reader_.values()[ref.value_id()]);
            break;
        case RefKind::kInteger:
            put("int ");
            number(ref.as_integer());
            break;
        case RefKind::kReal:
            put("float ");
            put(std::string_view(real, python_float_repr(ref.number, real)));
            break;
        case RefKind::kConstant:
            put(kConstants[static_cast<size_t>(ref.as_constant())]);
            break;
    }
}

void Dumper::header() {
    put("record ");
    number(uint64_t{kFormatVersion});
    put(" python 3.");
    number(uint64_t{reader_.python_minor()});
    if ((reader_.flags() & kRecordLoopsSkipped) != 0) put(" loops skip");
    put("\n");
}

void Dumper::event() {
    const EventView& event = reader_.event();
    const FrameView& frame = reader_.frames()[event.frame];
    put(kKindNames[static_cast<size_t>(event.kind)]);
    put(" #");
    number(uint64_t{event.frame});
    put(" ");
    escaped(reader_.codes()[frame.code].qualified_name, Quote::kNo);
    put(":");
    number(uint64_t{event.line});
    if (event.first_of_frame && frame.parent != kNoId) {
        put(" parent #");
        number(uint64_t{frame.parent});
    }
    for (const Change& change : event.changes) {
        put(" | ");
        escaped(reader_.names()[change.name], Quote::kNo);
        put(": ");
        value(change.ref);
    }
    if (event.kind == EventKind::kException) {
        put(" !! ");
        escaped(reader_.types()[event.exception_type], Quote::kNo);
        put(" ");
        quoted(event.message);
        exception(event.value);
    } else if (event.has_payload) {
        put(" -> ");
        value(event.value);
    } else if (event.kind == EventKind::kReturn) {
        put(" unwound");
    }
    put("\n");
}

// The exception itself, where it is known.
void Dumper::exception(const Ref& ref) {
    if (ref == Ref()) return;
    put(" -> ");
    value(ref);
}

void Dumper::output() {
    const OutputView& output = reader_.output();
    put(output.stream == Stream::kStdout ? "output stdout " : "output stderr ");
    quoted(output.text);
    put("\n");
}

void Dumper::stream_bytes() {
    const StreamBytesView& written = reader_.stream_bytes();
    put(written.stream == Stream::kStdout ? "stream stdout \"" : "stream stderr \"");
    std::string_view rest = written.bytes;
    while (!rest.empty()) {
        const size_t valid = utf8_valid_size(rest);
        escaped(rest.substr(0, valid), Quote::kYes);
        if (valid == rest.size()) break;
        escaped_byte(static_cast<uint8_t>(rest[valid]));
        rest.remove_prefix(valid + 1);
    }
    put("\"\n");
}

void Dumper::elided() {
    const ElidedView& elided = reader_.elided();
    put("elided #");
    number(uint64_t{elided.frame});
    put(" loop ");
    number(uint64_t{elided.loop_line});
    put(" iterations ");
    number(elided.first_iteration);
    put(" to ");
    number(elided.first_iteration + (elided.count - 1));
    put(" events ");
    number(elided.events);
    put("\n");
}

void Dumper::thread() {
    put("thread ");
    number(uint64_t{reader_.thread()});
    put("\n");
}

void Dumper::outcome() {
    const OutcomeView& outcome = reader_.outcome();
    put("outcome ");
    put(kStatusNames[static_cast<size_t>(outcome.status)]);
    const std::pair<const char*, uint64_t> counts[] = {
        {" events ", outcome.events},       {" lines ", outcome.lines}, {" stdout ", outcome.stdout_bytes},
        {" stderr ", outcome.stderr_bytes}, {" cpu ", outcome.cpu_ns},  {" wall ", outcome.wall_ns}};
    for (const auto& [label, count] : counts) {
        put(label);
        number(count);
    }
    if ((outcome.flags & kOutcomeHasResult) != 0) {
        put(" | result: ");
        value(outcome.result);
    }
    if ((outcome.flags & kOutcomeHasException) != 0) {
        put(" | exception: ");
        escaped(reader_.types()[outcome.exception_type], Quote::kNo);
        put(" ");
        quoted(outcome.message);
        put(" line ");
        number(uint64_t{outcome.line});
        exception(outcome.exception);
    }
    if ((outcome.flags & kOutcomeHasDetail) != 0) {
        put(" | detail: ");
        quoted(outcome.detail);
    }
    put("\n");
}

}  // namespace

std::optional<RecordError> dump(std::span<const uint8_t> record, const std::function<void(std::string_view)>& sink) {
    RecordReader reader(record);
    if (const RecordError* error = reader.error()) return *error;
    Dumper dumper(reader, sink);
    dumper.header();
    while (const std::optional<OperationKind> kind = reader.next()) {
        switch (*kind) {
            case OperationKind::kDefinition:
                break;
            case OperationKind::kEvent:
                dumper.event();
                break;
            case OperationKind::kOutput:
                dumper.output();
                break;
            case OperationKind::kStreamBytes:
                dumper.stream_bytes();
                break;
            case OperationKind::kElided:
                dumper.elided();
                break;
            case OperationKind::kThread:
                dumper.thread();
                break;
            case OperationKind::kOutcome:
                dumper.outcome();
                break;
        }
    }
    if (reader.error() == nullptr && !reader.has_outcome()) dumper.incomplete();
    dumper.flush();
    if (const RecordError* error = reader.error()) return *error;
    return std::nullopt;
}

}  // namespace tracemill::format
