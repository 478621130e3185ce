#include "python/runtime.h"

#include <dlfcn.h>

#include "python/collector.h"
#include "python/compat.h"
#include "python/error.h"
#include "python/memory_limit.h"
#include "python/process_numbers.h"
#include "python/ref.h"
#include "python/standard_library.h"

namespace tracemill::python {
namespace {

std::string message_of(const PyStatus& status) {
    std::string text = status.err_msg ? status.err_msg : "unknown error";
    return "the Python runtime did not start: " + text;
}

std::string configure_and_start(const tm_runtime& runtime) {
    PyPreConfig pre;
    PyPreConfig_InitIsolatedConfig(&pre);
    // A tracer process has an environment of its own, with a UTF-8 locale (startup.h), and shows what any script sees
    // there. Inside Node both are Node's.
    if (runtime.guard) {
        pre.isolated = 0;
        pre.use_environment = 1;
        pre.configure_locale = 1;
        pre.utf8_mode = -1;
    } else {
        pre.utf8_mode = 1;
    }
    PyStatus status = Py_PreInitialize(&pre);
    if (PyStatus_Exception(status)) return message_of(status);

    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    // Inside Node signals are Node's.
    config.install_signal_handlers = runtime.guard ? 1 : 0;
    if (runtime.guard) {
        config.isolated = 0;
        config.use_environment = 1;
        config.user_site_directory = 1;
        config.safe_path = 0;
    }
    config.site_import = static_cast<int>(runtime.site_import);
    config.write_bytecode = 0;
    config.use_hash_seed = 1;
    config.hash_seed = 0;
    // Without an executable, getpath takes whatever `python3` is first on PATH and mixes installations.
    status = PyConfig_SetBytesString(&config, &config.executable, runtime.executable);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    return PyStatus_Exception(status) ? message_of(status) : std::string();
}

// Inside Node, extension modules would otherwise bind to Node's own zlib and OpenSSL.
std::string bind_extensions_deeply() {
    const Owned flags = Owned::steal(PyLong_FromLong(RTLD_NOW | RTLD_DEEPBIND));
    PyObject* set_flags = PySys_GetObject("setdlopenflags");  // borrowed
    const Owned result = Owned::steal(PyObject_CallOneArg(set_flags, flags.get()));
    return result ? std::string() : take_error_text();
}

// NumPy imports its random numbers when they are asked for. A program that did would read compiled code, which has no
// place in a process that is put back.
void import_late_parts(std::string_view module) {
    if (module != "numpy") return;
    const Owned part = Owned::steal(PyImport_ImportModule("numpy.random"));
    PyErr_Clear();
}

}  // namespace

std::string start_runtime(const tm_runtime& runtime) {
    if (!install_raw_allocator()) return "the system has no addresses left for the recorder's memory";
    std::string error = configure_and_start(runtime);
    if (!error.empty()) return error;
    tm_note_fresh_collector();
    install_arena_allocator();
    if (runtime.guard && !fix_process_numbers()) return "the Python runtime is incomplete";
    if (runtime.deepbind) error = bind_extensions_deeply();
    import_standard_library();
    for (uint64_t i = 0; error.empty() && i < runtime.preload_count; ++i) {
        const Owned module = Owned::steal(PyImport_ImportModule(runtime.preload[i]));
        if (!module) error = std::string("cannot preload ") + runtime.preload[i] + ": " + take_error_text();
        if (runtime.guard) import_late_parts(runtime.preload[i]);
    }
    return error;
}

}  // namespace tracemill::python
