// Programs that try to leave the sandbox, and ordinary ones that must not notice it.
import type { Status } from "../../src/record/trace/value.ts";

export interface SandboxProgram {
  id: string;
  code: string;
  status: Status;
  /** All of it. */
  stdout?: string;
  /** Type of the exception that ends it. */
  exception?: string;
}

// Past Python's own audit events: `call` prints what the C function answers, and errno.
const LIBC = `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
supervisor = libc.getppid()  # os has another number for it
def call(name, *arguments):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    print(result, ctypes.get_errno())
`;
const REFUSED = "-1 1\n";
const NOT_THERE = "-1 38\n";

/** Refused by Python's audit events, or by the kernel. */
function denied(id: string, code: string): SandboxProgram {
  return { id, code, status: "denied", exception: "PermissionError" };
}

function raises(id: string, code: string, exception: string): SandboxProgram {
  return { id, code, status: "exception", exception };
}

function prints(id: string, code: string, stdout: string): SandboxProgram {
  return { id, code, status: "ok", stdout };
}

/** C calls that all fail with EPERM. */
function refused(id: string, ...calls: string[]): SandboxProgram {
  return prints(id, LIBC + calls.map((args) => `call(${args})\n`).join(""), REFUSED.repeat(calls.length));
}

/** System calls that all fail with EPERM; number and arguments. */
function refusedCalls(id: string, ...calls: string[]): SandboxProgram {
  return refused(id, ...calls.map((args) => `"syscall", ${args}`));
}

export const PROCESSES: readonly SandboxProgram[] = [
  denied("os.fork", "import os\nos.fork()"),
  denied("os.execv", "import os\nos.execv('/bin/true', ['true'])"),
  denied("os.posix_spawn", "import os\nos.posix_spawn('/bin/true', ['true'], {})"),
  denied("os.system", "import os\nos.system('true')"),
  denied("subprocess", "import subprocess\nsubprocess.run(['true'])"),
  denied("os.kill", "import os\nos.kill(1, 9)"),
  refused("libc fork", '"fork"'),
  refused("libc vfork", '"vfork"'),
  refused("libc execve", '"execve", b"/bin/true", None, None'),
  prints(
    "libc posix_spawn",
    `${LIBC}words = (ctypes.c_char_p * 2)(b"true", None)
print(libc.posix_spawn(None, b"/bin/true", None, None, words, words))`,
    "1\n",
  ),
  // 127: as if the shell could not be run.
  prints("libc system", `${LIBC}print(libc.system(b"true") >> 8)`, "127\n"),
  refusedCalls("clone of a process", "56, 17, None, None, None, 0"),
  prints("clone3", `${LIBC}call("syscall", 435, bytes(88), 88)`, NOT_THERE),
  refused("libc kill", '"kill", supervisor, 9', '"kill", -1, 9', '"kill", 0, 9', '"kill", 1, 0'),
  refused("libc tgkill of the supervisor", '"tgkill", supervisor, supervisor, 9'),
  refused("libc ptrace", '"ptrace", 0, 0, 0, 0', '"ptrace", 16, supervisor, 0, 0'),
  refused("the supervisor's memory", '"process_vm_readv", supervisor, bytes(16), 1, bytes(16), 1, 0'),
  refusedCalls("the supervisor's descriptors", "434, supervisor, 0", "438, 3, 3, 0"),
];

export const NETWORK: readonly SandboxProgram[] = [
  denied("socket", "import socket\nsocket.socket()"),
  denied("connect", "import socket\nsocket.create_connection(('127.0.0.1', 80))"),
  denied("getaddrinfo", "import socket\nsocket.getaddrinfo('localhost', 80)"),
  refused("libc socket", '"socket", 2, 1, 0', '"socket", 10, 2, 0', '"socket", 1, 1, 0', '"socket", 16, 3, 0'),
  refused("libc socketpair of another family", '"socketpair", 2, 1, 0, bytes(8)'),
  refused("libc sendto an address", '"sendto", 1, b"x", 1, 0, bytes(16), 16'),
];

export const FILES: readonly SandboxProgram[] = [
  denied("open for writing", "open('/tmp/tracemill-sandbox', 'w')"),
  denied("open for appending", "open('/dev/null', 'a')"),
  denied("os.open", "import os\nos.open('/tmp', os.O_RDWR | os.O_TMPFILE)"),
  denied("os.mkdir", "import os\nos.mkdir('/tmp/tracemill-sandbox')"),
  denied("os.chmod", "import os\nos.chmod('/tmp', 0o777)"),
  denied("os.remove", "import os\nos.remove('/etc/hostname')"),
  denied("os.chdir", "import os\nos.chdir('/tmp')"),
  denied("/etc/passwd", "open('/etc/passwd').read()"),
  denied("/proc/self/mem", "open('/proc/self/mem', 'rb').read(1)"),
  denied("/proc/self/environ", "open('/proc/self/environ', 'rb').read()"),
  denied("the supervisor in /proc", "import ctypes\nopen(f'/proc/{ctypes.CDLL(None).getppid()}/maps').read()"),
  denied("names in /root", "import os\nos.listdir('/root')"),
  denied("names in /", "import os\nos.listdir('/')"),
  prints("names in its folder", "import os\nprint(os.listdir('.'))", "['program.py']\n"),
  raises("a file that is not there", "open('data.txt')", "FileNotFoundError"),
  {
    id: "a temporary file",
    code: "import tempfile\ntempfile.TemporaryFile()",
    status: "denied",
    exception: "FileNotFoundError",
  },
  prints("libc open", `${LIBC}call("open", b"/tmp/x", 0o101, 0o600)\ncall("open", b"/etc/passwd", 0)`, "-1 1\n-1 13\n"),
  prints("openat2", `${LIBC}call("syscall", 437, -100, b"/tmp", bytes(24), 24)`, NOT_THERE),
  refused("libc changes to files", '"mkdir", b"/tmp/x", 0o700', '"unlink", b"/tmp/x"', '"chmod", b"/tmp", 0o777'),
  refused("libc names of files", '"rename", b"/tmp/x", b"/tmp/y"', '"symlink", b"/", b"/tmp/x"', '"rmdir", b"/tmp"'),
  refused("libc places", '"chdir", b"/tmp"', '"chroot", b"/tmp"', '"mknod", b"/tmp/x", 0o10600, 0'),
  refused("libc mount", '"mount", b"none", b"/tmp", b"tmpfs", 0, None', '"umount2", b"/tmp", 0'),
];

export const RIGHTS: readonly SandboxProgram[] = [
  denied("os.setuid", "import os\nos.setuid(0)"),
  refused("libc setuid", '"setuid", 0', '"setgid", 0', '"setgroups", 0, None', '"setresuid", 0, 0, 0'),
  refused("libc namespaces", '"unshare", 0x10000000', '"setns", 0, 0'),
  refused("libc prctl", '"prctl", 4, 1, 0, 0, 0', '"prctl", 22, 0, 0, 0, 0', '"personality", 0x400000'),
  refusedCalls(
    "powerful calls",
    "321, 0, None, 0",
    "298, None, 0, -1, -1, 0",
    "323, 0",
    "250, 0, 0",
    "317, 0, 0, None",
  ),
  refused("shared memory", '"shmget", 0, 4096, 0o1600', '"memfd_create", b"x", 0', '"msgget", 0, 0o1600'),
  denied("os.memfd_create", "import os\nos.memfd_create('x')"),
  prints("io_uring", `${LIBC}call("syscall", 425, 1, bytes(120))`, NOT_THERE),
  denied("more descriptors", "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))"),
  refused("libc prlimit", '"prlimit", 0, 7, bytes(16), None', '"prlimit", supervisor, 7, None, bytes(16)'),
  prints("a timer for a later program", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)", ""),
  { id: "x32 call", code: `${LIBC}call("syscall", 0x40000000 | 39)`, status: "crash" },
];

const PAGE = `${LIBC}libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 4
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
`;

export const CODE: readonly SandboxProgram[] = [
  prints(
    "machine code in data",
    `${PAGE}page = libc.mmap(None, 4096, 3, 0x22, -1, 0)
ctypes.memmove(page, b"\\xb8\\x2a\\x00\\x00\\x00\\xc3", 6)
call("mprotect", page, 4096, 5)`,
    REFUSED,
  ),
  prints("memory for both", `${PAGE}print(ctypes.c_ssize_t(libc.mmap(None, 4096, 7, 0x22, -1, 0)).value)`, "-1\n"),
  prints(
    "machine code over a library's",
    `${PAGE}import _ctypes
page = libc.mmap(None, 4096, 5, 2, os.open(_ctypes.__file__, os.O_RDONLY), 0)
call("mprotect", page, 4096, 3)
ctypes.memmove(page, b"\\xb8\\x2a\\x00\\x00\\x00\\xc3", 6)
call("mprotect", page, 4096, 5)`,
    `0 0\n${REFUSED}`,
  ),
  { id: "null pointer", code: "import ctypes\nctypes.string_at(0)", status: "crash" },
];

export const LEAKS: readonly SandboxProgram[] = [
  prints("environment", "import os\nprint(*sorted(os.environ))", "HOME LC_ALL PYTHONHASHSEED TZ USER\n"),
  prints(
    "descriptors",
    `import os
reached = []
for fd in range(3, 64):
    try:
        os.write(fd, b"E")
        reached.append(fd)
    except OSError:
        pass
print(reached)`,
    "[]\n",
  ),
  prints("descriptors closed", "import os\nos.closerange(0, 64)\nprint('closed')", "closed\n"),
  prints(
    "descriptors replaced",
    `import os
for fd in range(3, 64):
    try:
        os.dup2(0, fd)
    except OSError:
        pass
print("replaced")`,
    "replaced\n",
  ),
  {
    id: "forged message to the supervisor",
    code: `${LIBC}import time\nfor fd in range(3, 64):\n    libc.send(fd, b"E", 1, 0)\ntime.sleep(2)`,
    status: "crash",
  },
];

export const ORDINARY: readonly SandboxProgram[] = [
  prints(
    "threads",
    `import threading
seen = []
threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(seen))`,
    "[0, 1, 2, 3, 4, 5, 6, 7]\n",
  ),
  prints(
    "asyncio",
    `import asyncio
async def double(x):
    await asyncio.sleep(0.001)
    return 2 * x
async def main():
    return await asyncio.gather(double(1), double(2), asyncio.to_thread(sum, [3, 4]))
print(asyncio.run(main()))`,
    "[2, 4, 7]\n",
  ),
  prints("sleep", "import time\ntime.sleep(0.01)\nprint(time.monotonic() > 0, time.time() > 0)", "True True\n"),
  prints("sqlite3", "import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 6 * 7').fetchone())", "(42,)\n"),
  prints("decimal", "import decimal\nprint(decimal.Decimal(1) / 3)", "0.3333333333333333333333333333\n"),
  prints("zoneinfo", "import zoneinfo\nprint(zoneinfo.ZoneInfo('Europe/Berlin'))", "Europe/Berlin\n"),
  prints(
    "random",
    "import random\nprint(0 <= random.random() < 1, len(random.SystemRandom().randbytes(4)))",
    "True 4\n",
  ),
  prints("hashlib", "import hashlib\nprint(hashlib.sha256(b'').hexdigest()[:8])", "e3b0c442\n"),
  prints("json", "import json\nprint(json.dumps({'a': [1]}))", '{"a": [1]}\n'),
  prints("datetime", "import datetime\nprint(datetime.datetime.fromtimestamp(0))", "1970-01-01 00:00:00\n"),
  prints("imports only", "import subprocess, socket, ssl, multiprocessing, ctypes, tempfile, shutil\nprint(1)", "1\n"),
  prints("source of a module", "import inspect, json\nprint(len(inspect.getsource(json)) > 1000)", "True\n"),
  prints("a library of the system", "import ctypes\nprint(ctypes.CDLL('libm.so.6').abs(-3))", "3\n"),
  prints("pipe", "import os\nr, w = os.pipe()\nos.write(w, b'hello')\nprint(os.read(r, 5))", "b'hello'\n"),
  prints("stack limit", "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (1 << 28, -1))\nprint(1)", "1\n"),
  prints("processors", "import os\nprint(os.cpu_count() >= 1)", "True\n"),
  prints(
    "signal to itself",
    "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: print('got it'))\nsignal.raise_signal(signal.SIGUSR1)",
    "got it\n",
  ),
];
