#include "host/shared_batch.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace tracemill::host {

namespace {

// At the start of the area.
struct Head {
    uint64_t programs;  // offset
    uint64_t count;
    uint64_t end;  // offset behind all
};

constexpr uint64_t aligned(uint64_t offset) { return (offset + 15) & ~uint64_t{15}; }
constexpr uint64_t kPayload = aligned(sizeof(Head));

}  // namespace

std::span<uint8_t> payload_of(std::span<uint8_t> area, uint64_t size) {
    if (size > area.size() - kPayload) return {};
    return area.subspan(kPayload, size);
}

bool share_batch(std::span<uint8_t> area, uint64_t payload_bytes, wire::Batch& batch, std::string& error) {
    const std::string_view payload(reinterpret_cast<const char*>(area.data() + kPayload), payload_bytes);
    if (!wire::decode_batch(payload, batch, error)) return false;
    uint64_t arguments = 0;
    for (const tm_program& program : batch.programs) arguments += program.argc;
    const uint64_t count = batch.programs.size();
    const Head head{aligned(kPayload + payload_bytes), count,
                    aligned(kPayload + payload_bytes) + count * sizeof(tm_program) + arguments * sizeof(tm_text)};
    if (head.end > area.size()) {
        error = "batch: its " + std::to_string(arguments) + " arguments are too many";
        return false;
    }
    memcpy(area.data(), &head, sizeof head);
    auto* program = reinterpret_cast<tm_program*>(area.data() + head.programs);
    auto* text = reinterpret_cast<tm_text*>(program + count);
    for (const tm_program& decoded : batch.programs) {
        *program = decoded;
        if (decoded.argv) program->argv = text;
        text = std::copy(decoded.argv, decoded.argv + decoded.argc, text);
        program++;
    }
    return true;
}

uint64_t shared_bytes(std::span<const uint8_t> area) { return reinterpret_cast<const Head*>(area.data())->end; }

std::span<const tm_program> shared_programs(std::span<const uint8_t> area) {
    const auto* head = reinterpret_cast<const Head*>(area.data());
    return {reinterpret_cast<const tm_program*>(area.data() + head->programs), head->count};
}

}  // namespace tracemill::host
