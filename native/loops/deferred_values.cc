#include "loops/deferred_values.h"

#include <algorithm>

namespace tracemill::loops {

using format::Ref;
using format::RefKind;

Ref DeferredValues::add(uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length, uint64_t identity,
                        Ref current) {
    if (current.kind() == RefKind::kValue) {
        const Value& old = d_values[current.value_id()];
        if (old.type_id == type_id && old.flags == flags && old.length == length && old.identity == identity &&
            old.repr == repr) {
            return current;
        }
    }
    if (d_free.empty()) {
        d_free.reserve(1);
        d_values.emplace_back();
        d_free.push_back(static_cast<uint32_t>(d_values.size() - 1));
    }
    const uint32_t id = d_free.back();
    d_free.pop_back();
    Value& value = d_values[id];
    value.repr.assign(repr);
    value.length = length;
    value.identity = identity;
    value.type_id = type_id;
    value.flags = flags;
    value.used = true;
    value.written = false;
    d_bytes += cost(value);
    return Ref::value(id);
}

Ref DeferredValues::in_record(Ref ref) {
    if (ref.kind() != RefKind::kValue) return ref;
    Value& value = d_values[ref.value_id()];
    if (!value.written) {
        value.ref = d_writer.value(value.type_id, value.flags, value.repr, value.length, value.identity);
        value.written = true;
    }
    return value.ref;
}

void DeferredValues::sweep() {
    for (uint32_t id = 0; id < d_values.size(); ++id) {
        Value& value = d_values[id];
        if (value.used && !value.marked) {
            d_bytes -= cost(value);
            value = Value();
            d_free.push_back(id);
        }
        value.marked = false;
    }
    d_sweep_at = std::max(kFirstSweep, 2 * d_bytes);
}

}  // namespace tracemill::loops
