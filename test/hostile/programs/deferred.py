# What a program leaves to be done after its last line: it belongs to the program and to its limits.

#: id destructor that prints
#: status ok
#: stdout "last line\nbye\n"
class Loud:
    def __del__(self):
        print("bye")
loud = Loud()
print("last line")

#: id destructor that prints after an exception
#: status exception
#: exception ZeroDivisionError
#: stdout "bye\n"
class Loud:
    def __del__(self):
        print("bye")
loud = Loud()
1 / 0

#: id destructor that raises
#: status ok
class Broken:
    def __del__(self):
        raise ValueError("too late")
broken = Broken()

#: id destructor that never ends
#: status timeout
class Endless:
    def __del__(self):
        while True:
            sum(range(2_000))
endless = Endless()

#: id destructor that comes back
#: status ok
import json
class Lazarus:
    def __del__(self):
        json.lazarus = self
lazarus = Lazarus()
#: witness
import json
print(hasattr(json, "lazarus"))

#: id destructor in a cycle
#: status ok
#: stdout "bye\n"
class Loud:
    def __init__(self):
        self.me = self
    def __del__(self):
        print("bye")
Loud()

#: id destructor that makes more
#: status ok or timeout or record-limit: more of them are made for as long as they are destroyed
class Hydra:
    def __del__(self):
        Hydra()
Hydra()
#: witness
print([c.__name__ for c in object.__subclasses__() if c.__name__ == "Hydra"])

#: id destructor that changes a library
#: status ok
import json
class Saboteur:
    def __del__(self, json=json):
        json.dumps = None
saboteur = Saboteur()
#: witness
import json
print(json.dumps([1]))

#: id destructor that starts a thread
#: status ok
#: status timeout on 3.11: CPython waits for a thread that it does not let start any more
import threading, time
class Starter:
    def __del__(self, start=threading.Thread, sleep=time.sleep):
        start(target=sleep, args=(60,), daemon=True).start()
starter = Starter()

#: id function at exit
#: status ok
#: stdout "last line\nsecond\nfirst\n"
import atexit
atexit.register(print, "first")
atexit.register(print, "second")
print("last line")

#: id function at exit after an exception
#: status exception
#: exception ZeroDivisionError
#: stdout "at exit\n"
import atexit
atexit.register(print, "at exit")
1 / 0

#: id function at exit that raises
#: status ok
#: stdout "the other\n"
import atexit
atexit.register(print, "the other")
atexit.register(lambda: 1 / 0)

#: id function at exit that exits
#: status ok
import atexit, sys
atexit.register(sys.exit, 3)

#: id function at exit that never ends
#: status timeout
import atexit
@atexit.register
def spin():
    while True:
        sum(range(2_000))

#: id function at exit that registers itself
#: status ok
import atexit
def again():
    atexit.register(again)
again()

#: id function at exit before the destructor
#: status ok
#: stdout "at exit\nbye\n"
import atexit
class Loud:
    def __del__(self):
        print("bye")
loud = Loud()
atexit.register(print, "at exit")

#: id generator that prints when it is dropped
#: status ok
#: stdout "last line\nclosed\n"
def generator():
    try:
        yield 1
    finally:
        print("closed")
g = generator()
next(g)
print("last line")

#: id generator that refuses to be dropped
#: status ok
def generator():
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass
g = generator()
next(g)

#: id generator that never ends its end
#: status timeout
def generator():
    try:
        yield 1
    finally:
        while True:
            sum(range(2_000))
g = generator()
next(g)

#: id callback of a weak reference
#: status ok
#: stdout "gone\n"
import weakref
class Thing:
    pass
thing = Thing()
reference = weakref.ref(thing, lambda _: print("gone"))
del thing

#: id callback of a weak reference that raises
#: status ok
import weakref
class Thing:
    pass
thing = Thing()
reference = weakref.ref(thing, lambda _: 1 / 0)
del thing

#: id finalizer at exit
#: status ok
#: stdout "finalized\n"
import weakref
class Thing:
    pass
thing = Thing()
weakref.finalize(thing, print, "finalized")

#: id finalizer of a library
#: status ok
import json, weakref
weakref.finalize(json, print, "from the past").atexit = False
#: witness
import weakref
print(len(weakref.finalize._registry))

#: id context that is not left
#: status ok
import contextvars, decimal
v = contextvars.ContextVar("v")
v.set(1)
decimal.setcontext(decimal.Context(prec=3))
#: witness
import contextvars, decimal
print(len(contextvars.copy_context()), decimal.Decimal(1) / 3)

#: id hooks for asynchronous generators
#: status ok
import sys
sys.set_asyncgen_hooks(firstiter=lambda _: print("hostile"), finalizer=print)
sys.set_coroutine_origin_tracking_depth(5)
#: witness
import asyncio
async def numbers():
    yield 1
async def main():
    return [n async for n in numbers()]
print(asyncio.run(main()))

#: id asynchronous generator that is not finished
#: status ok
async def numbers():
    try:
        yield 1
    finally:
        print("closed")
g = numbers()
try:
    g.asend(None).send(None)
except StopIteration:
    pass

#: id coroutine that is never awaited
#: status ok
async def f():
    return 1
f()

#: id task that is never finished
#: status ok
import asyncio
async def wait():
    await asyncio.Event().wait()
async def main():
    asyncio.create_task(wait(), name="left")
loop = asyncio.new_event_loop()
loop.run_until_complete(main())

#: id event loop that counts as running
#: status ok
import asyncio
asyncio._set_running_loop(asyncio.new_event_loop())
#: witness
import asyncio
async def main():
    return 1
print(asyncio.run(main()))

#: id policy of event loops
#: status ok
import asyncio
class Policy(asyncio.DefaultEventLoopPolicy):
    pass
asyncio.set_event_loop_policy(Policy())
asyncio.set_event_loop(asyncio.new_event_loop())

#: id signals ignored
#: status ok
import signal
for number in signal.SIGINT, signal.SIGTERM, signal.SIGSEGV, signal.SIGUSR1, signal.SIGALRM:
    signal.signal(number, signal.SIG_IGN)

#: id signals handled
#: status ok
import signal
def handle(number, frame):
    print("from the past")
for number in signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGINT, signal.SIGCHLD:
    signal.signal(number, handle)
#: witness
import signal
print(signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGUSR2))

#: id signals blocked
#: status ok
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
signal.raise_signal(signal.SIGUSR1)

#: id signal that wakes a descriptor
#: status ok
import os, signal
reading, writing = os.pipe()
os.set_blocking(writing, False)
signal.set_wakeup_fd(writing)
#: witness
import signal
print(signal.set_wakeup_fd(-1))

#: id alarm for the next program
#: status ok or denied: inside Node it would be Node's
import signal
signal.alarm(1)
#: witness
import time
time.sleep(0.3)
print("undisturbed")

#: id stack dump for the next program
#: status ok or denied or exception: where the timer is refused, the call may or may not say so
import faulthandler, os
faulthandler.dump_traceback_later(0.05, exit=True, file=1)
#: witness
import time
time.sleep(0.2)
print("undisturbed")

#: id handler of faults
#: status ok
import faulthandler, signal
faulthandler.enable(file=1)
faulthandler.register(signal.SIGUSR1, file=1)

#: id hook for what cannot be raised
#: status ok
#: stdout "hook\n"
import sys
class Broken:
    def __del__(self):
        raise ValueError("too late")
sys.unraisablehook = lambda _: print("hook")
broken = Broken()
del broken

#: id hook for exceptions
#: status exception
#: exception ZeroDivisionError
import sys
sys.excepthook = lambda *_: None
1 / 0

#: id hook for exceptions that never ends
#: status exception or timeout: the hook is run or not
import sys
def spin(*_):
    while True:
        sum(range(2_000))
sys.excepthook = spin
1 / 0

#: id functions for after a fork
#: status ok
import os
def spin():
    while True:
        pass
os.register_at_fork(before=spin, after_in_child=spin, after_in_parent=spin)
#: witness
print("forked or not")
