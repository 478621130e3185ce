// Values of events that may yet be elided: their texts reach the record only with an event that is kept.
//
// A value here has a reference of its own kind: a format::Ref to a value whose id counts in this table, not in the
// record. References to scalars are the same in both. Nobody counts the users of a text; when the texts have grown, the
// owner marks those that are still referred to and the rest is dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/writer.h"

namespace tracemill::loops {

class DeferredValues {
  public:
    explicit DeferredValues(format::RecordWriter& writer) : writer_(writer) {}

    // `current` is what the name holds so far: given back when the value is equal to it. type_id is the record's.
    format::Ref add(uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length, uint64_t identity,
                    format::Ref current);

    // The reference in the record; defines the value there when it is new.
    format::Ref in_record(format::Ref ref);

    // Texts have grown enough for a sweep to pay.
    bool wants_sweep() const { return bytes_ > sweep_at_; }
    void mark(format::Ref ref) {
        if (ref.kind() == format::RefKind::kValue) values_[ref.value_id()].marked = true;
    }
    // Drops what was not marked since the last sweep.
    void sweep();

    uint64_t bytes() const { return bytes_; }

  private:
    struct Value {
        std::string repr;
        int64_t length = 0;
        uint64_t identity = 0;
        uint32_t type_id = 0;
        uint8_t flags = 0;
        bool used = false;
        bool marked = false;
        bool written = false;
        format::Ref ref;  // in the record, when written
    };

    static uint64_t cost(const Value& value) { return sizeof(Value) + value.repr.size(); }

    format::RecordWriter& writer_;
    std::vector<Value> values_;
    std::vector<uint32_t> free_;
    uint64_t bytes_ = 0;
    uint64_t sweep_at_ = kFirstSweep;

    static constexpr uint64_t kFirstSweep = 4u << 20;
};

}  // namespace tracemill::loops
