# Threads: too many, too long, and left behind.

#: id ten thousand threads
#: status exception
#: exception RuntimeError
import threading
gate = threading.Event()
for _ in range(10_000):
    threading.Thread(target=gate.wait, daemon=True).start()

#: id ten thousand threads that are let go
#: status exception
#: exception RuntimeError
import threading
gate = threading.Event()
try:
    for _ in range(10_000):
        threading.Thread(target=gate.wait).start()
finally:
    gate.set()

#: id two hundred threads
#: status ok
#: stdout "200\n"
import threading
gate = threading.Event()
threads = [threading.Thread(target=gate.wait) for _ in range(200)]
for thread in threads:
    thread.start()
print(sum(thread.is_alive() for thread in threads))
gate.set()
for thread in threads:
    thread.join()

#: id daemon that never ends
#: status ok
#: stdout "left\n"
import threading
def spin():
    while True:
        pass
threading.Thread(target=spin, daemon=True).start()
print("left")

#: id daemon that waits for the next program
#: status ok
import threading, time
def wait():
    time.sleep(0.05)
    import json
    json.dumps = None
    while True:
        print("from the past")
        time.sleep(0.001)
threading.Thread(target=wait, daemon=True).start()
#: witness
import json, time
time.sleep(0.1)
print(json.dumps([1]))

#: id thread without the module for threads
#: status ok
import _thread, time
def spin():
    while True:
        time.sleep(0.001)
        print("from the past")
_thread.start_new_thread(spin, ())

#: id thread that outlives the last line
#: status ok
#: stdout "last line\nlate\n"
import threading, time
def late():
    time.sleep(0.05)
    print("late")
threading.Thread(target=late).start()
print("last line")

#: id thread that outlives an exception
#: status exception
#: exception ZeroDivisionError
#: stdout "late\n"
import threading, time
def late():
    time.sleep(0.05)
    print("late")
threading.Thread(target=late).start()
1 / 0

#: id thread that never ends
#: status timeout
import threading, time
def spin():
    while True:
        time.sleep(0.01)
threading.Thread(target=spin).start()

#: id timer
#: status ok
#: stdout "tick\n"
import threading
threading.Timer(0.05, print, ["tick"]).start()

#: id timer that is far off
#: status timeout
import threading
threading.Timer(60, print, ["tick"]).start()

#: id pool that is not closed
#: status ok
#: stdout "49\n"
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
print(pool.submit(pow, 7, 2).result())

#: id exception in a thread
#: status ok
#: stdout "after\n"
import threading
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
print("after")

#: id exit in a thread
#: status ok
#: stdout "after\n"
import sys, threading
thread = threading.Thread(target=sys.exit, args=(3,))
thread.start()
thread.join()
print("after")

#: id hard exit in a thread
#: status crash
import os, threading
thread = threading.Thread(target=os._exit, args=(0,))
thread.start()
thread.join()

#: id lock of the library that is never released
#: status ok
import threading
threading._active_limbo_lock.acquire()
#: witness
# Unrecorded, because the repr of a thread holds an address.
exec("""
import threading
thread = threading.Thread(target=print, args=("started",))
thread.start()
thread.join()
""", {})

#: id lock of logging that is never released
#: status ok
import logging, threading, time
def hold():
    with logging._lock:
        time.sleep(60)
threading.Thread(target=hold, daemon=True).start()
time.sleep(0.02)
#: witness
import logging
print(logging.getLogger("a").name)

#: id switching made rare
#: status timeout or record-limit: the limits are alike, and every turn of the loop is recorded
import sys, threading
sys.setswitchinterval(1_000)
def spin():
    while True:
        pass
threading.Thread(target=spin, daemon=True).start()

#: id list of threads emptied
#: status ok
import threading
threading._active.clear()
threading._dangling.clear()
#: witness
import threading
print(threading.current_thread().name, threading.main_thread().name)

#: id main thread renamed
#: status ok
import threading
threading.main_thread().name = "hostile"
threading.main_thread()._daemonic = True

#: id counters of names moved on
#: status ok
import asyncio, threading
for _ in range(3):
    threading.Thread(target=int).start()
async def main():
    await asyncio.gather(*map(asyncio.sleep, [0, 0]))
asyncio.run(main())

#: id hooks for threads
#: status ok
import threading
threading.excepthook = lambda *_: print("hostile")
threading.setprofile(lambda *_: print("hostile"))
threading.stack_size(1 << 20)
#: witness
# Unrecorded, because the repr of a thread holds an address.
exec("""
import threading
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
print(threading.stack_size())
""", {})

#: id Thread.run replaced
#: status ok
import threading
threading.Thread.run = lambda self: None
threading.Thread.join = lambda self, timeout=None: None
#: witness
# Unrecorded, because the repr of a thread holds an address.
exec("""
import threading
thread = threading.Thread(target=print, args=("ran",))
thread.start()
thread.join()
""", {})

#: id interpreter of its own
#: status denied
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
interpreters.run_string(interpreters.create(), "import sys; sys.setrecursionlimit(50)")
