// The members that `__slots__` of a Python class adds to its instances.
#pragma once

#include "python/compat.h"

namespace tracemill::python {

// Calls visit(const PyMemberDef&) for each that this class adds, not its bases; false when visit stopped it with false.
template <typename Visit>
bool for_each_own_slot(PyTypeObject* type, Visit&& visit) {
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !type->tp_members) return true;
    for (const PyMemberDef* member = type->tp_members; member->name; ++member) {
        if (member->type == TM_MEMBER_OBJECT_EX && !visit(*member)) return false;
    }
    return true;
}

}  // namespace tracemill::python
