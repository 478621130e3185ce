#include "generated_record.h"

#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "format/writer.h"
#include "mulberry32.h"

namespace tracemill::test {

namespace {

using format::Ref;

// Bytes of a record and how the dump prints them between quotes and outside of them.
struct Text {
    const char* raw;
    const char* plain;
    const char* quoted;
};

constexpr Text kTexts[] = {
    {"", "", ""},
    {"x", "x", "x"},
    {"total_count", "total_count", "total_count"},
    {"h\xc3\xa4lt\n", "h\xc3\xa4lt\\n", "h\xc3\xa4lt\\n"},
    {"a\"b\\c", "a\"b\\c", "a\\\"b\\\\c"},
    {"\x01\x7f\t\r", "\\x01\\x7f\\t\\r", "\\x01\\x7f\\t\\r"},
    {"\xed\xa0\xbd\xed\xb8\x80", "\\ud83d\\ude00", "\\ud83d\\ude00"},
    {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    {"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]",
     "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]",
     "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]"},
};
constexpr const char* kKinds[] = {"call", "line", "return", "yield", "resume", "exception"};

constexpr std::pair<double, const char*> kReals[] = {
    {0.1, "0.1"},
    {-0.0, "-0.0"},
    {1e16, "1e+16"},
    {-1.5e-7, "-1.5e-07"},
    {123456.0, "123456.0"},
    {std::numeric_limits<double>::infinity(), "inf"},
    {std::numeric_limits<double>::quiet_NaN(), "nan"},
};

struct PrintedRef {
    Ref ref;
    std::string text;
};

// As an exception's value stands in the dump.
std::string known(const PrintedRef& value) { return value.text == "unbound" ? "" : " -> " + value.text; }

struct Frame {
    const Text* function;
    uint32_t parent;
    bool entered = false;
};

class Generator {
  public:
    Generator(Arena& arena, uint32_t seed)
        : random_(seed), writer_(arena.base(), arena.bytes.size(), &arena.committed) {}

    std::string run() {
        const bool skip = random_.below(2) == 1;
        writer_.begin(12, skip ? format::kRecordLoopsSkipped : 0);
        expected_ = skip ? "record 2 python 3.12 loops skip\n" : "record 2 python 3.12\n";
        const uint32_t steps = 20 + random_.below(60);
        for (uint32_t i = 0; i < steps; ++i) step();
        if (random_.below(4) == 0) {
            expected_ += "incomplete\n";
        } else {
            outcome();
        }
        return expected_;
    }

  private:
    const Text& text() { return kTexts[random_.below(std::size(kTexts))]; }
    uint64_t big() { return (uint64_t{random_.next()} << 32 | random_.next()) >> random_.below(64); }
    int64_t signed_big() {
        const int64_t number = static_cast<int64_t>(big());
        return random_.below(2) == 0 ? number : ~number;
    }

    void step() {
        const uint32_t choice = random_.below(11);
        if (functions_.empty() || choice == 0) {
            code();
        } else if (frames_.empty() || choice == 1) {
            frame();
        } else if (choice == 2) {
            output();
        } else if (choice == 3) {
            elided();
        } else if (choice == 4) {
            thread_ = random_.below(3);
            writer_.thread(thread_);
        } else if (choice == 5) {
            stream_bytes();
        } else {
            event();
        }
    }

    // What the dump has in front of an event or an output on another thread than the one before.
    void thread() {
        if (thread_ != shown_thread_) expected_ += "thread " + std::to_string(thread_) + "\n";
        shown_thread_ = thread_;
    }

    void code() {
        const Text& name = text();
        const uint32_t line = random_.below(1000);
        writer_.code(name.raw, line, static_cast<uint8_t>(random_.below(format::kCodeFlagsMask + 1)));
        functions_.push_back(&name);
    }

    void frame() {
        const uint32_t code = random_.below(static_cast<uint32_t>(functions_.size()));
        const uint32_t count = static_cast<uint32_t>(frames_.size());
        const uint32_t parent = count == 0 || random_.below(3) == 0 ? format::kNoId : random_.below(count);
        writer_.frame(code, parent);
        frames_.push_back(Frame{functions_[code], parent});
    }

    PrintedRef any_ref() {
        switch (random_.below(4)) {
            case 0: {
                const int64_t number = signed_big();
                if (Ref::fits(number)) return {Ref::integer(number), "int " + std::to_string(number)};
                return {Ref::constant(format::RefConstant::kTrue), "bool True"};
            }
            case 1: {
                const auto& [number, printed] = kReals[random_.below(std::size(kReals))];
                return {Ref::real(number), std::string("float ") + printed};
            }
            case 2:
                return {Ref::constant(format::RefConstant::kUnbound), "unbound"};
            default:
                return defined();
        }
    }

    PrintedRef defined() {
        const Text& type = text();
        const Text& repr = text();
        const uint8_t flags = static_cast<uint8_t>(random_.below(format::kValueFlagsMask + 1));
        const int64_t length = signed_big();
        const uint64_t identity = big();
        std::string printed = std::string(type.plain) + " " + repr.plain;
        if ((flags & format::kValueCut) != 0) printed += " cut";
        if ((flags & format::kValueHasEnd) != 0) printed += " end";
        if ((flags & format::kValueFailed) != 0) printed += " failed";
        if ((flags & format::kValueHasLength) != 0) printed += " len=" + std::to_string(length);
        if ((flags & format::kValueHasIdentity) != 0) printed += " id=" + std::to_string(identity);
        return {writer_.value(writer_.type(type.raw), flags, repr.raw, length, identity), printed};
    }

    void event() {
        const uint32_t frame_id = random_.below(static_cast<uint32_t>(frames_.size()));
        Frame& frame = frames_[frame_id];
        const uint32_t kind = random_.below(format::kEventKindCount);
        const uint32_t line = random_.below(8) == 0 ? INT32_MAX : random_.below(2000);
        thread();
        expected_ += std::string(kKinds[kind]) + " #" + std::to_string(frame_id) + " " + frame.function->plain + ":" +
                     std::to_string(line);
        if (!frame.entered && frame.parent != format::kNoId) expected_ += " parent #" + std::to_string(frame.parent);
        frame.entered = true;

        writer_.begin_event(static_cast<format::EventKind>(kind), frame_id, line);
        for (uint32_t i = random_.below(4); i > 0; --i) {
            const Text& name = text();
            const uint32_t name_id = writer_.name(name.raw);
            const PrintedRef value = any_ref();
            writer_.change(name_id, value.ref);
            expected_ += std::string(" | ") + name.plain + ": " + value.text;
        }
        if (static_cast<format::EventKind>(kind) == format::EventKind::kException) {
            const Text& type = text();
            const Text& message = text();
            const PrintedRef value = any_ref();
            writer_.payload_exception(writer_.type(type.raw), message.raw, value.ref);
            expected_ += std::string(" !! ") + type.plain + " \"" + message.quoted + "\"" + known(value);
        } else if (static_cast<format::EventKind>(kind) == format::EventKind::kYield ||
                   (static_cast<format::EventKind>(kind) == format::EventKind::kReturn && random_.below(3) != 0)) {
            const PrintedRef value = any_ref();
            writer_.payload_value(value.ref);
            expected_ += " -> " + value.text;
        } else if (static_cast<format::EventKind>(kind) == format::EventKind::kReturn) {
            expected_ += " unwound";
        }
        writer_.end_event();
        expected_ += "\n";
    }

    void output() {
        const Text& written = text();
        const bool error = random_.below(2) == 1;
        thread();
        writer_.output(error ? format::Stream::kStderr : format::Stream::kStdout, written.raw);
        expected_ += std::string(error ? "output stderr \"" : "output stdout \"") + written.quoted + "\"\n";
    }

    void stream_bytes() {
        const Text& written = text();
        const bool error = random_.below(2) == 1;
        // Two bytes that end no text and start none.
        writer_.stream_bytes(error ? format::Stream::kStderr : format::Stream::kStdout,
                             std::string(written.raw) + "\xff\x80");
        expected_ += std::string(error ? "stream stderr \"" : "stream stdout \"") + written.quoted + "\\xff\\x80\"\n";
    }

    void elided() {
        const uint32_t frame_id = random_.below(static_cast<uint32_t>(frames_.size()));
        const uint32_t line = random_.below(100);
        const uint64_t first = 1 + random_.below(10);
        const uint64_t count = 1 + (big() >> 1);
        const uint64_t events = big();
        writer_.elided(frame_id, line, first, count, events);
        expected_ += "elided #" + std::to_string(frame_id) + " loop " + std::to_string(line) + " iterations " +
                     std::to_string(first) + " to " + std::to_string(first + count - 1) + " events " +
                     std::to_string(events) + "\n";
    }

    void outcome() {
        constexpr const char* kStatuses[] = {"ok",           "exception",   "syntax-error", "timeout", "memory-limit",
                                             "output-limit", "event-limit", "denied",       "crash",   "record-limit"};
        const uint32_t status = random_.below(format::kStatusCount);
        format::Outcome outcome;
        outcome.status = static_cast<format::Status>(status);
        std::string tail;
        if (random_.below(2) == 0) {
            const PrintedRef result = any_ref();
            outcome.result = result.ref;
            tail += " | result: " + result.text;
        }
        if (random_.below(2) == 0) {
            const Text& type = text();
            const Text& message = text();
            const PrintedRef value = any_ref();
            outcome.exception = format::OutcomeException{type.raw, message.raw, random_.below(50), value.ref};
            tail += std::string(" | exception: ") + type.plain + " \"" + message.quoted + "\" line " +
                    std::to_string(outcome.exception->line) + known(value);
        }
        if (random_.below(2) == 0) {
            const Text& detail = text();
            outcome.detail = detail.raw;
            tail += std::string(" | detail: \"") + detail.quoted + "\"";
        }
        expected_ += std::string("outcome ") + kStatuses[status];
        const std::pair<const char*, uint64_t*> counts[] = {
            {" events ", &outcome.events},       {" lines ", &outcome.lines}, {" stdout ", &outcome.stdout_bytes},
            {" stderr ", &outcome.stderr_bytes}, {" cpu ", &outcome.cpu_ns},  {" wall ", &outcome.wall_ns}};
        for (const auto& [label, count] : counts) {
            *count = big();
            expected_ += label + std::to_string(*count);
        }
        writer_.outcome(outcome);
        expected_ += tail + "\n";
    }

    Mulberry32 random_;
    format::RecordWriter writer_;
    std::string expected_;
    std::vector<const Text*> functions_;  // by code id
    std::vector<Frame> frames_;
    uint32_t thread_ = 0;
    uint32_t shown_thread_ = 0;
};

}  // namespace

std::string generate(Arena& arena, uint32_t seed) { return Generator(arena, seed).run(); }

}  // namespace tracemill::test
