#include "trace/gathered.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "python/ordered_dict.h"

namespace tracemill::trace {
namespace {

struct Collection {
    std::vector<PyObject*>& items;
    uint64_t most;
    PyObject* type;  // which heap types show first; NULL once it was seen
};

int collect(PyObject* object, void* argument) {
    auto& collection = *static_cast<Collection*>(argument);
    if (std::exchange(collection.type, nullptr) == object) return 0;
    collection.items.push_back(object);
    return collection.items.size() > collection.most;
}

void gather_ordered(PyObject* dict, uint64_t most, std::vector<PyObject*>& entries) {
    // Most have the order of the dict below; the others are looked up by where the keys lie, which runs no code.
    std::unordered_map<PyObject*, PyObject*> values;
    Py_ssize_t position = 0;
    void* place = nullptr;
    while (PyObject* key = tm_next_ordered_key(dict, &place)) {
        if (entries.size() / 2 > most) return;
        PyObject* same = nullptr;
        PyObject* value = nullptr;
        if (!values.empty() || !PyDict_Next(dict, &position, &same, &value) || same != key) {
            if (values.empty()) {
                for (position = 0; PyDict_Next(dict, &position, &same, &value);) values.emplace(same, value);
            }
            const auto found = values.find(key);
            if (found == values.end()) continue;
            value = found->second;
        }
        entries.push_back(key);
        entries.push_back(value);
    }
}

struct Counted {
    double count;
    size_t index;
    PyObject* key;
    PyObject* value;
};

// False where a count is no number that can be compared without running code.
bool gather_by_count(PyObject* dict, uint64_t most, std::vector<PyObject*>& entries) {
    std::vector<Counted> counted;
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(dict, &position, &key, &value)) {
        int64_t small = 0;
        double count = 0;
        if (PyLong_Check(value)) {
            int overflow = 0;
            small = PyLong_AsLongLongAndOverflow(value, &overflow);
            // Beyond these a double cannot tell integers apart.
            if (overflow || small > (int64_t{1} << 53) || small < -(int64_t{1} << 53)) return false;
            count = static_cast<double>(small);
        } else if (PyFloat_Check(value) && PyFloat_AS_DOUBLE(value) == PyFloat_AS_DOUBLE(value)) {
            count = PyFloat_AS_DOUBLE(value);
        } else {
            return false;
        }
        counted.push_back({count, counted.size(), key, value});
    }
    const auto shown = static_cast<size_t>(std::min(uint64_t{counted.size()}, most + 1));
    std::partial_sort(
        counted.begin(), counted.begin() + static_cast<std::ptrdiff_t>(shown), counted.end(),
        [](const Counted& a, const Counted& b) { return a.count != b.count ? a.count > b.count : a.index < b.index; });
    for (size_t i = 0; i < shown; ++i) {
        entries.push_back(counted[i].key);
        entries.push_back(counted[i].value);
    }
    return true;
}

}  // namespace

void gather_items(PyObject* deque, uint64_t most, std::vector<PyObject*>& items) {
    PyTypeObject* type = Py_TYPE(deque);
    Collection collection{items, most,
                          type->tp_flags & Py_TPFLAGS_HEAPTYPE ? reinterpret_cast<PyObject*>(type) : nullptr};
    // A class of the program visits its fields, too: asked of the deque below it.
    while (type->tp_base != &PyBaseObject_Type) type = type->tp_base;
    if (type != Py_TYPE(deque)) collection.type = reinterpret_cast<PyObject*>(Py_TYPE(deque));
    type->tp_traverse(deque, collect, &collection);
}

void gather_entries(PyObject* dict, EntryOrder order, uint64_t most, std::vector<PyObject*>& entries) {
    if (order == EntryOrder::kByCount && gather_by_count(dict, most, entries)) return;
    if (PyODict_Check(dict) && tm_knows_ordered_dict()) return gather_ordered(dict, most, entries);
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (entries.size() / 2 <= most && PyDict_Next(dict, &position, &key, &value)) {
        entries.push_back(key);
        entries.push_back(value);
    }
}

void gather_referents(PyObject* object, uint64_t most, std::vector<PyObject*>& items) {
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
    Collection collection{items, most, type};
    if (PyObject_IS_GC(object)) Py_TYPE(object)->tp_traverse(object, collect, &collection);
    // Some show it last.
    std::erase(items, type);
}

PyObject* first_referent(PyObject* object) {
    std::vector<PyObject*> items;
    gather_referents(object, 0, items);
    return items.empty() ? nullptr : items.front();
}

PyObject* weak_referent(PyObject* reference) {
    PyObject* referent = reinterpret_cast<PyWeakReference*>(reference)->wr_object;
    return referent != Py_None && Py_REFCNT(referent) > 0 ? referent : nullptr;
}

}  // namespace tracemill::trace
