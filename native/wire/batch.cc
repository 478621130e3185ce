#include "wire/batch.h"

#include <unordered_set>

#include "wire/payload_reader.h"

namespace tracemill::wire {

namespace {

constexpr uint8_t kAllFlags = kItemHasEntry | kItemHasStdin | kItemHasArgv;
constexpr uint64_t kLeastItemBytes = 2;  // source index and flags

// The data pointer is never null, also for an empty text: null says that the text is absent.
bool read_text(PayloadReader& reader, tm_text& text) {
    std::string_view bytes;
    if (!reader.bytes(bytes)) return false;
    text = {bytes.data(), bytes.size()};
    return true;
}

bool read_texts(PayloadReader& reader, std::vector<tm_text>& texts) {
    uint64_t count = 0;
    if (!reader.count(count, 1)) return false;
    texts.resize(count);
    for (tm_text& text : texts) {
        if (!read_text(reader, text)) return false;
    }
    return true;
}

// False when the payload ends or lies; `problem` says more where more is known.
bool read_item(PayloadReader& reader, const std::vector<tm_text>& sources, Batch& batch, std::string& problem) {
    uint64_t source = 0;
    uint8_t flags = 0;
    if (!reader.varint(source) || !reader.byte(flags)) return false;
    if (source >= sources.size()) {
        problem = "names source " + std::to_string(source) + " of " + std::to_string(sources.size());
        return false;
    }
    if ((flags & ~kAllFlags) != 0) {
        problem = "has unknown flags " + std::to_string(flags);
        return false;
    }
    tm_program program{};
    program.code = sources[source];
    if ((flags & kItemHasEntry) != 0 && !read_text(reader, program.entry)) return false;
    if ((flags & kItemHasStdin) != 0 && !read_text(reader, program.stdin_text)) return false;
    if ((flags & kItemHasArgv) != 0) {
        std::vector<tm_text>& argv = batch.arguments.emplace_back();
        if (!read_texts(reader, argv)) return false;
        program.argv = argv.data();
        program.argc = argv.size();
    }
    batch.programs.push_back(program);
    return true;
}

void mark_repeated_code(std::vector<tm_program>& programs) {
    std::unordered_set<const char*> later;
    for (auto program = programs.rbegin(); program != programs.rend(); ++program) {
        program->code_comes_again = later.insert(program->code.data).second ? 0 : 1;
    }
}

}  // namespace

bool decode_batch(std::string_view payload, Batch& batch, std::string& error) {
    PayloadReader reader(payload);
    std::vector<tm_text> sources;
    batch = Batch();
    if (!reader.varint(batch.sequence)) {
        error = "batch: the sequence number is cut short";
        return false;
    }
    if (!read_texts(reader, sources)) {
        error = "batch: the sources are cut short";
        return false;
    }
    uint64_t count = 0;
    if (!reader.count(count, kLeastItemBytes)) {
        error = "batch: more items are announced than the bytes that follow could hold";
        return false;
    }
    for (uint64_t i = 0; i < count; ++i) {
        std::string problem = "is cut short";
        if (!read_item(reader, sources, batch, problem)) {
            error = "batch: item " + std::to_string(i) + " of " + std::to_string(count) + " " + problem;
            return false;
        }
    }
    if (!reader.at_end()) {
        error = "batch: bytes follow the last item";
        return false;
    }
    mark_repeated_code(batch.programs);
    return true;
}

}  // namespace tracemill::wire
