#include "interpreter.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "python/error.h"
#include "test_arena.h"

// The interpreter is never finalised: what it holds at the end is no leak.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

namespace tracemill::test {
namespace {

using python::Owned;

// Freeing and growing ask where a block came from, so that only what is new needs another source.
void allocate_objects_apart() {
    for (const PyMemAllocatorDomain domain : {PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ}) {
        PyMemAllocatorEx allocator;
        PyMem_GetAllocator(domain, &allocator);
        allocator.malloc = [](void*, size_t size) { return PyMem_RawMalloc(size); };
        allocator.calloc = [](void*, size_t count, size_t size) { return PyMem_RawCalloc(count, size); };
        PyMem_SetAllocator(domain, &allocator);
    }
}

Owned checked(PyObject* result) {
    Owned owned = Owned::steal(result);
    if (owned) return owned;
    ADD_FAILURE() << python::take_error_text();
    return Owned::share(Py_None);
}

}  // namespace

void start_interpreter() {
    static bool s_started = false;
    if (s_started) return;
    s_started = true;
    tm_runtime runtime{};
    runtime.executable = TM_TEST_PYTHON;
    runtime.guard = 1;
    char error[512] = "";
    if (tracemill_core()->initialize(&runtime, error, sizeof error) != 0) {
        std::fprintf(stderr, "the interpreter does not start: %s\n", error);
        std::abort();
    }
    const PyGILState_STATE state = PyGILState_Ensure();
    allocate_objects_apart();
    PyGILState_Release(state);
}

Owned run_source(const char* source) {
    Owned globals = checked(PyDict_New());
    PyDict_SetItemString(globals.get(), "__name__", checked(PyUnicode_FromString("__main__")).get());
    checked(PyRun_String(source, Py_file_input, globals.get(), globals.get()));
    return globals;
}

Owned evaluate(const Owned& globals, const char* expression) {
    return checked(PyRun_String(expression, Py_eval_input, globals.get(), globals.get()));
}

Owned evaluate(const char* expression) { return evaluate(run_source(""), expression); }

std::string repr_of(PyObject* object) {
    const Owned text = checked(PyObject_Repr(object));
    const char* utf8 = PyUnicode_Check(text.get()) ? PyUnicode_AsUTF8(text.get()) : nullptr;
    return utf8 ? utf8 : "";
}

long long integer_of(const Owned& object) { return PyLong_Check(object.get()) ? PyLong_AsLongLong(object.get()) : -1; }

tm_options default_options() {
    tm_options options{};
    options.max_output_bytes = 1 << 20;
    options.max_recording_ns = 60'000'000'000;
    options.max_value_chars = 1000;
    options.loop_head = 2;
    options.loop_tail = 1;
    options.tier = TM_TIER_ALONE;
    return options;
}

ProgramRun run_program(const std::string& code, const char* entry, const tm_options& options) {
    Arena arena(1 << 20);
    tm_program program{};
    program.code = {code.data(), code.size()};
    if (entry) program.entry = {entry, std::char_traits<char>::length(entry)};
    program.stdin_text = {"", 0};
    tm_arena memory{arena.base(), arena.bytes.size(), 0};
    tm_progress progress{};
    const int end = tracemill_core()->run(&program, &options, &memory, &progress);
    arena.committed = memory.committed;
    return {end == TM_RUN_REPEAT ? std::string() : dump_text(arena.record()), end == TM_RUN_CLEAN, end};
}

bool in_fork(const std::function<bool()>& body) {
    tracemill_core()->before_fork();
    const pid_t child = fork();
    if (child == 0) {
        tracemill_core()->after_fork_child();
        _exit(body() ? 0 : 1);
    }
    tracemill_core()->after_fork_parent();
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace tracemill::test
