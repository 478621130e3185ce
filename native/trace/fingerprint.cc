#include "trace/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "trace/array_view.h"
#include "trace/collections_types.h"
#include "trace/library_value.h"
#include "trace/program_class.h"
#include "trace/text_builder.h"

namespace tracemill::trace {
namespace {

constexpr int kMaxDepth = 200;

// Of an exact str: kept in it, never fails.
uint64_t text_hash(PyObject* text) {
    const Py_hash_t known = reinterpret_cast<PyASCIIObject*>(text)->hash;
    return static_cast<uint64_t>(known != -1 ? known : PyObject_Hash(text));
}

class Walk {
  public:
    explicit Walk(const FingerprintLimits& limits)
        : d_limits(limits), d_room(limits.max_chars == 0 ? TextBuilder::kMaxChars : limits.max_chars) {}

    // Inline: most of what containers hold is no container, and part of their loops.
    [[gnu::always_inline]] inline bool visit(PyObject* object, int depth) {
        return depth <= kMaxDepth && (visit_atom(object) || visit_container(object, depth));
    }
    // Every word waits for the one before it: what does not depend on that is multiplied first.
    void mix(uint64_t word) { d_hash = (std::rotl(d_hash, 29) ^ (word * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u; }
    uint64_t result() const { return d_hash; }
    // And what shows of it does not depend on whose address an object has now.
    bool passed_the_bound() const { return d_passed && !d_met_instance; }

  private:
    class Parts;

    // A value that is one word.
    void mix_value(PyTypeObject* type, uint64_t value) {
        mix(reinterpret_cast<uint64_t>(type) + value * 0xd6e8feb86659fd93u);
    }
    void mix_bytes(const char* data, size_t size);
    // At least this many more characters are in the text; false when the bound is passed.
    bool spend(uint64_t chars) {
        if (chars > d_room) {
            d_room = 0;
            d_passed = true;
            return false;
        }
        d_room -= chars;
        return true;
    }
    bool visit_sequence(PyObject* const* items, Py_ssize_t size, int depth);
    bool visit_list(PyObject* list, int depth);
    bool visit_dict(PyObject* dict, int depth);
    // A set or deque: what can only be iterated.
    bool visit_items(PyObject* container, int depth);
    // What holds nothing else; false for other objects.
    [[gnu::always_inline]] inline bool visit_atom(PyObject* object);
    bool visit_container(PyObject* object, int depth);
    void visit_long_integer(PyObject* integer);
    bool visit_array(PyObject* array);
    bool visit_bytearray(PyObject* bytearray);
    bool visit_instance(PyObject* object, int depth);
    bool visit_library_value(PyObject* object, int depth);
    bool visit_library_content(PyObject* object, int depth);

    const FingerprintLimits& d_limits;
    uint64_t d_room;
    bool d_passed = false;
    bool d_met_instance = false;
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

void Walk::visit_long_integer(PyObject* integer) {
    // As many digits as it needs, so that no other number has these bytes.
    mix_value(&PyLong_Type, tm_long_is_negative(integer) ? 1 : 0);
    mix_bytes(reinterpret_cast<const char*>(tm_long_digits(integer)), tm_long_digit_count(integer) * sizeof(digit));
}

bool Walk::visit_atom(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (type == &PyLong_Type) {
        spend(1);
        int64_t small = 0;
        if (tm_small_int(object, &small)) {
            mix_value(type, static_cast<uint64_t>(small));
        } else {
            visit_long_integer(object);
        }
    } else if (type == &PyUnicode_Type) {
        spend(static_cast<uint64_t>(PyUnicode_GET_LENGTH(object)) + 2);
        mix_value(type, text_hash(object));
    } else if (type == &PyFloat_Type) {
        spend(1);
        mix_value(type, std::bit_cast<uint64_t>(PyFloat_AS_DOUBLE(object)));
    } else if (object == Py_None || type == &PyBool_Type || object == Py_Ellipsis) {
        spend(3);
        mix(reinterpret_cast<uint64_t>(object));
    } else if (type == &PyBytes_Type) {
        spend(static_cast<uint64_t>(PyBytes_GET_SIZE(object)));
        mix_value(type, static_cast<uint64_t>(PyObject_Hash(object)));  // cached, never fails
    } else {
        return false;
    }
    return true;
}

bool Walk::visit_sequence(PyObject* const* items, Py_ssize_t size, int depth) {
    // The length of the outermost counts last: see Fingerprint.
    if (depth > 0) mix(static_cast<uint64_t>(size));
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
    d_met_instance = true;
    mix(reinterpret_cast<uint64_t>(object));
    bool known = true;
    for_each_field(object, [&](PyObject* name, PyObject* value) {
        known = spend(2) && (!name || visit(name, depth + 1)) && visit(value, depth + 1);
        return known;
    });
    return known || d_room == 0;
}

bool Walk::visit_container(PyObject* object, int depth) {
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
    if (type == &PyList_Type) {
        return visit_sequence(reinterpret_cast<PyListObject*>(object)->ob_item, PyList_GET_SIZE(object), depth);
    }
    if (type == &PyTuple_Type) {
        return visit_sequence(reinterpret_cast<PyTupleObject*>(object)->ob_item, PyTuple_GET_SIZE(object), depth);
    }
    if (type == &PyDict_Type) return visit_dict(object, depth);
    if (type == &PySet_Type || type == &PyFrozenSet_Type) return visit_items(object, depth);
    if (type == collections_types().deque) return visit_items(object, depth);
    if (type == &PyByteArray_Type) return visit_bytearray(object);
    if (type == array_type()) return visit_array(object);
    return visit_instance(object, depth) || visit_library_value(object, depth);
}

// What a third-party library's object is told by.
class Walk::Parts final : public LibraryParts {
  public:
    Parts(Walk& walk, int depth) : d_walk(walk), d_depth(depth) {}

    bool text(std::string_view ascii) override {
        d_walk.mix_bytes(ascii.data(), ascii.size());
        return d_walk.spend(ascii.size());
    }
    bool name(PyObject* unicode) override { return value(unicode); }
    bool value(PyObject* object) override {
        d_known = d_known && d_walk.visit(object, d_depth + 1);
        return d_known && d_walk.d_room > 0;
    }
    bool array(const ArrayLayout& layout, PyObject*, const ArrayForm& form) override {
        if (!layout.has_objects) {
            d_walk.mix(array_fingerprint(layout, form.class_name.empty() && !form.all));
            return d_walk.spend(1);
        }
        d_walk.mix(reinterpret_cast<uint64_t>(layout.dtype));
        if (!text(shape_text(layout))) return false;
        const auto item = [&](const char* place) {
            PyObject* const object = *reinterpret_cast<PyObject* const*>(place);
            return object ? value(object) : text("None");
        };
        const bool all = form.all || layout.size <= 2 * ArrayLayout::kEnds;
        if (all) {
            for_each_item(layout, item);
        } else {
            for (Py_ssize_t i = 0; i < ArrayLayout::kEnds; ++i) {
                if (!item(layout.item(i)) || !item(layout.item(layout.size - 1 - i))) break;
            }
        }
        return d_known && d_walk.d_room > 0;
    }
    uint64_t max_chars() const override { return d_walk.d_limits.max_chars; }
    bool is_known() const { return d_known; }

  private:
    Walk& d_walk;
    int d_depth;
    bool d_known = true;
};

bool Walk::visit_library_value(PyObject* object, int depth) {
    // Their own repr shows what is not told here.
    if (!d_limits.instances) return false;
    Parts parts(*this, depth);
    const Told told = tell_library_value(object, parts);
    return told == Told::kUnknown ? visit_library_content(object, depth) : parts.is_known();
}

// All of it, whatever has room in a text: a printer may begin with what comes last.
bool Walk::visit_library_content(PyObject* object, int depth) {
    constexpr uint64_t kMostContent = 1 << 16;
    const uint64_t room = std::exchange(d_room, kMostContent);
    Parts parts(*this, depth);
    const bool known = tell_library_content(object, parts) == Told::kWhole && d_room > 0;
    const uint64_t spent = kMostContent - d_room;
    d_room = room - std::min(room, std::min<uint64_t>(spent, 1));
    return known;
}

}  // namespace

std::optional<Fingerprint> fingerprint(PyObject* object, const FingerprintLimits& limits) {
    Walk walk(limits);
    if (!walk.visit(object, 0)) return std::nullopt;
    Fingerprint result{.text = walk.result(), .beginning = std::nullopt};
    if (PyList_CheckExact(object) || PyTuple_CheckExact(object)) {
        if (walk.passed_the_bound()) result.beginning = walk.result();
        walk.mix(static_cast<uint64_t>(Py_SIZE(object)));
        result.text = walk.result();
    }
    return result;
}

}  // namespace tracemill::trace
