// The members that `__slots__` of Python classes add to their instances.
#pragma once

#include "python/compat.h"

namespace tracemill::guard {

// Calls visit(offset in the instance) for each, base classes included, until it answers false.
template <typename Visit>
void for_each_slot(PyTypeObject* type, Visit visit) {
    for (; type && (type->tp_flags & Py_TPFLAGS_HEAPTYPE); type = type->tp_base) {
        for (PyMemberDef* member = type->tp_members; member && member->name; ++member) {
            if (member->type == TM_MEMBER_OBJECT_EX && !visit(member->offset)) return;
        }
    }
}

}  // namespace tracemill::guard
