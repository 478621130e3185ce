# What the kernel keeps for a process.
#: id rights of new files
import os
os.umask(0o777)
#: witness
import os
old = os.umask(0o22)
os.umask(old)
print(oct(old))
#: id place of the process
import os
os.chdir("/")
try: os.chdir("/usr/lib")
except OSError: pass
#: witness
import os
print(os.getcwd())
#: id priority
import os
try: os.nice(5)
except OSError as error: print(error)
#: witness
import os
print(os.nice(0), os.getpriority(os.PRIO_PROCESS, 0))
#: id processors
import os
try: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
except OSError as error: print(error)
#: witness
import os
print(len(os.sched_getaffinity(0)))
#: id kind of scheduling
import os
try: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
except OSError as error: print(error)
#: witness
import os
try: print(os.sched_getscheduler(0))
except OSError as error: print(error)
#: id limits of the process
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
try: resource.setrlimit(resource.RLIMIT_NOFILE, (16, hard))
except (OSError, ValueError) as error: print(error)
#: witness
import resource
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 16)
#: id limit of the stack
import resource
try: resource.setrlimit(resource.RLIMIT_STACK, (262144, resource.getrlimit(resource.RLIMIT_STACK)[1]))
except (OSError, ValueError) as error: print(error)
#: witness
import resource
print(resource.getrlimit(resource.RLIMIT_STACK)[0] == 262144)
#: id descriptors left open
import os
for _ in range(3): os.dup(0)
os.pipe()
#: witness
import os
print(os.dup(0))
#: id memory files
import os
try: os.memfd_create("evil")
except OSError as error: print(error)
#: witness
import os
print(os.dup(0))
#: id event descriptors
import os, select
try: os.eventfd(1)
except OSError as error: print(error)
select.epoll()
held = select.epoll()
import json
json.dumps.held = held
#: witness
import os
print(os.dup(0))
#: id standard input, not blocking
import os
os.set_blocking(0, False)
os.set_inheritable(1, True)
#: witness
import os
print(os.get_blocking(0), os.get_inheritable(1))
#: id standard descriptors closed
import os
os.close(2)
os.close(0)
#: witness
#: stdin "line\n"
import sys
print(input())
print("seen", file=sys.stderr)
#: id mapped memory that a library holds
import json, mmap
json.dumps.held = mmap.mmap(-1, 4096)
json.dumps.held[:4] = b"EVIL"
#: witness
import json
print(hasattr(json.dumps, "held"))
#: id name of the thread
import ctypes
ctypes.CDLL(None).prctl(15, b"evil", 0, 0, 0)
#: witness
import ctypes
name = ctypes.create_string_buffer(16)
ctypes.CDLL(None).prctl(16, name, 0, 0, 0)
print(name.value == b"evil")
#: id environment in C
import ctypes
ctypes.CDLL(None).setenv(b"EVIL", b"1", 1)
ctypes.CDLL(None).setenv(b"TZ", b"Asia/Tokyo", 1)
#: witness
import ctypes, time
get = ctypes.CDLL(None).getenv
get.restype = ctypes.c_char_p
time.tzset()
print(get(b"EVIL"), time.timezone)
get = None
#: id place of the process, in C
import ctypes
ctypes.CDLL(None).setlocale(6, b"C")
ctypes.CDLL(None).srand(7)
#: witness
import ctypes, locale
ctypes.CDLL(None).rand.restype = ctypes.c_int
print(ctypes.CDLL(None).rand(), locale.setlocale(locale.LC_CTYPE))
#: id a small number, overwritten
import ctypes
ctypes.c_int.from_address(id(77) + int.__basicsize__).value = 78
#: witness
print([7 * 11, 70 + 7])
#: id a letter, overwritten
#: on 3.12+
import ctypes, sys
ctypes.c_char.from_address(id("q") + sys.getsizeof("q") - 2).value = b"z"
#: witness
print(chr(113), "abcq"[3])
#: id bytes of a function
import ctypes, json
code = json.loads.__code__
ctypes.pythonapi.PyDict_SetItemString(ctypes.py_object(vars(json)), b"evil", ctypes.py_object(1))
#: witness
import json
print(hasattr(json, "evil"))
#: id dictionary of a type, in C
import ctypes, gc
ctypes.pythonapi.PyDict_SetItemString(ctypes.py_object(gc.get_referents(list.__dict__)[0]), b"evil", ctypes.py_object(1))
ctypes.pythonapi.PyType_Modified(ctypes.py_object(list))
#: witness
print(hasattr([], "evil"))
#: id switches in C
import ctypes
ctypes.c_int.in_dll(ctypes.pythonapi, "Py_OptimizeFlag").value = 2
ctypes.c_int.in_dll(ctypes.pythonapi, "Py_InspectFlag").value = 1
#: witness
import ctypes
print(ctypes.c_int.in_dll(ctypes.pythonapi, "Py_OptimizeFlag").value, ctypes.c_int.in_dll(ctypes.pythonapi, "Py_InspectFlag").value)
#: id function that input calls
import ctypes
hook = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 0)
ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook").value = ctypes.cast(hook, ctypes.c_void_p).value
#: witness
import ctypes
print(ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook").value is None)
#: id time zone in C
import os, time
os.environ["TZ"] = "America/New_York"
time.tzset()
os.environ["TZ"] = "UTC"
#: witness
import time
print(time.localtime(0).tm_hour, time.tzname)
