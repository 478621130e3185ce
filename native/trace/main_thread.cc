#include "trace/main_thread.h"

#include <utility>

#include "python/compat.h"
#include "python/error.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Up to 3.12 others wait for a lock, which stands in a set of those that the end waits for; then for a handle.
constexpr bool kHasHandle = PY_VERSION_HEX >= 0x030d0000;
constexpr const char* kMakeState = kHasHandle ? "_make_thread_handle" : "allocate_lock";
constexpr const char* kStateNames[] = {"_tstate_lock", "_handle", "_os_thread_handle"};

// What the library registered for the end of threads notes there that nothing may be started any more.
constexpr std::pair<const char*, const char*> kEnded[] = {
    {"concurrent.futures.thread", "_shutdown"},
    {"concurrent.futures.process", "_global_shutdown"},
};

Owned attribute(const Owned& object, const char* name) {
    return object ? Owned::steal(PyObject_GetAttrString(object.get(), name)) : Owned();
}

// Past whatever a program makes of the class.
void set(const Owned& object, const char* name, PyObject* value) {
    const Owned key = Owned::steal(PyUnicode_InternFromString(name));
    if (key && PyObject_GenericSetAttr(object.get(), key.get(), value) != 0) PyErr_Clear();
}

}  // namespace

std::string MainThread::prepare() {
    threading_ = Owned::steal(PyImport_ImportModule("threading"));
    thread_ = attribute(threading_, "_main_thread");
    make_ = attribute(Owned::steal(PyImport_ImportModule("_thread")), kMakeState);
    if (!thread_ || !make_) return "the Python installation is incomplete: " + python::take_error_text();
    for (const char* name : kStateNames) {
        Owned key = Owned::steal(PyUnicode_InternFromString(name));
        if (key && PyObject_HasAttr(thread_.get(), key.get())) name_ = std::move(key);
    }
    const Owned number = attribute(threading_, "get_native_id");
    const Owned native = number ? Owned::steal(PyObject_CallNoArgs(number.get())) : Owned();
    if (native) set(thread_, "_native_id", native.get());
    PyErr_Clear();
    return name_ ? std::string() : "this Python keeps its threads' states in another way";
}

Owned MainThread::make_state() const {
    if (kHasHandle) {
        const Owned number = attribute(thread_, "_ident");
        return number ? Owned::steal(PyObject_CallOneArg(make_.get(), number.get())) : Owned();
    }
    Owned lock = Owned::steal(PyObject_CallNoArgs(make_.get()));
    const Owned locked = lock ? Owned::steal(PyObject_CallMethod(lock.get(), "acquire", nullptr)) : Owned();
    return locked ? std::move(lock) : Owned();
}

void MainThread::renew() {
    if (is_renewed()) return;
    Owned before = Owned::steal(PyObject_GetAttr(thread_.get(), name_.get()));
    const Owned state = before ? make_state() : Owned();
    if (state && PyObject_GenericSetAttr(thread_.get(), name_.get(), state.get()) == 0) {
        original_ = std::move(before);
        const Owned awaited = kHasHandle ? Owned() : attribute(threading_, "_shutdown_locks");
        if (awaited && PySet_Check(awaited.get())) {
            PySet_Discard(awaited.get(), original_.get());
            PySet_Add(awaited.get(), state.get());
        }
    }
    PyErr_Clear();
}

void MainThread::restore() {
    if (!is_renewed()) return;
    const Owned original = std::move(original_);
    original_ = Owned();
    if (!kHasHandle) {
        const Owned state = Owned::steal(PyObject_GetAttr(thread_.get(), name_.get()));
        const Owned awaited = attribute(threading_, "_shutdown_locks");
        if (state && awaited && PySet_Check(awaited.get())) {
            PySet_Discard(awaited.get(), state.get());
            PySet_Add(awaited.get(), original.get());
        }
        set(thread_, "_is_stopped", Py_False);
    }
    if (PyObject_GenericSetAttr(thread_.get(), name_.get(), original.get()) != 0) PyErr_Clear();
    set(threading_, "_SHUTTING_DOWN", Py_False);
    for (const auto& [name, flag] : kEnded) {
        PyObject* module = PyDict_GetItemString(PyImport_GetModuleDict(), name);  // borrowed
        if (module) set(Owned::share(module), flag, Py_False);
    }
    PyErr_Clear();
}

}  // namespace tracemill::trace
