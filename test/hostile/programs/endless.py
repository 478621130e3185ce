# Programs that would run for ever. Each costs the whole time limit: there are few, and others of their kind are welcome
# only where they are endless in a new way.

#: id endless loop
#: status timeout or record-limit: nearly all the time of its lines is the recording's
while True:
    pass

#: id loop that catches everything
#: status timeout
while True:
    try:
        while True:
            sum(range(2_000))
    except BaseException:
        pass

#: id sum of an endless iterator
#: status timeout
#: notInline code stuck in C cannot be stopped in the same process
import itertools
sum(itertools.count())

#: id search of an endless iterator
#: status timeout
#: notInline code stuck in C cannot be stopped in the same process
import itertools
1 in itertools.cycle([0])

#: id huge power
#: status timeout or memory-limit: whichever is met first
#: notInline code stuck in C cannot be stopped in the same process
x = 10 ** 10 ** 8

#: id catastrophic regular expression
#: status timeout
#: notInline code stuck in C cannot be stopped in the same process
import re
re.match(r"(a+)+$", "a" * 40 + "b")

#: id sleep
#: status timeout
#: notInline a sleep is not interrupted in the same process
import time
time.sleep(60)

#: id deadlock
#: status timeout
#: notInline a lock is not interrupted in the same process
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()

#: id loop in finally
#: status timeout
try:
    while True:
        sum(range(2_000))
finally:
    while True:
        sum(range(2_000))

#: id exit of a with block that swallows
#: status timeout
class Swallow:
    def __enter__(self):
        return self
    def __exit__(self, *exception):
        return True
while True:
    with Swallow():
        while True:
            sum(range(2_000))

#: id generator that loops in finally
#: status timeout
def stubborn():
    try:
        yield 1
    finally:
        while True:
            sum(range(2_000))
g = stubborn()
next(g)
g.close()

#: id questions without answers
#: status timeout
while True:
    try:
        sum(range(2_000))
        input()
    except:
        continue

#: id segmentation faults that a handler returns to
#: status timeout
#: notInline it takes the whole process
import ctypes, signal
signal.signal(signal.SIGSEGV, lambda *_: None)
ctypes.string_at(0)
