#include "trace/signal_use.h"

#include <sys/time.h>

#include "python/error.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// One per process, as timers and handlers are.
bool s_timers_set = false;
std::bitset<65> s_handlers_set;

PyCFunction s_alarm;
_PyCFunctionFast s_set_timer;
_PyCFunctionFast s_set_handler;

bool refuses(const char* operation) {
    RunState* run = current_run();
    return run && run->options.trusted && refuse(run, operation) != 0;
}

PyObject* alarm(PyObject* self, PyObject* seconds) {
    if (refuses("signal.alarm")) return nullptr;
    s_timers_set = true;
    return s_alarm(self, seconds);
}

PyObject* set_timer(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
    if (refuses("signal.setitimer")) return nullptr;
    s_timers_set = true;
    return s_set_timer(self, arguments, count);
}

PyObject* set_handler(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
    const long number = count > 0 && PyLong_Check(arguments[0]) ? PyLong_AsLong(arguments[0]) : 0;
    PyErr_Clear();
    if (number > 0 && number < static_cast<long>(s_handlers_set.size()))
        s_handlers_set.set(static_cast<size_t>(number));
    return s_set_handler(self, arguments, count);
}

// NULL where this Python's function is called in another way.
PyMethodDef* definition_of(PyObject* module, const char* name, int flags) {
    const Owned function = Owned::steal(PyObject_GetAttrString(module, name));
    if (!function || !PyCFunction_CheckExact(function.get())) return nullptr;
    PyMethodDef* definition = reinterpret_cast<PyCFunctionObject*>(function.get())->m_ml;
    return definition->ml_flags == flags ? definition : nullptr;
}

void stop_timers() {
    if (!s_timers_set) return;
    s_timers_set = false;
    const itimerval none{};
    for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) setitimer(timer, &none, nullptr);
}

}  // namespace

std::string SignalUse::prepare() {
    const Owned module = Owned::steal(PyImport_ImportModule("_signal"));
    PyMethodDef* alarm_definition = module ? definition_of(module.get(), "alarm", METH_O) : nullptr;
    PyMethodDef* timer_definition = module ? definition_of(module.get(), "setitimer", METH_FASTCALL) : nullptr;
    PyMethodDef* handler_definition = module ? definition_of(module.get(), "signal", METH_FASTCALL) : nullptr;
    if (!alarm_definition || !timer_definition || !handler_definition) {
        return "the Python installation is incomplete: " + python::take_error_text();
    }
    handlers_.resize(kSignals);
    for (int number = 1; number < kSignals; ++number) {
        handlers_[static_cast<size_t>(number)] =
            Owned::steal(PyObject_CallMethod(module.get(), "getsignal", "i", number));
        PyErr_Clear();
    }
    set_handler_ = Owned::steal(PyObject_GetAttrString(module.get(), "signal"));
    s_alarm = alarm_definition->ml_meth;
    alarm_definition->ml_meth = alarm;
    s_set_timer = reinterpret_cast<_PyCFunctionFast>(reinterpret_cast<void (*)()>(timer_definition->ml_meth));
    timer_definition->ml_meth = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(set_timer));
    s_set_handler = reinterpret_cast<_PyCFunctionFast>(reinterpret_cast<void (*)()>(handler_definition->ml_meth));
    handler_definition->ml_meth = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(set_handler));
    return std::string();
}

void SignalUse::finish() {
    stop_timers();
    if (PyErr_CheckSignals() != 0) PyErr_WriteUnraisable(nullptr);
}

void SignalUse::restore() {
    stop_timers();
    for (size_t number = 1; s_handlers_set.any() && number < s_handlers_set.size(); ++number) {
        PyObject* handler = s_handlers_set[number] ? handlers_[number].get() : nullptr;
        if (!handler || handler == Py_None) continue;
        const Owned done = Owned::steal(PyObject_CallFunction(set_handler_.get(), "nO", number, handler));
        PyErr_Clear();
    }
    s_handlers_set.reset();
}

}  // namespace tracemill::trace
