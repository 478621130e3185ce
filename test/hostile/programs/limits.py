# Memory that Python's allocators do not see, and what is refused under other names.

#: id anonymous memory, shared
#: status memory-limit
import mmap
block = bytes(1 << 20)
memory = mmap.mmap(-1, 600 << 20)
for i in range(600):
    memory[i << 20 : (i + 1) << 20] = block

#: id anonymous memory, private
#: status memory-limit
import mmap
block = bytes(1 << 20)
memory = mmap.mmap(-1, 600 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for i in range(600):
    memory[i << 20 : (i + 1) << 20] = block

#: id many small mappings
#: status memory-limit
import mmap
block = bytes(1 << 20)
held = []
for i in range(600):
    held.append(mmap.mmap(-1, 1 << 20))
    held[-1][:] = block

#: id key of a password
#: status memory-limit
import hashlib
hashlib.scrypt(b"password", salt=b"salt", n=2 ** 20, r=8, p=1, maxmem=2 ** 31 - 1)

#: id database in memory
#: status memory-limit
import sqlite3
connection = sqlite3.connect(":memory:")
connection.execute("create table t (x)")
for _ in range(60):
    connection.execute("insert into t values (zeroblob(10000000))")

#: id memory of C
#: status memory-limit
import ctypes
libc = ctypes.CDLL(None)
libc.calloc.restype = ctypes.c_void_p
libc.memset.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
for _ in range(60):
    block = libc.calloc(1, 10 << 20)
    if not block:
        raise MemoryError
    libc.memset(block, 1, 10 << 20)

#: id file in memory
#: status memory-limit or denied or exception: there may be no such files
import os
file = os.memfd_create("hoard")
block = bytes(1 << 20)
for _ in range(600):
    os.write(file, block)

#: id result that takes it all to be shown
#: status memory-limit
#: entry f()
class Endless:
    def __repr__(self):
        return "x" * (400 << 20)
def f():
    return repr(Endless())

#: id refused memory under another name, handled
#: status ok
#: stdout "handled\n"
import mmap
try:
    memory = mmap.mmap(-1, 1 << 42)
except (OSError, MemoryError, ValueError):
    print("handled")

#: id scratch files that nobody asked for
#: status denied
import tempfile
tempfile.TemporaryFile()

#: id interpreter of another kind
#: status denied
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
interpreters.create()
