// A program in plain CPython: what `python program.py` does in a fresh process, and what is left of it at its end.
//
//     plain EXECUTABLE REFERENCE REPORT USAGE ENTRY|- [ARGUMENT...]     in the folder of program.py
//
// The module runs as __main__, then the expression in the file ENTRY is evaluated in its globals. Result or exception
// is described by structure.py and describe.py in the folder REFERENCE, whose functions run before the interpreter ends
// and none of the program's code, and written to REPORT; USAGE gets the peak of memory in KiB and the CPU time in ms. A
// launcher in Python would be there to see, on the stack and among the objects; this one is not.
#define Py_BUILD_CORE 1
#include <Python.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_pystate.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char* usage_path;
static long peak_before;

static void fail(const char* what) {
    fprintf(stderr, "plain: %s\n", what);
    if (PyErr_Occurred()) PyErr_Print();
    _exit(70);
}

static long peak_kib(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void write_usage(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    FILE* file = fopen(usage_path, "w");
    if (!file) return;
    const long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    fprintf(file, "%ld %ld\n", usage.ru_maxrss - peak_before, cpu);
    fclose(file);
}

// The collector's figures, as a fresh interpreter has them, and what `python` itself makes before it reads the script:
// what is prepared here is nothing that a user's has.
enum { OBJECTS_OF_PYTHON = 6 };
static struct _gc_runtime_state fresh_gc;

static struct _gc_runtime_state* collector(void) { return &PyThreadState_Get()->interp->gc; }

static void restore_collector(void) {
    struct _gc_runtime_state* gc = collector();
#if PY_VERSION_HEX < 0x030e0000
    for (int i = 0; i < NUM_GENERATIONS; ++i) gc->generations[i].count = fresh_gc.generations[i].count;
    gc->long_lived_total = fresh_gc.long_lived_total;
    gc->long_lived_pending = fresh_gc.long_lived_pending;
    gc->generations[0].count += OBJECTS_OF_PYTHON;
#endif
    memcpy(gc->generation_stats, fresh_gc.generation_stats, sizeof fresh_gc.generation_stats);
}

static char* read_text(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    char* text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) fail(path);
    text[size] = 0;
    fclose(file);
    return text;
}

// Strings hash alike in every run, and the streams are those of a user's UTF-8 locale, whatever this process has.
static void start(const char* executable, int argc, char** argv) {
    PyPreConfig pre;
    PyPreConfig_InitPythonConfig(&pre);
    if (PyStatus_Exception(Py_PreInitialize(&pre))) fail("no interpreter");
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = 0;
    config.write_bytecode = 0;
    config.use_hash_seed = 1;
    config.hash_seed = 0;
    PyConfig_SetBytesString(&config, &config.executable, executable);
    PyConfig_SetString(&config, &config.stdio_encoding, L"utf-8");
    PyConfig_SetString(&config, &config.stdio_errors, L"strict");
    argv[0] = "program.py";
    PyConfig_SetBytesArgv(&config, argc, argv);
    if (PyStatus_Exception(Py_InitializeFromConfig(&config))) fail("no interpreter");
    PyConfig_Clear(&config);
    fresh_gc = *collector();
}

static void run_file(const char* folder, const char* name, PyObject* globals) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char* source = read_text(path);
    PyObject* code = Py_CompileString(source, path, Py_file_input);
    PyObject* done = code ? PyEval_EvalCode(code, globals, globals) : NULL;
    if (!done) fail(path);
    Py_DECREF(done);
    Py_DECREF(code);
    free(source);
}

// `describe`, in a namespace and with builtins that a program does not reach by a name.
static PyObject* describer(const char* folder) {
    PyObject* globals = PyDict_New();
    PyObject* builtins = PyDict_Copy(PyEval_GetBuiltins());
    PyDict_SetItemString(globals, "__builtins__", builtins);
    PyDict_SetItemString(globals, "__name__", PyUnicode_FromString("structure"));
    run_file(folder, "structure.py", globals);
    run_file(folder, "describe.py", globals);
    PyObject* describe = PyDict_GetItemString(globals, "describe");
    if (!describe) fail("no describe");
    Py_INCREF(describe);
    return describe;
}

// What pymain_run_python and PyRun_SimpleFile set, in their order.
static PyObject* prepare_main(const char* file, PyObject* main) {
    PyObject* globals = PyModule_GetDict(main);
    char folder[4096];
    if (!getcwd(folder, sizeof folder)) fail("getcwd");
    PyObject* path = PySys_GetObject("path");
    PyObject* first = PyUnicode_DecodeFSDefault(folder);
    PyList_Insert(path, 0, first);
    Py_DECREF(first);
    PyObject* name = PyUnicode_FromString(file);
    PyDict_SetItemString(globals, "__file__", name);
    PyDict_SetItemString(globals, "__cached__", Py_None);
    PyObject* importing = PyImport_ImportModule("_frozen_importlib_external");
    PyObject* loader = PyObject_CallMethod(importing, "SourceFileLoader", "sO", "__main__", name);
    if (!loader) fail("no loader");
    PyDict_SetItemString(globals, "__loader__", loader);
    Py_DECREF(loader);
    Py_DECREF(importing);
    Py_DECREF(name);
    return globals;
}

static void flush(const char* name) {
    PyObject* stream = PySys_GetObject(name);
    if (!stream) return;
    PyObject* done = PyObject_CallMethod(stream, "flush", NULL);
    if (!done) PyErr_Clear();
    Py_XDECREF(done);
}

static void report(PyObject* describe, const char* path, PyObject* result, PyObject* exception) {
    // Neither finds what the collector frees the other way round: the moment of finalisers stays.
    const int collects = PyGC_Disable();
    PyObject* text = PyObject_CallFunctionObjArgs(describe, result ? result : Py_None, exception ? exception : Py_None,
                                                  result ? Py_True : Py_False, NULL);
    if (!text) fail("describe failed");
    FILE* file = fopen(path, "wb");
    if (!file) fail(path);
    fwrite(PyBytes_AS_STRING(text), 1, (size_t)PyBytes_GET_SIZE(text), file);
    fclose(file);
    Py_DECREF(text);
    if (collects) PyGC_Enable();
}

// `random` is seeded wherever programs are recorded.
static void seed_random(void) {
    PyObject* module = PyImport_ImportModule("random");
    PyObject* done = module ? PyObject_CallMethod(module, "seed", "i", 0) : NULL;
    if (!done) fail("random");
    Py_DECREF(done);
    Py_DECREF(module);
}

int main(int argc, char** argv) {
    if (argc < 6) fail("usage: plain EXECUTABLE REFERENCE REPORT USAGE ENTRY|- [ARGUMENT...]");
    const char* report_path = argv[3];
    usage_path = argv[4];
    char* entry = strcmp(argv[5], "-") == 0 ? NULL : read_text(argv[5]);
    start(argv[1], argc - 5, argv + 5);
    PyObject* describe = describer(argv[2]);
    char file[4200];
    if (!getcwd(file, 4096)) fail("getcwd");
    strcat(file, "/program.py");
    char* source = read_text(file);
    if (strstr(source, "random")) seed_random();
    free(source);
    // Held until the script has ended, as there.
    PyObject* main_module = PyImport_AddModule("__main__");
    Py_INCREF(main_module);
    PyObject* globals = prepare_main(file, main_module);
    restore_collector();
    peak_before = peak_kib();
    atexit(write_usage);

    FILE* program = fopen(file, "rb");
    PyCompilerFlags flags = {0, PY_MINOR_VERSION};
    PyObject* result = NULL;
    // An entry that does not compile ends a run before its module begins.
    PyObject* code = entry ? Py_CompileString(entry + strspn(entry, " \t"), "<entry>", Py_eval_input) : NULL;
    if (!entry || code) result = PyRun_FileExFlags(program, file, Py_file_input, globals, globals, 1, &flags);
    if (result && code) Py_SETREF(result, PyEval_EvalCode(code, globals, globals));
    Py_XDECREF(code);
    PyObject *type, *exception, *traceback;
    PyErr_Fetch(&type, &exception, &traceback);
    flush("stderr");
    flush("stdout");
    if (result) {
        report(describe, report_path, entry ? result : NULL, NULL);
        Py_DECREF(result);
        PyDict_DelItemString(globals, "__file__");
        PyDict_DelItemString(globals, "__cached__");
        PyErr_Clear();
        Py_DECREF(main_module);
    } else {
        PyErr_NormalizeException(&type, &exception, &traceback);
        if (traceback) PyException_SetTraceback(exception, traceback);
        report(describe, report_path, NULL, exception);
        PyErr_Restore(type, exception, traceback);
        Py_DECREF(main_module);
        // Ends the process for SystemExit.
        PyErr_Print();
        main_module = PyImport_AddModule("__main__");
        PyDict_DelItemString(PyModule_GetDict(main_module), "__file__");
        PyDict_DelItemString(PyModule_GetDict(main_module), "__cached__");
        PyErr_Clear();
    }
    const int failed = result == NULL;
    free(entry);
    if (Py_FinalizeEx() < 0) return 120;
    return failed;
}
