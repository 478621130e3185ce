#include "outcome_writer.h"

#include <algorithm>

#include "encode.h"
#include "utf8.h"

namespace tracemill::format {

namespace {

constexpr uint64_t kMaxTypeText = 1024;
constexpr uint64_t kMaxDetailText = 4096;
// All numbers, tags and flags of two TYPEs, a VALUE and an OUTCOME.
constexpr uint64_t kMaxFixed = 2 * (1 + kMaxVarintSize) + kMaxValueOverhead + 4 + 2 * kMaxRefSize + 10 * kMaxVarintSize;

uint32_t define_type(uint8_t*& at, uint32_t& types, std::string_view text) noexcept {
    at = put_text(put_tag(at, Tag::kType), text);
    return types++;
}

// Takes up to `wanted` bytes out of what is left for texts.
std::string_view take(uint64_t& left, std::string_view text, uint64_t wanted) noexcept {
    const std::string_view cut = utf8_cut(text, std::min(left, wanted));
    left -= cut.size();
    return cut;
}

}  // namespace

bool write_outcome(RecordEnd& end, const Outcome& outcome, uint32_t exception_type) noexcept {
    if (end.position > end.capacity || end.capacity - end.position < kMaxFixed) return false;
    uint64_t left = end.capacity - end.position - kMaxFixed;
    uint8_t* at = end.base + end.position;
    uint32_t types = end.types;
    uint32_t values = end.values;

    // The short texts first, so that a long one cannot push them out.
    const std::string_view detail = outcome.detail ? take(left, *outcome.detail, kMaxDetailText) : std::string_view();
    if (outcome.exception && exception_type == kNoId) {
        exception_type = define_type(at, types, take(left, outcome.exception->type, kMaxTypeText));
    }
    Ref result;
    bool has_result = false;
    if (const ValueText* text = std::get_if<ValueText>(&outcome.result)) {
        const uint32_t type_id = define_type(at, types, take(left, text->type, kMaxTypeText));
        const std::string_view repr = take(left, text->repr, outcome.exception ? left / 2 : left);
        uint8_t flags = text->flags & kValueFlagsMask;
        if (repr.size() < text->repr.size()) flags |= kValueCut;
        at = put_value(at, type_id, flags, repr, text->length, text->identity);
        result = Ref::value(values++);
        has_result = true;
    } else if (const Ref* ref = std::get_if<Ref>(&outcome.result)) {
        result = *ref;
        has_result = ref->kind() != RefKind::kValue || ref->value_id() < values;
    }
    const std::string_view message =
        outcome.exception ? take(left, outcome.exception->message, left) : std::string_view();

    at = put_tag(at, Tag::kOutcome);
    *at++ = static_cast<uint8_t>(outcome.status);
    uint8_t flags = 0;
    if (has_result) flags |= kOutcomeHasResult;
    if (outcome.exception) flags |= kOutcomeHasException;
    if (outcome.detail) flags |= kOutcomeHasDetail;
    *at++ = flags;
    if (has_result) at = put_ref(at, result);
    if (outcome.exception) {
        at = put_text(put_varint(at, exception_type), message);
        at = put_varint(at, outcome.exception->line);
        const Ref& value = outcome.exception->value;
        at = put_ref(at, value.kind() != RefKind::kValue || value.value_id() < end.values ? value : Ref());
    }
    if (outcome.detail) at = put_text(at, detail);
    for (const uint64_t count :
         {outcome.events, outcome.lines, outcome.stdout_bytes, outcome.stderr_bytes, outcome.cpu_ns, outcome.wall_ns}) {
        at = put_varint(at, count);
    }
    end.position = static_cast<uint64_t>(at - end.base);
    end.types = types;
    end.values = values;
    return true;
}

}  // namespace tracemill::format
