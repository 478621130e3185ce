#include "trace/library_array.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "python/ref.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// As NumPy declares them, since 1.7 and 2.0.
struct ArrayObject {
    PyObject_HEAD char* data;
    int nd;
    Py_ssize_t* dimensions;
    Py_ssize_t* strides;
    PyObject* base;
    PyObject* descr;
};

struct DescriptorHead {
    PyObject_HEAD PyTypeObject* scalar;
    char kind;
    char type;
    char byte_order;
    char flags;
    int number;
};

struct DescriptorOfNumpy1 : DescriptorHead {
    int item_size;
};

struct DescriptorOfNumpy2 : DescriptorHead {
    uint64_t more_flags;
    Py_ssize_t item_size;
};

// What follows in those of records, dates and durations.
struct TimeDescriptor : DescriptorOfNumpy2 {
    Py_ssize_t alignment;
    PyObject* metadata;
    Py_ssize_t hash;
    void* reserved[2];
    void* subarray;
    PyObject* fields;
    PyObject* names;
    struct Metadata {
        void* functions[4];
        int unit;
        int count;
    } * unit;
};

int time_unit_of(const PyObject* descriptor) {
    constexpr int kFirstTime = 21;  // NPY_DATETIME, then NPY_TIMEDELTA
    const auto* time = reinterpret_cast<const TimeDescriptor*>(descriptor);
    const bool known = (time->number == kFirstTime || time->number == kFirstTime + 1) && time->item_size == 8;
    return known && time->unit && time->unit->count == 1 ? time->unit->unit : -1;
}

// Which of the two a process has; found out with the first array that is seen.
enum class Numpy : uint8_t { kUnseen, kUnknown, kOne, kTwo };

Numpy s_numpy = Numpy::kUnseen;
PyTypeObject* s_array_type = nullptr;  // a static type: it is never freed
PyTypeObject* s_dtype_type = nullptr;  // likewise

bool lies_as(const ArrayObject* array, Py_ssize_t item_size) {
    const auto* head = reinterpret_cast<const DescriptorHead*>(array->descr);
    return array->data && array->nd == 2 && array->dimensions[0] == 2 && array->dimensions[1] == 3 &&
           array->strides[0] == 12 && array->strides[1] == 4 && head->kind == 'i' && item_size == 4;
}

void read_descriptor(PyObject* descriptor, ArrayLayout& layout) {
    constexpr uint64_t kHasObjects = 1;
    const auto* head = reinterpret_cast<const DescriptorHead*>(descriptor);
    const auto* numpy1 = reinterpret_cast<const DescriptorOfNumpy1*>(descriptor);
    const auto* numpy2 = reinterpret_cast<const DescriptorOfNumpy2*>(descriptor);
    const bool is_new = s_numpy == Numpy::kTwo;
    layout.dtype = descriptor;
    layout.kind = head->kind;
    layout.byte_order = head->byte_order;
    layout.has_objects = ((is_new ? numpy2->more_flags : static_cast<unsigned char>(head->flags)) & kHasObjects) != 0;
    layout.item_size = is_new ? numpy2->item_size : numpy1->item_size;
    layout.time_unit = is_new ? time_unit_of(descriptor) : -1;
}

// The type that those of all dtypes are made from.
PyTypeObject* dtype_type_of(PyObject* dtype) {
    PyTypeObject* type = Py_TYPE(dtype);
    while (type && std::strcmp(type->tp_name, "numpy.dtype") != 0) type = type->tp_base;
    return type;
}

// An array that we know everything of shows whether memory is laid out as expected.
Numpy examine(PyTypeObject* type) {
    const Owned probe = Owned::steal(PyObject_CallFunction(reinterpret_cast<PyObject*>(type), "(ii)s", 2, 3, "i4"));
    PyErr_Clear();
    if (!probe || type->tp_basicsize < static_cast<Py_ssize_t>(sizeof(ArrayObject))) return Numpy::kUnknown;
    const auto* array = reinterpret_cast<const ArrayObject*>(probe.get());
    if (!array->descr || array->nd != 2) return Numpy::kUnknown;
    s_dtype_type = dtype_type_of(array->descr);
    if (lies_as(array, reinterpret_cast<const DescriptorOfNumpy2*>(array->descr)->item_size)) return Numpy::kTwo;
    if (lies_as(array, reinterpret_cast<const DescriptorOfNumpy1*>(array->descr)->item_size)) return Numpy::kOne;
    return Numpy::kUnknown;
}

bool is_array_type(PyTypeObject* type);

// Where a dtype is seen before any array.
void find_array_type() {
    const Owned name = Owned::steal(PyUnicode_FromString("numpy"));
    const Owned module = name ? Owned::steal(PyImport_GetModule(name.get())) : Owned();
    const Owned type = module ? Owned::steal(PyObject_GetAttrString(module.get(), "ndarray")) : Owned();
    PyErr_Clear();
    if (type && PyType_Check(type.get())) is_array_type(reinterpret_cast<PyTypeObject*>(type.get()));
}

// No program can make a static type, so its name is enough.
bool is_array_type(PyTypeObject* type) {
    if (s_array_type) return type == s_array_type;
    if ((type->tp_flags & Py_TPFLAGS_HEAPTYPE) || std::strcmp(type->tp_name, "numpy.ndarray") != 0) return false;
    s_array_type = type;
    s_numpy = examine(type);
    return true;
}

bool is_array(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    while (type && !is_array_type(type)) type = type->tp_base;
    return type && s_numpy != Numpy::kUnknown;
}

class Hash {
  public:
    explicit Hash(uint64_t seed) : lanes_{seed, seed + 1, seed + 2, seed + 3} {}

    // Four words at a time, which do not wait for one another.
    void bytes(const char* data, size_t size) {
        uint64_t a = lanes_[0], b = lanes_[1], c = lanes_[2], d = lanes_[3];
        for (; size >= 32; data += 32, size -= 32) {
            a = mixed(a, load(data, 8));
            b = mixed(b, load(data + 8, 8));
            c = mixed(c, load(data + 16, 8));
            d = mixed(d, load(data + 24, 8));
        }
        lanes_[0] = a, lanes_[1] = b, lanes_[2] = c, lanes_[3] = d;
        for (; size >= 8; data += 8, size -= 8) word(0, load(data, 8));
        if (size != 0) word(1, load(data, size) ^ (uint64_t{size} << 56));
    }
    void word(uint64_t value) { word(2, value); }
    uint64_t result() const {
        uint64_t all = 0;
        for (const uint64_t lane : lanes_) all = (std::rotl(all, 23) ^ lane ^ (lane >> 32)) * 0xbf58476d1ce4e5b9u;
        return all ^ (all >> 29);
    }

  private:
    static uint64_t mixed(uint64_t lane, uint64_t value) { return (std::rotl(lane, 29) ^ value) * 0x9e3779b97f4a7c15u; }
    void word(size_t lane, uint64_t value) { lanes_[lane] = mixed(lanes_[lane], value); }
    static uint64_t load(const char* data, size_t size) {
        uint64_t value = 0;
        std::memcpy(&value, data, size);
        return value;
    }

    uint64_t lanes_[4];
};

// The 80 bits of a long double that mean something.
Py_ssize_t bytes_of_item(const ArrayLayout& layout) {
    return layout.kind == 'f' && layout.item_size == 16 ? 10 : layout.item_size;
}

template <size_t kBytes>
void hash_gathered(const ArrayLayout& layout, Hash& hash) {
    char gathered[1024];
    size_t used = 0;
    for_each_item(layout, [&](const char* item) {
        std::memcpy(gathered + used, item, kBytes);
        used += kBytes;
        if (used == sizeof gathered) {
            hash.bytes(gathered, used);
            used = 0;
        }
        return true;
    });
    hash.bytes(gathered, used);
}

void hash_items(const ArrayLayout& layout, Hash& hash) {
    const auto bytes = static_cast<size_t>(bytes_of_item(layout));
    if (layout.is_contiguous() && static_cast<Py_ssize_t>(bytes) == layout.item_size) {
        return hash.bytes(layout.data, bytes * static_cast<size_t>(layout.size));
    }
    // Put next to one another first, so that the same items give the same digest wherever they lie.
    if (bytes == 8) return hash_gathered<8>(layout, hash);
    if (bytes == 4) return hash_gathered<4>(layout, hash);
    if (bytes == 1) return hash_gathered<1>(layout, hash);
    std::string all;
    all.reserve(bytes * static_cast<size_t>(layout.size));
    for_each_item(layout, [&](const char* item) {
        all.append(item, bytes);
        return true;
    });
    hash.bytes(all.data(), all.size());
}

void hash_ends(const ArrayLayout& layout, Hash& hash) {
    if (layout.has_objects) return;
    const auto bytes = static_cast<size_t>(bytes_of_item(layout));
    const Py_ssize_t ends = std::min(layout.size, ArrayLayout::kEnds);
    for (Py_ssize_t i = 0; i < ends; ++i) {
        hash.bytes(layout.item(i), bytes);
        hash.bytes(layout.item(layout.size - 1 - i), bytes);
    }
}

}  // namespace

bool ArrayLayout::is_contiguous() const {
    Py_ssize_t expected = item_size;
    for (int d = dimensions - 1; d >= 0; --d) {
        if (shape[d] != 1 && strides[d] != expected) return false;
        expected *= shape[d];
    }
    return true;
}

const char* ArrayLayout::item(Py_ssize_t number) const {
    const char* at = data;
    for (int d = dimensions - 1; d >= 0; --d) {
        at += strides[d] * (number % shape[d]);
        number /= shape[d];
    }
    return at;
}

bool read_array(PyObject* object, ArrayLayout& layout) {
    if (!is_array(object)) return false;
    const auto* array = reinterpret_cast<const ArrayObject*>(object);
    if (!array->descr || array->nd < 0 || array->nd > ArrayLayout::kMaxDimensions) return false;
    layout.data = array->data;
    layout.dimensions = array->nd;
    layout.shape = array->dimensions;
    layout.strides = array->strides;
    read_descriptor(array->descr, layout);
    layout.size = 1;
    for (int d = 0; d < layout.dimensions; ++d) layout.size *= layout.shape[d];
    return layout.data || layout.size == 0;
}

int64_t whole_number(const ArrayLayout& layout, Py_ssize_t number) {
    const char* place = layout.item(number);
    const auto load = [&](auto zero) {
        std::memcpy(&zero, place, sizeof zero);
        return static_cast<int64_t>(zero);
    };
    switch (layout.item_size) {
        case 1:
            return load(int8_t{0});
        case 2:
            return load(int16_t{0});
        case 4:
            return load(int32_t{0});
        default:
            return load(int64_t{0});
    }
}

bool read_any_dtype(PyObject* object, ArrayLayout& layout) {
    PyTypeObject* type = Py_TYPE(object);
    if (s_numpy == Numpy::kUnseen && dtype_type_of(object)) find_array_type();
    while (type && type != s_dtype_type) type = type->tp_base;
    if (!type || s_numpy == Numpy::kUnknown) return false;
    layout = ArrayLayout{};
    read_descriptor(object, layout);
    return true;
}

bool read_dtype(PyObject* object, ArrayLayout& layout) {
    constexpr int kFirstOfAnySize = 18;  // NPY_STRING; text, records, dates
    if (!read_any_dtype(object, layout)) return false;
    const int number = reinterpret_cast<const DescriptorHead*>(object)->number;
    return number >= 0 && number < kFirstOfAnySize;
}

bool record_fields(PyObject* dtype, PyObject*& names, PyObject*& fields) {
    constexpr int kRecords = 20;  // NPY_VOID
    const auto* records = reinterpret_cast<const TimeDescriptor*>(dtype);
    if (s_numpy != Numpy::kTwo || records->number != kRecords || !records->names || !records->fields) return false;
    names = records->names;
    fields = records->fields;
    return PyTuple_CheckExact(names) && PyDict_CheckExact(fields);
}

bool has_shown_items(const ArrayLayout& layout) {
    switch (layout.kind) {
        case 'b':
        case 'i':
        case 'u':
        case 'O':
        case 'S':
        case 'U':
            return true;
        case 'f':
            return layout.item_size <= 8;
        case 'c':
            return layout.item_size <= 16;
        default:
            return false;
    }
}

std::optional<uint64_t> array_digest(const ArrayLayout& layout) {
    if (layout.has_objects || layout.size > kMostHashedBytes / std::max<Py_ssize_t>(layout.item_size, 1) ||
        (layout.size > kMostScatteredItems && !layout.is_contiguous())) {
        return std::nullopt;
    }
    Hash hash(static_cast<uint64_t>(layout.kind) * 1000 + static_cast<uint64_t>(layout.item_size));
    hash_items(layout, hash);
    return hash.result();
}

uint64_t array_fingerprint(const ArrayLayout& layout, bool ends_only) {
    Hash hash(0);
    hash.word(reinterpret_cast<uint64_t>(layout.dtype));
    hash.word(static_cast<uint64_t>(layout.kind) << 8 | static_cast<uint64_t>(layout.byte_order));
    hash.word(static_cast<uint64_t>(layout.item_size));
    hash.word(static_cast<uint64_t>(layout.dimensions));
    for (int d = 0; d < layout.dimensions; ++d) hash.word(static_cast<uint64_t>(layout.shape[d]));
    const std::optional<uint64_t> digest = ends_only ? std::nullopt : array_digest(layout);
    if (digest) {
        hash.word(*digest);
    } else if (!ends_only && !layout.has_objects && layout.size <= kMostItems) {
        // They may all show, however many bytes they have.
        hash_items(layout, hash);
    } else {
        hash_ends(layout, hash);
    }
    return hash.result();
}

std::string digest_text(uint64_t digest) {
    char text[16];
    std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(digest));
    return text;
}

std::string shape_text(const ArrayLayout& layout) {
    std::string text = "(";
    for (int d = 0; d < layout.dimensions; ++d) {
        if (d != 0) text += ", ";
        text += std::to_string(layout.shape[d]);
    }
    return text + (layout.dimensions == 1 ? ",)" : ")");
}

std::string dtype_text(const ArrayLayout& layout) {
    const bool swapped = !layout.is_native() && layout.item_size > 1;
    const std::string size = std::to_string(layout.item_size);
    switch (layout.kind) {
        case 'b':
            return layout.size == 0 ? "bool" : "";
        case 'i':
        case 'u':
        case 'f':
        case 'c': {
            if (swapped) return "'>" + std::string(1, layout.kind) + size + "'";
            const bool usual = layout.kind == 'i'   ? layout.item_size == 8
                               : layout.kind == 'f' ? layout.item_size == 8
                               : layout.kind == 'c' ? layout.item_size == 16
                                                    : false;
            if (usual && layout.size != 0) return "";
            const char* name = layout.kind == 'i'   ? "int"
                               : layout.kind == 'u' ? "uint"
                               : layout.kind == 'f' ? "float"
                                                    : "complex";
            return name + std::to_string(8 * layout.item_size);
        }
        case 'O':
            return "object";
        case 'S':
            return "'|S" + size + "'";
        case 'U':
            return std::string(swapped ? "'>U" : "'<U") + std::to_string(layout.item_size / 4) + "'";
        default:
            return "";
    }
}

}  // namespace tracemill::trace
