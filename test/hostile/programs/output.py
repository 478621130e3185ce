# Floods of output. The limit in these tests is 65,536 bytes per stream.

#: id endless printing
#: status output-limit
while True:
    print("x" * 1_000)

#: id one huge line
#: status output-limit
print("x" * 10_000_000)

#: id flood that catches everything
#: status output-limit
while True:
    try:
        print("x" * 10_000)
    except:
        pass

#: id flood that catches everything inside
#: status output-limit
for i in range(100):
    try:
        for _ in range(100):
            print("x" * 10_000)
    except BaseException:
        continue

#: id flood of stderr
#: status output-limit
import sys
while True:
    sys.stderr.write("x" * 1_000)

#: id flood from C
#: status output-limit
import itertools
list(map(print, itertools.repeat("x" * 100)))

#: id flood of wide characters
#: status output-limit
print("\U0001F600" * 20_000)

#: id as much as is allowed
#: status ok
import sys
sys.stdout.write("x" * 65_536)

#: id one byte more
#: status output-limit
import sys
sys.stdout.write("x" * 65_536)
sys.stdout.write("x")

#: id both streams as full as is allowed
#: status ok
import sys
for stream in sys.stdout, sys.stderr:
    stream.write("\u00e9" * 32_768)

#: id flood through logging
#: status output-limit
import logging
for _ in range(10_000):
    logging.error("x" * 1_000)

#: id flood from a thread
#: status output-limit
#: notInline the thread goes on into the next program
import threading
def flood():
    while True:
        print("x" * 1_000)
thread = threading.Thread(target=flood)
thread.start()
thread.join()

#: id flood from a destructor
#: status output-limit
class Loud:
    def __del__(self):
        while True:
            print("x" * 1_000)
loud = Loud()

#: id flood at exit
#: status output-limit
import atexit
@atexit.register
def flood():
    while True:
        print("x" * 1_000)

#: id flood of a descriptor
#: status output-limit
#: notInline the descriptors are those of the process itself
import os
for _ in range(100):
    os.write(1, b"x" * 100_000)
    os.write(2, b"x" * 100_000)

#: id flood of warnings
#: status output-limit
import warnings
warnings.simplefilter("always")
for i in range(10_000):
    warnings.warn("x" * 1_000)

#: id lone surrogates and zeroes
#: status exception
#: exception UnicodeEncodeError
print("\ud800", "\0", "\udfff")
