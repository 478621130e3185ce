// The slots of one class, in the order of its `__slots__`.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "python/compat.h"

namespace tracemill::trace {

class SlotOrder {
  public:
    // Of a class with no more the order is remembered, while the class stays as it is.
    static constexpr size_t kFewSlots = 8;

    explicit SlotOrder(PyTypeObject* type);

    // They belong to the class.
    std::span<const PyMemberDef* const> members() const {
        return many_.empty() ? std::span(few_.data(), count_) : std::span(many_);
    }

  private:
    std::array<const PyMemberDef*, kFewSlots> few_;  // the first `count_`
    size_t count_ = 0;
    std::vector<const PyMemberDef*> many_;  // where there are more
};

// Classes of one program say nothing about those of the next.
void forget_slot_orders();

}  // namespace tracemill::trace
