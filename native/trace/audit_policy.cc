#include "trace/audit_policy.h"

#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "python/interpreter_state.h"
#include "trace/containment.h"
#include "trace/library_random.h"
#include "trace/native_access.h"
#include "trace/program_file.h"
#include "trace/run_state.h"
#include "trace/source_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// With a scratch directory programs may write in both.
constexpr std::string_view kScratchFolders[] = {kProgramFolder, "/tmp"};

constexpr std::string_view kDenied[] = {
    // other processes
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "os.killpg",
    "subprocess.Popen",
    "pty.spawn",
    "signal.pthread_kill",
    "_posixsubprocess.fork_exec",
    // the network
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "socket.sendmsg",
    // files' owners and further attributes
    "os.chown",
    "os.setxattr",
    "os.removexattr",
    "os.chflags",
    // recording; `sys.settrace` itself never gets here (tracing_lock.h)
    "sys.settrace",
};

// Changes to files, and how many of the arguments name one. With a scratch directory, its files may be changed.
struct Change {
    std::string_view event;
    Py_ssize_t paths;
};
constexpr Change kChanges[] = {
    {"os.remove", 1},     {"os.rename", 2},   {"os.mkdir", 1},         {"os.rmdir", 1},
    {"os.link", 2},       {"os.symlink", 0},  {"os.truncate", 1},      {"os.chmod", 1},
    {"os.utime", 1},      {"os.chdir", 1},    {"os.fchdir", 0},        {"os.lockf", 0},
    {"shutil.rmtree", 1}, {"shutil.move", 2}, {"tempfile.mkstemp", 1}, {"tempfile.mkdtemp", 1},
};
// The first argument is only read.
constexpr std::string_view kCopies = "shutil.copyfile";
// By its number: a descriptor that the program has already, to which it may do what that allows.
bool names_a_descriptor(PyObject* arguments) {
    return PyTuple_Check(arguments) && PyTuple_GET_SIZE(arguments) > 0 && PyLong_Check(PyTuple_GET_ITEM(arguments, 0));
}

bool opens_for_writing(PyObject* arguments) {
    if (!PyTuple_Check(arguments) || PyTuple_GET_SIZE(arguments) < 3 || names_a_descriptor(arguments)) return false;
    PyObject* flags = PyTuple_GET_ITEM(arguments, 2);
    if (!PyLong_CheckExact(flags)) return false;
    int overflow = 0;
    const long value = PyLong_AsLongAndOverflow(flags, &overflow);
    return overflow != 0 || (value & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)) != 0;
}

// Socket pairs are how an event loop wakes itself; every other family reaches out.
bool opens_to_the_network(PyObject* arguments) {
    if (!PyTuple_Check(arguments) || PyTuple_GET_SIZE(arguments) < 2) return true;
    PyObject* family = PyTuple_GET_ITEM(arguments, 1);
    int overflow = 0;
    return !PyLong_Check(family) || PyLong_AsLongAndOverflow(family, &overflow) != AF_UNIX;
}

bool is_below_scratch(const std::string& path) {
    for (const std::string_view folder : kScratchFolders) {
        if (path == folder || (path.starts_with(folder) && path[folder.size()] == '/')) return true;
    }
    return false;
}

std::optional<std::filesystem::path> as_path(PyObject* path) {
    PyObject* converted = nullptr;
    if (PyLong_Check(path) || !PyUnicode_FSConverter(path, &converted)) {
        PyErr_Clear();
        return std::nullopt;
    }
    const Owned bytes = Owned::steal(converted);
    return PyBytes_AS_STRING(bytes.get());
}

bool goes_up(const std::filesystem::path& path) { return std::find(path.begin(), path.end(), "..") != path.end(); }

// By the text of the path, because this is asked often and the kernel has the last word: what symbolic links lead to
// and what a descriptor stands for it refuses by itself.
bool names_scratch(PyObject* path) {
    const auto named = as_path(path);
    // A program's working directory is in there.
    if (!named || (named->is_relative() && !goes_up(*named))) return true;
    std::error_code error;
    return is_below_scratch((std::filesystem::current_path(error) / *named).lexically_normal().string());
}

bool are_in_scratch(PyObject* arguments, Py_ssize_t first, Py_ssize_t last) {
    for (Py_ssize_t i = first; i < last && i < PyTuple_GET_SIZE(arguments); ++i) {
        if (!names_scratch(PyTuple_GET_ITEM(arguments, i))) return false;
    }
    return true;
}

// A database in memory changes no file.
bool is_in_memory(PyObject* database) {
    if (!PyUnicode_Check(database)) return false;
    const char* text = PyUnicode_AsUTF8(database);
    PyErr_Clear();
    const std::string_view name = text ? text : "";
    return name.empty() || name == ":memory:" ||
           (name.starts_with("file:") &&
            (name.find("mode=memory") != std::string_view::npos || name.find(":memory:") != std::string_view::npos));
}

// Their databases are files, which C libraries open: they tell nobody, and say something else of a refusal.
bool is_database_library(PyObject* name) {
    return PyUnicode_Check(name) && (PyUnicode_CompareWithASCIIString(name, "_dbm") == 0 ||
                                     PyUnicode_CompareWithASCIIString(name, "_gdbm") == 0);
}

bool is_denied_change(std::string_view event, PyObject* arguments, bool scratch) {
    if (!PyTuple_Check(arguments)) return false;
    if (event == "os.truncate" && names_a_descriptor(arguments)) return false;
    const Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    if (event == "open") {
        return opens_for_writing(arguments) && !(scratch && are_in_scratch(arguments, 0, 1));
    }
    if (event == "sqlite3.connect") {
        return count > 0 && !is_in_memory(PyTuple_GET_ITEM(arguments, 0)) &&
               !(scratch && are_in_scratch(arguments, 0, 1));
    }
    if (event == "import") return !scratch && count > 0 && is_database_library(PyTuple_GET_ITEM(arguments, 0));
    if (event == kCopies) return !(scratch && are_in_scratch(arguments, 1, 2));
    for (const Change& change : kChanges) {
        if (event == change.event) return !(scratch && are_in_scratch(arguments, 0, change.paths));
    }
    return false;
}

bool is_denied(std::string_view event, PyObject* arguments) {
    if (event == "socket.__new__") return opens_to_the_network(arguments);
    for (const std::string_view denied : kDenied) {
        if (event == denied) return true;
    }
    return false;
}

// More live threads than any honest program has; each costs memory that no limit of a program counts.
constexpr int kMostThreads = 256;

bool starts_too_many_threads(std::string_view event) {
    return event == "_thread.start_new_thread" && tm_count_threads() > kMostThreads;
}

int decide(const char* name, PyObject* arguments) {
    if (std::strcmp(name, "open") == 0 && PyTuple_Check(arguments) && PyTuple_GET_SIZE(arguments) > 0) {
        program_file().opening(PyTuple_GET_ITEM(arguments, 0));
    }
    RunState* run = current_run();
    if (!run || run->options.trusted || run->changes_hook) return 0;
    const std::string_view event(name);
    check_native_access(run->options, event, arguments);
    if (is_denied(event, arguments) || is_denied_change(event, arguments, run->options.scratch != 0))
        return refuse(run, event == "open" ? "opening a file for writing" : name);
    if (starts_too_many_threads(event)) {
        PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
        return -1;
    }
    if (event == "open" || event.starts_with("os.") || event.starts_with("socket.")) run->attempted = event;
    return 0;
}

// `dataclasses` and others write Python for the program.
bool runs_untame_source(const char* name, PyObject* arguments) {
    const RunState* run = current_run();
    if (!run || !run->admission || std::strcmp(name, "exec") != 0) return false;
    PyObject* code =
        PyTuple_Check(arguments) && PyTuple_GET_SIZE(arguments) > 0 ? PyTuple_GET_ITEM(arguments, 0) : nullptr;
    return !code || !PyCode_Check(code) || !run->admission->allows(code);
}

int check(const char* name, PyObject* arguments, void*) {
    return contained(-1, [&] {
        note_library_import(name, arguments);
        if (runs_untame_source(name, arguments)) {
            stop_untame_run();
            return -1;
        }
        return decide(name, arguments);
    });
}

}  // namespace

bool leads_to_scratch(PyObject* path) {
    const auto named = as_path(path);
    std::error_code error;
    return named && is_below_scratch(std::filesystem::weakly_canonical(*named, error).string()) && !error;
}

bool install_audit_policy() { return PySys_AddAuditHook(check, nullptr) == 0; }

}  // namespace tracemill::trace
