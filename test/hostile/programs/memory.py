# More memory than a program may have.

#: id one impossible allocation
#: status memory-limit
bytearray(10 * 1024 ** 3)

#: id one allocation beyond the address space
#: status memory-limit
[0] * 2 ** 60

#: id many large blocks
#: status memory-limit
blocks = []
while True:
    blocks.append(bytearray(1 << 20))

#: id many small objects
#: status memory-limit or timeout: the collector looks at all of them again and again, in plain CPython too
import itertools
xs = list(map(list, itertools.repeat(())))

#: id string that doubles
#: status memory-limit
s = "x"
while True:
    s += s

#: id dictionary that grows
#: status memory-limit
import itertools
dict.fromkeys(itertools.count())

#: id sorting an endless iterator
#: status memory-limit
import itertools
sorted(itertools.count())

#: id joining an endless iterator
#: status memory-limit
import itertools
b"".join(itertools.repeat(bytes(1 << 20)))

#: id huge shift
#: status memory-limit
1 << 10 ** 10

#: id refused memory that is handled
#: status ok
#: stdout "handled\n"
try:
    bytearray(10 ** 12)
except MemoryError:
    print("handled")

#: id storm of refusals
#: status ok
refused = 0
for _ in range(1_000):
    try:
        bytearray(10 ** 12)
    except MemoryError:
        refused += 1
assert refused == 1_000

#: id endless storm of refusals
#: status timeout
while True:
    try:
        [bytearray(1 << 20) for _ in range(10_000)]
    except MemoryError:
        pass

#: id refusal turned into another exception
#: status exception
#: exception ValueError
try:
    bytearray(10 ** 12)
except MemoryError:
    raise ValueError("too big")

#: id its own MemoryError
#: status exception
#: exception MemoryError
raise MemoryError("mine")

#: id refusal in a thread
#: status ok
#: stdout "done\n"
import threading
thread = threading.Thread(target=bytearray, args=(10 ** 12,))
thread.start()
thread.join()
print("done")

#: id all memory taken when the program ends
#: status ok
hoard = []
try:
    while True:
        hoard.append(bytearray(1 << 16))
except MemoryError:
    pass

#: id refusal in a destructor
#: status ok
class Hoarder:
    def __del__(self):
        self.blocks = []
        while True:
            self.blocks.append(bytearray(1 << 20))
hoarder = Hoarder()

#: id decompression bomb
#: status memory-limit
import zlib
packer = zlib.compressobj()
block = bytes(1 << 20)
packed = b"".join(packer.compress(block) for _ in range(4)) + packer.flush()
huge = [zlib.decompress(packed) for _ in range(64)]
