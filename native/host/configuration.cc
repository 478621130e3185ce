#include "host/configuration.h"

#include "host/frames.h"
#include "wire/payload_reader.h"

#include <algorithm>
#include <string_view>

namespace tracemill::host {

namespace {

// A record must fit a frame together with the few bytes before it.
constexpr uint64_t kLargestRecord = UINT32_MAX - (1u << 20);
constexpr uint64_t kSmallestRecord = 1u << 16;
constexpr uint64_t kMostTexts = 10'000;
// In nanoseconds it must stay far from wrapping around.
constexpr uint64_t kLongestTimeoutMs = 1'000'000'000'000;

constexpr uint64_t kMostScratchBytes = uint64_t{1} << 40;

// Reads fields in order; the first one that is missing or out of range throws.
class FieldReader {
  public:
    explicit FieldReader(std::string_view payload) : in_(payload) {}

    uint64_t number(const char* what, uint64_t most = UINT64_MAX) {
        uint64_t value;
        if (!in_.varint(value)) throw ProtocolError(std::string("the configuration ends before its ") + what);
        if (value > most)
            throw ProtocolError(std::string("the configuration's ") + what + " is " + std::to_string(value) +
                                ", at most " + std::to_string(most));
        return value;
    }
    uint32_t choice(const char* what, uint32_t most) { return static_cast<uint32_t>(number(what, most)); }
    std::string text(const char* what) {
        std::string_view value;
        if (!in_.bytes(value)) throw ProtocolError(std::string("the configuration ends before its ") + what);
        return std::string(value);
    }
    std::vector<std::string> texts(const char* what) {
        std::vector<std::string> values;
        for (uint64_t left = number(what, kMostTexts); left > 0; left--) values.push_back(text(what));
        return values;
    }
    bool at_end() const { return in_.at_end(); }

  private:
    wire::PayloadReader in_;
};

}  // namespace

Configuration decode_configuration(std::span<const uint8_t> payload) {
    FieldReader in(std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size()));
    uint64_t version = in.number("protocol version");
    if (version != kProtocolVersion)
        throw ProtocolError("Node speaks protocol version " + std::to_string(version) + ", tracemill-host version " +
                            std::to_string(kProtocolVersion) + ": build the native parts again (npm run build:native)");
    Configuration c{};
    c.isolation = static_cast<Isolation>(in.choice("isolation", static_cast<uint32_t>(Isolation::kFork)));
    c.timeout_ms = in.number("timeout", kLongestTimeoutMs);
    c.options.max_events = in.number("max events");
    c.options.max_output_bytes = in.number("max output bytes");
    c.options.max_memory_bytes = in.number("max memory bytes");
    c.options.max_value_chars = in.number("max value chars");
    c.options.seed = in.number("seed");
    c.options.scope = in.choice("scope", TM_SCOPE_ALL);
    c.options.objects = in.choice("objects", TM_OBJECTS_REPR);
    c.options.mode = in.choice("mode", TM_MODE_EMPTY_HOOK);
    c.options.timings = in.choice("timings", 1);
    c.options.show_module_values = in.choice("show module values", 1);
    c.options.threads = in.choice("threads", TM_THREADS_MAIN);
    c.options.skip_loops = in.choice("loops", 1);
    c.options.loop_head = std::max<uint64_t>(1, in.number("loop head"));
    c.options.loop_tail = std::max<uint64_t>(1, in.number("loop tail"));
    c.options.trusted = 0;
    c.max_record_bytes = std::clamp(in.number("max record bytes"), kSmallestRecord, kLargestRecord);
    c.options.max_recorder_bytes = in.number("max recorder bytes");
    c.options.max_recording_ns = std::max<uint64_t>(1, in.number("max recording time", kLongestTimeoutMs)) * 1'000'000;
    c.executable = in.text("executable");
    c.core_library = in.text("core library");
    c.libpython = in.text("libpython");
    c.preload = in.texts("preloads");
    c.readable = in.texts("readable paths");
    c.scratch_bytes = in.number("scratch bytes", kMostScratchBytes);
    c.options.scratch = c.scratch_bytes != 0 ? 1 : 0;
    c.require_sandbox = in.number("requirement of a sandbox", 1) != 0;
    if (!in.at_end()) throw ProtocolError("the configuration has bytes after its end");
    return c;
}

}  // namespace tracemill::host
