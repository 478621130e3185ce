#include "trace/audit_policy.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <string_view>

#include "python/interpreter_state.h"
#include "trace/library_random.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

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
    // changes to files
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "os.chflags",
    "os.lockf",
    "os.chdir",
    "os.fchdir",
    "shutil.rmtree",
    "shutil.move",
    "shutil.copyfile",
    "tempfile.mkstemp",
    "tempfile.mkdtemp",
    // recording; `sys.settrace` itself never gets here (tracing_lock.h)
    "sys.settrace",
};

bool opens_for_writing(PyObject* arguments) {
    if (!PyTuple_Check(arguments) || PyTuple_GET_SIZE(arguments) < 3) return false;
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

bool is_denied(std::string_view event, PyObject* arguments) {
    if (event == "open") return opens_for_writing(arguments);
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

int check(const char* name, PyObject* arguments, void*) {
    note_library_import(name, arguments);
    RunState* run = current_run();
    if (!run || run->options.trusted || run->changes_hook) return 0;
    const std::string_view event(name);
    if (is_denied(event, arguments)) return refuse(run, event == "open" ? "opening a file for writing" : name);
    if (starts_too_many_threads(event)) {
        PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
        return -1;
    }
    if (event == "open" || event.starts_with("os.") || event.starts_with("socket.")) run->attempted = event;
    return 0;
}

}  // namespace

bool install_audit_policy() { return PySys_AddAuditHook(check, nullptr) == 0; }

}  // namespace tracemill::trace
