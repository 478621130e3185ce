#include "trace/library_random.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "python/ref.h"
#include "trace/library_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr size_t kMostEntropyBytes = 1 << 16;

// Steele, Lea and Flood's SplitMix64.
class SplitMix {
  public:
    void seed(uint64_t seed) { state_ = seed; }
    uint64_t next() {
        uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

  private:
    uint64_t state_ = 0;
};

SplitMix s_entropy;

// Stands for secrets.randbits() in NumPy's module.
PyObject* draw_bits(PyObject*, PyObject* count) {
    const Py_ssize_t bits = PyNumber_AsSsize_t(count, PyExc_OverflowError);
    if (bits == -1 && PyErr_Occurred()) return nullptr;
    const size_t size = bits < 0 ? 0 : (static_cast<size_t>(bits) + 7) / 8;
    if (bits < 0 || size > kMostEntropyBytes) {
        PyErr_SetString(PyExc_ValueError, "number of bits must be non-negative");
        return nullptr;
    }
    std::string bytes;
    while (bytes.size() < size) {
        const uint64_t word = s_entropy.next();
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    bytes.resize(size);
    if (bits % 8 != 0) bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) >> (8 - bits % 8));
    return _PyLong_FromByteArray(reinterpret_cast<const unsigned char*>(bytes.data()), size, 1, 0);
}

PyObject* entropy_function() {
    static PyMethodDef s_method{"randbits", draw_bits, METH_O, nullptr};
    static PyObject* const kFunction = PyCFunction_New(&s_method, nullptr);
    return kFunction;
}

PyObject* loaded_module(const char* name) {
    PyObject* module = PyDict_GetItemString(PyImport_GetModuleDict(), name);
    return module && PyModule_Check(module) ? module : nullptr;
}

// The Mersenne twister's own state: its words and the place in them.
constexpr size_t kTwisterBytes = 624 * sizeof(uint32_t) + sizeof(int);

// NULL for another kind of generator. NumPy's interface for C code: the first field of what the capsule holds.
void* twister_state(PyObject* bits) {
    if (std::strcmp(Py_TYPE(bits)->tp_name, "numpy.random._mt19937.MT19937") != 0) return nullptr;
    const Owned capsule = Owned::steal(c_attribute(bits, interned<"capsule">()));
    void* const* interface =
        capsule ? static_cast<void**>(PyCapsule_GetPointer(capsule.get(), "BitGenerator")) : nullptr;
    PyErr_Clear();
    return interface ? *interface : nullptr;
}

struct Seeded {
    uint64_t seed;
    std::array<char, kTwisterBytes> state;
};

// As it is where the program itself imports NumPy: made from the first entropy that is drawn.
bool make_seeded(PyObject* bits, uint64_t seed, std::optional<Seeded>& seeded) {
    const Owned fresh = Owned::steal(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(Py_TYPE(bits))));
    const void* state = fresh ? twister_state(fresh.get()) : nullptr;
    if (!state) return false;
    seeded.emplace().seed = seed;
    std::memcpy(seeded->state.data(), state, kTwisterBytes);
    return true;
}

}  // namespace

void prepare_library_random() {
    PyObject* module = loaded_module("numpy.random.bit_generator");
    PyObject* dict = module ? PyModule_GetDict(module) : nullptr;
    // Not there while the module is still being imported.
    PyObject* known = dict ? PyDict_GetItemString(dict, "randbits") : nullptr;
    if (!known || !entropy_function() || known == entropy_function()) return;
    if (PyDict_SetItemString(dict, "randbits", entropy_function()) != 0) PyErr_Clear();
}

bool seed_library_random(uint64_t seed) {
    static std::optional<Seeded> s_seeded;
    s_entropy.seed(seed);
    PyObject* module = loaded_module("numpy.random.mtrand");
    PyObject* global = module ? PyDict_GetItemString(PyModule_GetDict(module), "_rand") : nullptr;
    if (!global) return true;
    // Forgets the second of a pair of normal numbers, too.
    const Owned reset = Owned::steal(PyObject_CallMethod(global, "seed", "i", 0));
    const Owned bits = reset ? Owned::steal(c_attribute(global, interned<"_bit_generator">())) : Owned();
    void* state = bits ? twister_state(bits.get()) : nullptr;
    PyErr_Clear();
    if (!state) return true;
    if (!s_seeded || s_seeded->seed != seed) {
        if (!make_seeded(bits.get(), seed, s_seeded)) return !PyErr_Occurred();
    } else {
        s_entropy.next();
        s_entropy.next();
    }
    std::memcpy(state, s_seeded->state.data(), kTwisterBytes);
    return true;
}

// The modules that draw entropy are imported after the one that they draw it from.
void note_library_import(const char* event, PyObject* arguments) {
    constexpr std::string_view kPackage = "numpy.random.";
    if (std::string_view(event) != "import" || !PyTuple_Check(arguments) || PyTuple_GET_SIZE(arguments) == 0) return;
    PyObject* name = PyTuple_GET_ITEM(arguments, 0);
    if (!PyUnicode_Check(name) || !PyUnicode_IS_ASCII(name)) return;
    const std::string_view text(static_cast<const char*>(PyUnicode_DATA(name)),
                                static_cast<size_t>(PyUnicode_GET_LENGTH(name)));
    if (text.starts_with(kPackage)) prepare_library_random();
}

}  // namespace tracemill::trace
