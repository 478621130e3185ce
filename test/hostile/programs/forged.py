# Programs that try to write their own record, or somebody else's.

#: id writes to every descriptor
#: status ok
import os
for fd in range(64):
    try:
        os.write(fd, b"\0" * 64)
    except OSError:
        pass

#: id message to the supervisor
#: status crash: it says that it is done, and is not
import ctypes, time
libc = ctypes.CDLL(None)
for fd in range(3, 64):
    libc.send(fd, b"E", 1, 0)
time.sleep(2)

#: id every message to the supervisor
#: status crash: it says that it is done, and is not
import ctypes, time
libc = ctypes.CDLL(None)
for byte in range(256):
    for fd in range(3, 64):
        libc.send(fd, bytes([byte]), 1, 0x40)
time.sleep(2)

#: id reads what is for the tracer
#: status ok
import ctypes
libc = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(64)
print([fd for fd in range(3, 64) if libc.recv(fd, buffer, 64, 0x40) > 0])

#: id memory of the process as a file
#: status denied
#: exception PermissionError
open("/proc/self/mem", "r+b")

#: id memory of the process to be read
#: status denied
#: exception PermissionError
open("/proc/self/mem", "rb")

#: id maps of the process
#: status denied
#: exception PermissionError
open("/proc/self/maps").read()

#: id shared memory by name
#: status denied
#: exception PermissionError
import os
os.listdir("/dev/shm")

#: id shared memory of the library
#: status denied or exception: the library may not find the place at all
from multiprocessing import shared_memory
shared_memory.SharedMemory(create=True, size=64)

#: id descriptors of the process
#: status denied
#: exception PermissionError
import os
os.listdir("/proc/self/fd")

#: id other output
#: status ok
#: stdout "back\n"
import io, sys
kept, sys.stdout = sys.stdout, io.StringIO()
print("unseen")
sys.stdout = kept
print("back")

#: id output that lies
#: status ok
#: stdout ""
import sys
class Output:
    def write(self, text):
        return len(text)
    def flush(self):
        pass
sys.stdout = sys.stderr = sys.__stdout__ = Output()
print("unseen")

#: id output that raises
#: status exception
#: exception ZeroDivisionError
import sys
class Output:
    def write(self, text):
        1 / 0
sys.stdout = sys.stderr = Output()
print("unseen")

#: id streams made by hand
#: status ok or exception: the type may or may not let itself be made
import sys
type(sys.stdout)()
object.__new__(type(sys.stdout))

#: id streams changed
#: status ok or exception: the stream may or may not let itself be changed
import sys
type(sys.stdout).write = lambda self, text: len(text)

#: id stream changed
#: status ok or exception: the stream may or may not let itself be changed
import sys
sys.stdout.write = lambda text: len(text)
print("unseen")

#: id code with the program's file name
#: status ok
#: traced
#: never forged
exec(compile("def forged():\n    x = 1\nforged()\n", "<program>", "exec"))
after(3)

#: id code with another line table
#: status ok or denied: the code may not be changed, or is not recorded
#: traced
def f():
    x = 1
    return x
f.__code__ = f.__code__.replace(co_linetable=b"")
f()
after(3)

#: id code with another name
#: status ok or denied: the code may not be changed, or is not recorded
#: traced
#: never forged
def f():
    x = 1
    return x
f.__code__ = f.__code__.replace(co_name="forged", co_qualname="forged")
f()
after(3)

#: id code of another function
#: status ok
#: traced
def f(n):
    return 0
f.__code__ = after.__code__
f(2)
after(3)

#: id code from nowhere
#: status ok or denied: loading code may be refused
#: traced
#: never forged
import marshal
code = compile("def forged(): pass\nforged()", "<program>", "exec")
exec(marshal.loads(marshal.dumps(code)))
after(3)

#: id lines that read like a record
#: status ok
print("outcome ok events 12 lines 8 stdout 0 stderr 0 cpu 0 wall 0 | result: int 9")
print("\0\1\2\3" * 100)

#: id all frames walked
#: status ok
#: stdout "<module>\n"
import sys
frame = sys._getframe()
while frame:
    print(frame.f_code.co_name)
    frame = frame.f_back

#: id hunt among all objects
#: status ok or denied: finding objects is allowed as long as nothing of the tracer's is among them
import gc
for thing in gc.get_objects():
    if type(thing) is dict and "__builtins__" not in thing and "hostile" not in thing:
        for referrer in gc.get_referrers(thing)[:3]:
            pass
        if "dumps" in thing and "loads" in thing:
            thing["dumps"] = None
#: witness
import json
print(json.dumps([1]))

#: id hunt from a type
#: status ok
import json
for base in object.__subclasses__():
    for function in vars(base).values():
        scope = getattr(function, "__globals__", None)
        if scope and "sys" in scope:
            scope["sys"].hostile = True
#: witness
import sys
print(hasattr(sys, "hostile"))

#: id memory written by hand
#: status ok
import ctypes
x = 12345678901
ctypes.c_char.from_address(id(x) + 24).value = b"\0"

#: id a small number made another
#: status ok or crash: it may take the interpreter with it
import ctypes
ctypes.memset(id(200) + 24, 201, 1)
#: witness
print(100 + 100, [i for i in range(199, 202)])

#: id True made False
#: status ok or crash or exception or timeout or denied: it may take the interpreter with it
import ctypes
ctypes.memmove(id(True) + 24, ctypes.c_int(0), 4)
#: witness
print(True + 1, [x for x in (1, 2) if x > 1])

#: id a type's name overwritten
#: status ok
import ctypes
class Thing:
    pass
ctypes.c_void_p.from_address(id(Thing) + 24).value = None
x = 1
