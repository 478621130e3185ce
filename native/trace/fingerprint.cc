#include "trace/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "trace/array_view.h"
#include "trace/collections_types.h"
#include "trace/program_class.h"
#include "trace/text_builder.h"

namespace tracemill::trace {
namespace {

constexpr int kMaxDepth = 200;

class Walk {
  public:
    explicit Walk(const FingerprintLimits& limits)
        : d_limits(limits), d_room(limits.max_chars == 0 ? TextBuilder::kMaxChars : limits.max_chars) {}

    bool visit(PyObject* object, int depth);
    uint64_t result() const { return d_hash; }

  private:
    void mix(uint64_t word) {
        d_hash ^= word;
        d_hash *= 0x9e3779b97f4a7c15u;
        d_hash = std::rotl(d_hash, 29) * 0xbf58476d1ce4e5b9u;
    }
    void mix_bytes(const char* data, size_t size);
    // At least this many more characters are in the text; false when the bound is passed.
    bool spend(uint64_t chars) {
        if (chars > d_room) {
            d_room = 0;
            return false;
        }
        d_room -= chars;
        return true;
    }
    bool visit_text(PyObject* unicode);
    bool visit_sequence(PyObject* const* items, Py_ssize_t size, int depth);
    bool visit_list(PyObject* list, int depth);
    bool visit_dict(PyObject* dict, int depth);
    // A set or deque: what can only be iterated.
    bool visit_items(PyObject* container, int depth);
    bool visit_integer(PyObject* integer);
    bool visit_array(PyObject* array);
    bool visit_bytearray(PyObject* bytearray);
    bool visit_instance(PyObject* object, int depth);

    const FingerprintLimits& d_limits;
    uint64_t d_room;
    uint64_t d_hash = 0x243f6a8885a308d3u;
    PyObject* d_ancestors[kMaxDepth + 1];  // borrowed; the path to the object being visited
};

void Walk::mix_bytes(const char* data, size_t size) {
    uint64_t word = 0;
    for (; size >= 8; data += 8, size -= 8) {
        std::memcpy(&word, data, 8);
        mix(word);
    }
    word = 0;
    std::memcpy(&word, data, size);
    mix(word ^ (uint64_t{size} << 56));
}

bool Walk::visit_text(PyObject* unicode) {
    mix(static_cast<uint64_t>(PyUnicode_GET_LENGTH(unicode)));
    mix(static_cast<uint64_t>(PyObject_Hash(unicode)));  // an exact str: cached, never fails
    spend(static_cast<uint64_t>(PyUnicode_GET_LENGTH(unicode)) + 2);
    return true;
}

bool Walk::visit_integer(PyObject* integer) {
    int overflow = 0;
    const long long small = PyLong_AsLongLongAndOverflow(integer, &overflow);
    spend(1);
    if (!overflow) {
        mix(static_cast<uint64_t>(small));
        return true;
    }
    mix(static_cast<uint64_t>(tm_long_is_negative(integer)));
    mix_bytes(reinterpret_cast<const char*>(tm_long_digits(integer)), tm_long_digit_count(integer) * sizeof(digit));
    return true;
}

bool Walk::visit_sequence(PyObject* const* items, Py_ssize_t size, int depth) {
    mix(static_cast<uint64_t>(size));
    for (Py_ssize_t i = 0; i < size; ++i) {
        if (!spend(2)) return true;
        if (!visit(items[i], depth + 1)) return false;
    }
    return true;
}

bool Walk::visit_dict(PyObject* dict, int depth) {
    mix(static_cast<uint64_t>(PyDict_GET_SIZE(dict)));
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (!spend(4)) return true;
        if (!visit(key, depth + 1) || !visit(value, depth + 1)) return false;
    }
    return true;
}

bool Walk::visit_items(PyObject* container, int depth) {
    mix(static_cast<uint64_t>(PyObject_Size(container)));
    PyObject* iterator = PyObject_GetIter(container);
    if (!iterator) {
        PyErr_Clear();
        return false;
    }
    bool known = true;
    while (known) {
        PyObject* item = PyIter_Next(iterator);
        if (!item) break;
        const bool more = spend(2);
        known = !more || visit(item, depth + 1);
        Py_DECREF(item);
        if (!more) break;
    }
    Py_DECREF(iterator);
    PyErr_Clear();
    return known;
}

// As much of it as shows: a number and what separates it from the next take three characters or more.
bool Walk::visit_array(PyObject* array) {
    const ArrayView view(array);
    if (view.typecode() == 0) return false;
    const uint64_t shown = std::min(static_cast<uint64_t>(view.size()), d_room / 3 + 1);
    mix(static_cast<uint64_t>(view.size()));
    mix(static_cast<uint64_t>(view.typecode()));
    mix_bytes(view.data(), shown * static_cast<uint64_t>(view.item_size()));
    spend(3 * shown);
    return true;
}

// As much of it as shows, and what says how it is quoted.
bool Walk::visit_bytearray(PyObject* bytearray) {
    const char* data = PyByteArray_AS_STRING(bytearray);
    const auto size = static_cast<size_t>(PyByteArray_GET_SIZE(bytearray));
    const bool single = std::memchr(data, '\'', size) != nullptr;
    const bool both = single && std::memchr(data, '"', size) != nullptr;
    mix(uint64_t{size});
    mix(uint64_t{single} + uint64_t{both});
    mix_bytes(data, static_cast<size_t>(std::min(uint64_t{size}, d_room)));
    spend(uint64_t{size});
    return true;
}

bool Walk::visit_instance(PyObject* object, int depth) {
    if (!d_limits.instances || !is_plain_instance(object)) return false;
    mix(reinterpret_cast<uint64_t>(object));
    bool known = true;
    for_each_field(object, [&](PyObject* name, PyObject* value) {
        known = spend(2) && (!name || visit(name, depth + 1)) && visit(value, depth + 1);
        return known;
    });
    return known || d_room == 0;
}

bool Walk::visit(PyObject* object, int depth) {
    if (depth > kMaxDepth) return false;
    for (int i = 0; i < depth; ++i) {
        if (d_ancestors[i] == object) {
            mix(static_cast<uint64_t>(i));
            spend(5);
            return true;
        }
    }
    d_ancestors[depth] = object;
    PyTypeObject* type = Py_TYPE(object);
    mix(reinterpret_cast<uint64_t>(type));
    if (type == &PyLong_Type) return visit_integer(object);
    if (type == &PyUnicode_Type) return visit_text(object);
    if (type == &PyFloat_Type) {
        spend(1);
        mix(std::bit_cast<uint64_t>(PyFloat_AS_DOUBLE(object)));
        return true;
    }
    if (object == Py_None || type == &PyBool_Type || object == Py_Ellipsis) {
        spend(3);
        mix(reinterpret_cast<uint64_t>(object));
        return true;
    }
    if (type == &PyList_Type) {
        return visit_sequence(reinterpret_cast<PyListObject*>(object)->ob_item, PyList_GET_SIZE(object), depth);
    }
    if (type == &PyTuple_Type) {
        return visit_sequence(reinterpret_cast<PyTupleObject*>(object)->ob_item, PyTuple_GET_SIZE(object), depth);
    }
    if (type == &PyDict_Type) return visit_dict(object, depth);
    if (type == &PySet_Type || type == &PyFrozenSet_Type) return visit_items(object, depth);
    if (type == collections_types().deque) return visit_items(object, depth);
    if (type == &PyBytes_Type) {
        mix(static_cast<uint64_t>(PyBytes_GET_SIZE(object)));
        mix(static_cast<uint64_t>(PyObject_Hash(object)));  // cached, never fails
        spend(static_cast<uint64_t>(PyBytes_GET_SIZE(object)));
        return true;
    }
    if (type == &PyByteArray_Type) return visit_bytearray(object);
    if (type == array_type()) return visit_array(object);
    return visit_instance(object, depth);
}

}  // namespace

bool fingerprint(PyObject* object, const FingerprintLimits& limits, uint64_t& result) {
    Walk walk(limits);
    if (!walk.visit(object, 0)) return false;
    result = walk.result();
    return true;
}

}  // namespace tracemill::trace
