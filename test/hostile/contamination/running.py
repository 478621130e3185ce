# What goes on running: generators, threads, callbacks, finalizers, timers.
#: id generator that a library holds
import json
def counting():
    try:
        yield 1
    finally:
        print("EVIL")
json.dumps.held = counting()
next(json.dumps.held)
#: witness
import json
print(hasattr(json.dumps, "held"))
json.dumps.__dict__.clear()
#: id finalizer that a library holds
import warnings
class Evil:
    def __del__(self): print("EVIL")
warnings.filters.append(("ignore", Evil(), Warning, None, 0))
warnings.filters.insert(0, ("ignore", None, UserWarning, None, 0))
#: witness
import warnings
print(len(warnings.filters))
warnings.warn("mine")
#: id object in a cycle with a library
import json
class Evil:
    def __init__(self): self.me = [self, json.dumps]
    def __del__(self): print("EVIL")
json.dumps.evil = Evil()
#: witness
import gc, json
json.dumps.__dict__.clear()
gc.collect()
#: id callback when a library's object goes
import logging, weakref
import json
class Held: pass
logging.Logger.manager.held = Held()
json.dumps.ref = weakref.ref(logging.Logger.manager.held, lambda ref, out=print: out("EVIL"))
#: witness
import logging
if hasattr(logging.Logger.manager, "held"):
    del logging.Logger.manager.held
print("after")
#: id finalizer of the library
import weakref, json
weakref.finalize(json.dumps, print, "EVIL").atexit = False
#: witness
import weakref
print(len(weakref.finalize._registry))
#: id counter of finalizers
import weakref
class Held: pass
for i in range(5): weakref.finalize(Held(), int)
#: witness
import weakref
print(next(weakref.finalize._index_iter))
#: id names of threads of pools
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool: pool.submit(int).result()
#: witness
import threading
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool: print(pool.submit(lambda: threading.current_thread().name).result())
pool = None
#: id pools that count as shut down
import concurrent.futures.thread
concurrent.futures.thread._shutdown = True
#: witness
from concurrent.futures import ThreadPoolExecutor
try:
    with ThreadPoolExecutor(1) as pool: print(pool.submit(int).result())
except RuntimeError as error: print(error)
pool = None
#: id names of tasks
import asyncio
async def nothing(): await asyncio.gather(*(asyncio.sleep(0) for _ in range(5)))
asyncio.run(nothing())
#: witness
import asyncio
async def name(): return asyncio.current_task().get_name()
print(asyncio.run(name()))
#: id event loop of the thread
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())
asyncio.get_event_loop().close()
#: witness
import asyncio
loop = asyncio.get_event_loop_policy()._local._loop
print(loop is None)
loop = None
#: id policy of event loops
import asyncio
class Evil(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self): raise RuntimeError("EVIL")
asyncio.set_event_loop_policy(Evil())
#: witness
import asyncio
async def one(): return 1
print(asyncio.run(one()))
#: id loop that counts as running
import asyncio
asyncio._set_running_loop(asyncio.new_event_loop())
#: witness
import asyncio
async def one(): return 1
print(asyncio.run(one()))
#: id thread that waits for the next program
import threading, time
def wait():
    while True:
        time.sleep(0.001)
        import builtins
        builtins.evil = 1
threading.Thread(target=wait, daemon=True).start()
#: witness
import time
time.sleep(0.02)
import builtins
print(hasattr(builtins, "evil"))
#: id thread that is started in C
import _thread, time
def wait():
    while True:
        time.sleep(0.001)
        import builtins
        builtins.evil = 1
_thread.start_new_thread(wait, ())
#: witness
import time
time.sleep(0.02)
import builtins, threading, sys
print(hasattr(builtins, "evil"), len(sys._current_frames()))
#: id name of the main thread
import threading
threading.main_thread().name = "EVIL"
threading.current_thread().__dict__["evil"] = 1
threading.stack_size(65536)
#: witness
import threading
print(threading.current_thread().name, hasattr(threading.current_thread(), "evil"), threading.stack_size())
#: id functions that threads run first
import threading
threading.setprofile(lambda *_: print("EVIL"))
threading.excepthook = lambda args: print("EVIL")
#: witness
import threading
print(threading.getprofile(), threading.excepthook is threading.__excepthook__)
#: id things that the threads do last
import threading
threading._register_atexit(print, "EVIL")
#: witness
import threading
print(len(threading._threading_atexits))
#: id value of a variable of the context
import contextvars, json
json.dumps.variable = contextvars.ContextVar("evil", default=1)
json.dumps.variable.set(2)
#: witness
import contextvars
print(len(contextvars.copy_context()))
#: id collector that calls
import gc
gc.callbacks.append(lambda phase, info: print("EVIL"))
gc.freeze()
gc.set_threshold(1)
#: witness
import gc
print(len(gc.callbacks), gc.get_freeze_count() > 100_000, gc.get_threshold())
gc.collect()
#: id hooks of asynchronous generators
import sys
sys.set_asyncgen_hooks(firstiter=lambda g: print("EVIL"))
sys.set_coroutine_origin_tracking_depth(3)
#: witness
import sys
async def numbers(): yield 1
async def run():
    async for number in numbers(): print(number)
try: run().send(None)
except StopIteration: pass
print(sys.get_coroutine_origin_tracking_depth())
#: id signal that comes later
import signal
signal.signal(signal.SIGALRM, lambda *_: print("EVIL"))
signal.setitimer(signal.ITIMER_REAL, 0.01)
#: witness
import time
time.sleep(0.05)
print("quiet")
#: id signals that are held back
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
signal.raise_signal(signal.SIGUSR1)
#: witness
import signal
print(signal.sigpending(), signal.pthread_sigmask(signal.SIG_BLOCK, []))
#: id signals and a second stack
import faulthandler, signal
faulthandler.enable(file=2)
if hasattr(faulthandler, "register"): faulthandler.register(signal.SIGUSR1, file=2, chain=False)
#: witness
import faulthandler, signal
print(faulthandler.is_enabled(), signal.getsignal(signal.SIGUSR1))
#: id measured memory
import tracemalloc
tracemalloc.start()
held = [bytes(100) for _ in range(10)]
tracemalloc.clear_traces()
#: witness
import tracemalloc
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
#: id function of a library called in its turn
import sched, queue, heapq
heapq.heappush.__self__.evil = 1
#: witness
import heapq, _heapq
print(hasattr(_heapq, "evil"))
