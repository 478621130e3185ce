#include "trace/environment.h"

#include <cstring>

#include "python/error.h"
#include "python/interpreter_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

Owned attribute(const char* module, const char* name) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    return imported ? Owned::steal(PyObject_GetAttrString(imported.get(), name)) : Owned();
}

Owned decoded(const tm_text& text) {
    return Owned::steal(
        PyUnicode_DecodeUTF8(text.data ? text.data : "", static_cast<Py_ssize_t>(text.size), "surrogatepass"));
}

// The C part of a random.Random: its counter and state vector, without the Python subclass's fields.
char* state_of(PyObject* random, size_t& size) {
    PyTypeObject* base = Py_TYPE(random)->tp_base;
    size = static_cast<size_t>(base->tp_basicsize) - sizeof(PyObject);
    return reinterpret_cast<char*>(random) + sizeof(PyObject);
}

constexpr int kRecursionLimit = 1000;

}  // namespace

std::string Environment::prepare() {
    std::string error = d_main.prepare();
    if (!error.empty()) return error;
    d_random = attribute("random", "_inst");
    if (d_random) d_random_seed = Owned::steal(PyObject_GetAttrString(d_random.get(), "seed"));
    d_forget_warnings = attribute("warnings", "_filters_mutated");
    if (!d_forget_warnings) {
        PyErr_Clear();
        d_forget_warnings = attribute("_warnings", "_filters_mutated_lock_held");
    }
    const auto name = [](const char* text) { return Owned::steal(PyUnicode_InternFromString(text)); };
    d_names = {.arguments = name("argv"), .program = name("program.py"), .gauss_next = name("gauss_next")};
    const Owned sys = Owned::steal(PyImport_ImportModule("sys"));
    d_sys = sys ? PyModule_GetDict(sys.get()) : nullptr;
    const bool complete = d_sys && d_names.gauss_next && d_random_seed;
    tm_settings settings;
    tm_read_settings(&settings);
    d_int_digits = settings.int_digits;
    if (!complete) return "the Python installation is incomplete: " + python::take_error_text();
    PyErr_Clear();
    return std::string();
}

bool Environment::seed_random(uint64_t seed) {
    if (!d_seeded || d_seeded_with != seed) {
        const Owned number = Owned::steal(PyLong_FromUnsignedLongLong(seed));
        const Owned result = number ? Owned::steal(PyObject_CallOneArg(d_random_seed.get(), number.get())) : Owned();
        if (!result) return false;
        size_t size = 0;
        const char* state = state_of(d_random.get(), size);
        d_random_state.assign(state, size);
        d_seeded = true;
        d_seeded_with = seed;
        return true;
    }
    size_t size = 0;
    char* state = state_of(d_random.get(), size);
    std::memcpy(state, d_random_state.data(), size);
    return PyObject_SetAttr(d_random.get(), d_names.gauss_next.get(), Py_None) == 0;
}

bool Environment::set_sys(const Owned& name, PyObject* value) const {
    return PyDict_SetItem(d_sys, name.get(), value) == 0;
}

bool Environment::set_arguments(const tm_program& program) {
    const Owned arguments = Owned::steal(PyList_New(0));
    if (!arguments || PyList_Append(arguments.get(), d_names.program.get()) != 0) return false;
    for (uint64_t i = 0; i < program.argc; ++i) {
        const Owned argument = decoded(program.argv[i]);
        if (!argument || PyList_Append(arguments.get(), argument.get()) != 0) return false;
    }
    return set_sys(d_names.arguments, arguments.get());
}

Owned Environment::enter(const tm_program& program, uint64_t seed) {
    Owned globals = d_main.make();
    if (!globals) return Owned();
    if (!set_arguments(program) || !seed_random(seed)) return Owned();
    if (Py_GetRecursionLimit() != kRecursionLimit) Py_SetRecursionLimit(kRecursionLimit);
    tm_settings settings;
    tm_read_settings(&settings);
    if (settings.int_digits != d_int_digits) {
        settings.int_digits = d_int_digits;
        tm_write_settings(&settings);
    }
    if (d_forget_warnings) {
        const Owned done = Owned::steal(PyObject_CallNoArgs(d_forget_warnings.get()));
        PyErr_Clear();
    }
    // Decimal's context, among others, lives here.
    d_context = Owned::steal(PyContext_New());
    if (!d_context || PyContext_Enter(d_context.get()) != 0) return Owned();
    return globals;
}

bool Environment::leave() {
    const bool left = !d_context || PyContext_Exit(d_context.get()) == 0;
    PyErr_Clear();
    d_context = Owned();
    return left;
}

}  // namespace tracemill::trace
