#include "trace/environment.h"

#include <cstring>
#include <utility>

#include "python/error.h"
#include "python/interpreter_state.h"
#include "trace/library_random.h"

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
    std::string error = main_.prepare();
    if (!error.empty()) return error;
    random_ = attribute("random", "_inst");
    if (random_) random_seed_ = Owned::steal(PyObject_GetAttrString(random_.get(), "seed"));
    forget_warnings_ = attribute("warnings", "_filters_mutated");
    if (!forget_warnings_) {
        PyErr_Clear();
        forget_warnings_ = attribute("_warnings", "_filters_mutated_lock_held");
    }
    const auto name = [](const char* text) { return Owned::steal(PyUnicode_InternFromString(text)); };
    names_ = {.arguments = name("argv"), .program = name("program.py"), .gauss_next = name("gauss_next")};
    const Owned sys = Owned::steal(PyImport_ImportModule("sys"));
    sys_ = sys ? PyModule_GetDict(sys.get()) : nullptr;
    const bool complete = sys_ && names_.gauss_next && random_seed_;
    tm_settings settings;
    tm_read_settings(&settings);
    int_digits_ = settings.int_digits;
    if (!complete) return "the Python installation is incomplete: " + python::take_error_text();
    keep_hooks();
    PyErr_Clear();
    return std::string();
}

void Environment::keep_hooks() {
    for (const char* text : {"excepthook", "unraisablehook", "displayhook", "breakpointhook"}) {
        Owned name = Owned::steal(PyUnicode_InternFromString(text));
        PyObject* value = name ? PyDict_GetItemWithError(sys_, name.get()) : nullptr;
        if (value) hooks_.push_back({std::move(name), Owned::share(value)});
    }
}

bool Environment::put_hooks_back() const {
    for (const Hook& hook : hooks_) {
        if (PyDict_GetItemWithError(sys_, hook.name.get()) == hook.value.get()) continue;
        if (!set_sys(hook.name, hook.value.get())) return false;
    }
    return true;
}

bool Environment::seed_random(uint64_t seed) {
    if (!seeded_ || seeded_with_ != seed) {
        const Owned number = Owned::steal(PyLong_FromUnsignedLongLong(seed));
        const Owned result = number ? Owned::steal(PyObject_CallOneArg(random_seed_.get(), number.get())) : Owned();
        if (!result) return false;
        size_t size = 0;
        const char* state = state_of(random_.get(), size);
        random_state_.assign(state, size);
        seeded_ = true;
        seeded_with_ = seed;
        return true;
    }
    size_t size = 0;
    char* state = state_of(random_.get(), size);
    std::memcpy(state, random_state_.data(), size);
    return PyObject_SetAttr(random_.get(), names_.gauss_next.get(), Py_None) == 0;
}

bool Environment::set_sys(const Owned& name, PyObject* value) const {
    return PyDict_SetItem(sys_, name.get(), value) == 0;
}

bool Environment::set_arguments(const tm_program& program) {
    const Owned arguments = Owned::steal(PyList_New(0));
    if (!arguments || PyList_Append(arguments.get(), names_.program.get()) != 0) return false;
    for (uint64_t i = 0; i < program.argc; ++i) {
        const Owned argument = decoded(program.argv[i]);
        if (!argument || PyList_Append(arguments.get(), argument.get()) != 0) return false;
    }
    return set_sys(names_.arguments, arguments.get());
}

Owned Environment::enter(const tm_program& program, uint64_t seed) {
    Owned main = main_.make();
    if (!main) return Owned();
    if (!set_arguments(program) || !put_hooks_back() || !seed_random(seed)) return Owned();
    if (!seed_library_random(seed)) return Owned();
    if (Py_GetRecursionLimit() != kRecursionLimit) Py_SetRecursionLimit(kRecursionLimit);
    tm_settings settings;
    tm_read_settings(&settings);
    if (settings.int_digits != int_digits_) {
        settings.int_digits = int_digits_;
        tm_write_settings(&settings);
    }
    if (forget_warnings_) {
        const Owned done = Owned::steal(PyObject_CallNoArgs(forget_warnings_.get()));
        PyErr_Clear();
    }
    // Decimal's context, among others, lives here.
    context_ = Owned::steal(PyContext_New());
    if (!context_ || PyContext_Enter(context_.get()) != 0) return Owned();
    return main;
}

bool Environment::leave() {
    const bool left = !context_ || PyContext_Exit(context_.get()) == 0;
    PyErr_Clear();
    context_ = Owned();
    return left;
}

}  // namespace tracemill::trace
