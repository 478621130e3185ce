# Put in front of programs that attack the memory they share with the supervisor, by the addresses on their own stack.
# Where what is there lies in it, an attacker knows from native/host/shared_area.h.
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_reads, _writes = os.pipe()


def readable(address):
    """Whether eight bytes can be read there; asks the kernel, which answers where a look would end the process."""
    if _libc.write(_writes, ctypes.c_void_p(address), 8) != 8:
        return False
    os.read(_reads, 8)
    return True


def word(address):
    return ctypes.c_uint64.from_address(address).value


def store(address, value, size=8):
    ctypes.memmove(address, (value % (1 << 8 * size)).to_bytes(size, "little"), size)


def is_arena(address):
    """Whether a tm_arena of a record that is being written is there: base, capacity, committed."""
    if address % 8 or not readable(address) or not readable(address + 16):
        return False
    base, capacity, committed = (word(address + at) for at in (0, 8, 16))
    return 65536 <= capacity < 1 << 33 and 16 <= committed <= capacity and base % 64 == 0 and readable(base)


def find_arena():
    """From the bottom of the stack up, whose frames are those of the executor."""
    bottom = ctypes.c_uint64.in_dll(_libc, "program_invocation_name").value
    seen = set()
    for at in range(bottom & ~7, bottom - (1 << 18), -8):
        pointer = word(at)
        if pointer in seen or pointer < 4096 or pointer >> 47:
            continue
        seen.add(pointer)
        if pointer % 4096 < 256 and is_arena(pointer):
            return pointer
    raise LookupError("no arena")


ARENA = find_arena()
CONTROL = ARENA & ~4095
RECORDS = word(ARENA)
PROGRESS = ARENA + 24
SIZES = ARENA + 88
NEXT_OFFSET, COMPLETED, CONFIRMED, STARTED_AT = (CONTROL + at for at in (8, 16, 20, 24))
ITEM = word(COMPLETED) & 0xFFFFFFFF
OFFSET = word(NEXT_OFFSET)
