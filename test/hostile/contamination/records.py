# Native code that looks for the records of others, or of itself, and writes over them. Its own record is its own loss.
#: id records found in memory and changed
print("honest words")
#: program
exec("""
import ctypes, os
libc = ctypes.CDLL(None)
libc.write.argtypes = libc.read.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
out, into = os.pipe()
def readable(at): return libc.write(into, at, 1) == 1 and os.read(out, 1) is not None
def put(at, data):
    os.write(into, data)
    if libc.read(out, at, len(data)) < 0: os.read(out, len(data))
libs = ctypes.cast(libc.getenv, ctypes.c_void_p).value & ~0xFFFF
wanted, false = b"honest" + b" words", b"forged" + b" words"
here = 0
for step in range(libs - (2 << 30), libs + (1 << 30), 1 << 16):
    last, here = here, readable(step) and 1 + (ctypes.string_at(step, 4096).count(0) < 4096)
    if not here or (here == last == 1): continue
    for page in range(step - (1 << 16), step + (1 << 16), 4096):
        if not readable(page): continue
        text = ctypes.string_at(page, 4096)
        at = text.find(wanted)
        while at >= 0:
            put(page + at, false)
            at = text.find(wanted, at + 1)
""")
print("honest " + "words")
#: witness
print("honest words")
#: witness
x = "honest words"
#: id all memory around its own record filled
print("honest words")
#: program
print("my own " + "record")
exec("""
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.write.argtypes = libc.read.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
out, into = os.pipe()
def readable(at): return libc.write(into, at, 1) == 1 and os.read(out, 1) is not None
def put(at, data):
    os.write(into, data)
    if libc.read(out, at, len(data)) < 0: os.read(out, len(data))
libs = ctypes.cast(libc.getenv, ctypes.c_void_p).value & ~0xFFFF
wanted, fill, found = b"my own" + b" record", bytes([255]) * 4096, []
here = 0
for step in range(libs - (2 << 30), libs + (1 << 30), 1 << 16):
    last, here = here, readable(step) and 1 + (ctypes.string_at(step, 4096).count(0) < 4096)
    if not here or (here == last == 1): continue
    for page in range(step - (1 << 16), step + (1 << 16), 4096):
        if not readable(page): continue
        if wanted in ctypes.string_at(page, 4096): found.append(page)
for page in found:
    for near in range(page - (1 << 18), page + (1 << 18), 4096):
        if near == page or not readable(near): continue
        text = ctypes.string_at(near, 4096)
        if text.count(0) == 4096 or b"honest" in text: put(near, fill)
os._exit(0)
""")
#: witness
print("honest words")
#: witness
x = "honest words"
