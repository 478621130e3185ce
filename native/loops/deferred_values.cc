#include "loops/deferred_values.h"

#include <algorithm>

namespace tracemill::loops {

using format::Ref;
using format::RefKind;

Ref DeferredValues::add(uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length, uint64_t identity,
                        Ref current) {
    if (current.kind() == RefKind::kValue) {
        const Value& old = values_[current.value_id()];
        if (old.type_id == type_id && old.flags == flags && old.length == length && old.identity == identity &&
            old.repr == repr) {
            return current;
        }
    }
    if (free_.empty()) {
        free_.reserve(1);
        values_.emplace_back();
        free_.push_back(static_cast<uint32_t>(values_.size() - 1));
    }
    const uint32_t id = free_.back();
    free_.pop_back();
    Value& value = values_[id];
    value.repr.assign(repr);
    value.length = length;
    value.identity = identity;
    value.type_id = type_id;
    value.flags = flags;
    value.used = true;
    value.written = false;
    bytes_ += cost(value);
    return Ref::value(id);
}

Ref DeferredValues::in_record(Ref ref) {
    if (ref.kind() != RefKind::kValue) return ref;
    Value& value = values_[ref.value_id()];
    if (!value.written) {
        value.ref = writer_.value(value.type_id, value.flags, value.repr, value.length, value.identity);
        value.written = true;
    }
    return value.ref;
}

void DeferredValues::sweep() {
    for (uint32_t id = 0; id < values_.size(); ++id) {
        Value& value = values_[id];
        if (value.used && !value.marked) {
            bytes_ -= cost(value);
            value = Value();
            free_.push_back(id);
        }
        value.marked = false;
    }
    sweep_at_ = std::max(kFirstSweep, 2 * bytes_);
}

}  // namespace tracemill::loops
