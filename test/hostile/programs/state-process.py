# What belongs to the process: environment, standard streams, place, time.

#: id environment changed
#: status ok
import os
os.environ["HOSTILE"] = "1"
os.environ["HOME"] = "/hostile"
del os.environ["USER"]
#: witness
import os
print(sorted(os.environ.items()), os.path.expanduser("~"))

#: id environment cleared
#: status ok
import os
os.environ.clear()
#: witness
import os
print(sorted(os.environ), os.getenv("TZ"))

#: id environment changed underneath
#: status ok
import os
os.putenv("HOSTILE", "1")
os.unsetenv("USER")
os.environ = {}
os.environb = None
#: witness
import ctypes, os
get = ctypes.CDLL(None).getenv
get.restype = ctypes.c_char_p
print(get(b"HOSTILE"), get(b"USER"), sorted(os.environ))

#: id environment written by hand
#: status ok
import ctypes, os
ctypes.CDLL(None).setenv(b"HOSTILE", b"1", 1)
os.environ._data[b"X"] = b"1"
#: witness
import ctypes, os
get = ctypes.CDLL(None).getenv
get.restype = ctypes.c_char_p
print(get(b"HOSTILE"), "X" in os.environ)

#: id time zone
#: status ok
import os, time
os.environ["TZ"] = "EST+5EDT,M3.2.0,M11.1.0"
time.tzset()
#: witness
import time
print(time.tzname, time.timezone, time.localtime(0)[:5], time.strftime("%Z", time.localtime(0)))

#: id time zone set and taken back
#: status ok
import os, time
os.environ["TZ"] = "EST+5EDT"
time.tzset()
os.environ["TZ"] = "UTC"
#: witness
import datetime
print(datetime.datetime.fromtimestamp(0))

#: id output closed
#: status ok or exception: the stream may refuse to be closed
import sys
sys.stdout.close()
#: witness
import sys
print("heard", sys.stdout.closed)

#: id input closed
#: status ok
import sys
sys.stdin.close()
#: witness
import sys
print(repr(sys.stdin.read()))

#: id the streams of before closed
#: status ok
import sys
for stream in sys.__stdout__, sys.__stderr__, sys.__stdin__:
    if stream is not None:
        stream.close()
#: witness
import sys
print([getattr(s, "closed", s) for s in (sys.__stdin__, sys.__stdout__, sys.__stderr__)])

#: id the streams of before gone
#: status ok
import sys
sys.__stdout__ = sys.__stderr__ = sys.__stdin__ = None
sys.stdout = sys.stderr = sys.stdin = None
#: witness
import sys
print([s is None for s in (sys.__stdin__, sys.__stdout__, sys.stdout)])

#: id output deleted
#: status ok or exception: there is nothing to print to
import sys
del sys.stdout, sys.stdin, sys.stderr
#: witness
print("heard")

#: id output detached
#: status ok or exception: the stream may not have what is asked for
import sys
sys.stdout.detach()
#: witness
print("heard")

#: id output reconfigured
#: status ok or exception: the stream may not have what is asked for
import sys
sys.stdout.reconfigure(encoding="ascii", errors="replace", line_buffering=True)
#: witness
print("\u00e9")

#: id output redirected and not back
#: status ok
#: stdout ""
import contextlib, io
contextlib.redirect_stdout(io.StringIO()).__enter__()
print("unseen")
#: witness
print("heard")

#: id arguments changed
#: status ok
import sys
sys.argv[:] = ["hostile"] * 3
sys.orig_argv = sys.executable = sys.prefix = None
#: witness
import sys
print(sys.argv, sys.prefix is None)

#: id place changed by hand
#: status ok
import ctypes
ctypes.CDLL(None).chdir(b"/")
ctypes.CDLL(None).umask(0)
#: witness
import ctypes, os
print(os.getcwd(), ctypes.CDLL(None).umask(0o22))

#: id name of the process
#: status ok
import ctypes
ctypes.CDLL(None).prctl(15, b"hostile", 0, 0, 0)

#: id stack limit
#: status ok or exception or denied: the limit may be kept from the program
import resource
resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))
#: witness
def dive(n):
    return n and dive(n - 1)
print(dive(900))

#: id allocator's state
#: status ok
import sys
xs = [object() for _ in range(200_000)]
del xs
sys._clear_type_cache()

#: id clock of the library
#: status ok
import time
time.time = time.monotonic = time.perf_counter = lambda: 0.0
time.tzname = ("hostile", "hostile")
time.timezone = 7
#: witness
import time
print(time.time() > 1, time.tzname, time.timezone)

#: id module of signals changed
#: status ok
import signal
signal.SIGINT = 7
signal.signal = None
#: witness
import signal
print(int(signal.SIGINT), signal.getsignal(signal.SIGINT))

#: id functions of os changed
#: status ok
import os
os.getcwd = os.listdir = os.stat = os.open = os.fspath = lambda *_, **__: "hostile"
#: witness
import os, pathlib, wave
print(os.getcwd() == "hostile", pathlib.Path("a") / "b", wave.__name__)
