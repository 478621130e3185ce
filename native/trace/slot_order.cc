#include "trace/slot_order.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "python/slots.h"
#include "trace/program_class.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using Members = std::vector<const PyMemberDef*>;

// Finding them costs the square of their number.
constexpr size_t kMostOrdered = 64;

// See KnownClass.
struct KnownOrder {
    PyTypeObject* type = nullptr;
    unsigned int version = 0;
    size_t count = 0;
    std::array<const PyMemberDef*, SlotOrder::kFewSlots> members{};
};
// Guarded by the GIL.
std::array<KnownOrder, 64> s_known_orders;
bool s_knows_orders = false;

KnownOrder& place_of(PyTypeObject* type) {
    return s_known_orders[(reinterpret_cast<uintptr_t>(type) >> 4) % s_known_orders.size()];
}

// As the compiler does with private names: `__x` of class `_A` is `_A__x`.
std::string mangled(PyTypeObject* type, const std::string& text) {
    const std::string class_name = type_name(type);
    const size_t start = class_name.find_first_not_of('_');
    if (!text.starts_with("__") || text.ends_with("__") || start == std::string::npos) return text;
    return std::string("_").append(class_name, start).append(text);
}

// CPython keeps the very string of `__slots__`, unless it is mangled; `__slots__` may be anything by now.
const PyMemberDef* with_string(const Members& members, PyObject* name) {
    const void* text = PyUnicode_IS_COMPACT_ASCII(name) ? PyUnicode_DATA(name) : nullptr;
    const auto found = std::ranges::find_if(members, [text](const auto* member) { return member->name == text; });
    return found == members.end() ? nullptr : *found;
}

// `is_fixed` false where it depends on the class's name, which is no part of its state.
const PyMemberDef* with_text(PyTypeObject* type, const Members& members, PyObject* name, bool& is_fixed) {
    const std::string text = text_of(name);
    const std::string wanted = mangled(type, text);
    if (wanted != text) is_fixed = false;
    const auto found = std::ranges::find_if(members, [&](const auto* member) { return wanted == member->name; });
    return found == members.end() ? nullptr : *found;
}

// `__slots__`, where it may say what the class was made from; borrowed.
PyObject* names_of(PyTypeObject* type) {
    static PyObject* const kSlots = PyUnicode_InternFromString("__slots__");
    PyObject* names = class_attribute(type, kSlots);
    const bool has_order = names && (PyTuple_CheckExact(names) || PyList_CheckExact(names) || PyDict_CheckExact(names));
    return has_order ? names : nullptr;
}

bool next_name(PyObject* names, Py_ssize_t& position, PyObject*& name) {
    if (PyDict_CheckExact(names)) {
        PyObject* documentation = nullptr;
        return PyDict_Next(names, &position, &name, &documentation);
    }
    if (position >= PySequence_Fast_GET_SIZE(names)) return false;
    name = PySequence_Fast_GET_ITEM(names, position++);
    return true;
}

// Empty where the names are not those of the slots, each once. `is_fixed` false where the class may stay as it is and
// the order not.
Members in_order(PyTypeObject* type, const Members& members, bool& is_fixed) {
    PyObject* names = names_of(type);
    Members ordered;
    if (!names) return ordered;
    if (!PyTuple_CheckExact(names)) is_fixed = false;
    Py_ssize_t position = 0;
    for (PyObject* name = nullptr; next_name(names, position, name);) {
        if (!PyUnicode_CheckExact(name)) continue;
        const PyMemberDef* member = with_string(members, name);
        if (!member) member = with_text(type, members, name, is_fixed);
        const bool is_new = member && std::ranges::find(ordered, member) == ordered.end();
        if (is_new) ordered.push_back(member);
    }
    return ordered.size() == members.size() ? ordered : Members();
}

}  // namespace

SlotOrder::SlotOrder(PyTypeObject* type) {
    KnownOrder& known = place_of(type);
    if (known.type == type && known.version == type->tp_version_tag && known.version != 0) {
        few_ = known.members;
        count_ = known.count;
        return;
    }
    // In their own order, which is alphabetical.
    Members members;
    python::for_each_own_slot(type, [&](const PyMemberDef& member) { return members.push_back(&member), true; });
    bool is_fixed = true;
    if (members.size() > 1 && members.size() <= kMostOrdered) {
        Members ordered = in_order(type, members, is_fixed);
        if (!ordered.empty()) members = std::move(ordered);
    }
    count_ = members.size();
    if (count_ > kFewSlots) {
        many_ = std::move(members);
        return;
    }
    std::ranges::copy(members, few_.begin());
    if (!is_fixed) return;
    known = {type, type->tp_version_tag, count_, few_};
    s_knows_orders = true;
}

void forget_slot_orders() {
    if (s_knows_orders) s_known_orders = {};
    s_knows_orders = false;
}

}  // namespace tracemill::trace
