# Switching the tracer off, or putting another in its place.

#: id settrace(None)
#: status ok
#: traced
import sys
sys.settrace(None)
after(3)

#: id settrace(None) in a function
#: status ok
#: traced
import sys
def off():
    sys.settrace(None)
    x = 1
off()
after(3)

#: id settrace of its own
#: status denied
#: exception PermissionError
#: detail sys.settrace
import sys
def trace(*_):
    return trace
sys.settrace(trace)

#: id settrace of its own, refusal handled
#: status ok
#: traced
import sys
try:
    sys.settrace(lambda *_: None)
except PermissionError:
    print("refused")
after(3)

#: id gettrace and back
#: status ok
#: traced
#: stdout "None\n"
import sys
print(sys.gettrace())
sys.settrace(sys.gettrace())
after(3)

#: id settrace for threads
#: status ok
#: traced
import threading
threading.settrace(None)
threading.settrace(lambda *_: None)
after(3)
#: witness
import threading
print(threading.gettrace())

#: id settrace for threads that start
#: status ok
#: traced
import threading
threading.settrace(lambda *_: print("traced"))
thread = threading.Thread(target=int)
thread.start()
thread.join()
after(3)

#: id settrace for all threads
#: status denied
#: status exception on 3.11: it came with 3.12
import threading
threading.settrace_all_threads(lambda *_: None)
#: witness
import threading
print(threading.gettrace())

#: id settrace(None) for all threads
#: status ok
#: status exception on 3.11: it came with 3.12
import sys
sys._settraceallthreads(None)
def late():
    x = 1
    return x
late()

#: id profiler of its own
#: status ok
#: traced
import sys
def profile(*_):
    pass
sys.setprofile(profile)
after(3)

#: id profiler that is left on
#: status ok
import sys
def profile(frame, event, arg):
    print(event)
sys.setprofile(profile)
#: witness
print(len(str(1)))

#: id profiler for threads
#: status ok
#: traced
import threading
threading.setprofile(lambda *_: None)
after(3)

#: id profiler for all threads
#: status ok
#: status exception on 3.11: it came with 3.12
import threading
threading.setprofile_all_threads(lambda *_: None)
def late():
    return 1
late()
#: witness
import sys, threading
print(sys.getprofile(), threading.getprofile())

#: id cProfile
#: status ok
#: traced
import cProfile
profile = cProfile.Profile()
profile.runcall(after, 3)
after(3)

#: id cProfile that is left on
#: status ok
#: traced
import builtins, cProfile
builtins.profile = cProfile.Profile()
builtins.profile.enable()
after(3)
#: witness
import sys
print(sys.getprofile())

#: id profile in Python
#: status ok
#: traced
import profile
profile.Profile().runcall(after, 3)
after(3)

#: id all tools of sys.monitoring taken
#: status ok
#: status exception on 3.11: it came with 3.12
import sys
m = sys.monitoring
for tool in range(6):
    try:
        m.use_tool_id(tool, "hostile")
        m.set_events(tool, m.events.LINE | m.events.CALL)
        m.register_callback(tool, m.events.LINE, lambda *_: m.DISABLE)
    except ValueError:
        pass
x = 1
#: witness
import sys
print([sys.monitoring.get_tool(i) for i in range(6) if i not in (0, 2)] if hasattr(sys, "monitoring") else None)

#: id all tools of sys.monitoring freed
#: status ok
#: status exception on 3.11: it came with 3.12
#: never hidden
import sys
m = sys.monitoring
for tool in range(8):
    for act in (lambda: m.set_events(tool, 0), lambda: m.register_callback(tool, m.events.LINE, None), lambda: m.free_tool_id(tool)):
        try:
            act()
        except ValueError:
            pass
m.restart_events()

#: id tracing after sys.monitoring was cleared
#: status ok
#: traced
import sys
m = getattr(sys, "monitoring", None)
for tool in range(6) if m else ():
    for act in (lambda: m.set_events(tool, 0), lambda: m.free_tool_id(tool)):
        try:
            act()
        except ValueError:
            pass
after(3)

#: id events of one function switched off
#: status ok
#: traced
import sys
m = getattr(sys, "monitoring", None)
if m:
    m.use_tool_id(3, "hostile")
    m.set_local_events(3, after.__code__, m.events.LINE)
    m.register_callback(3, m.events.LINE, lambda *_: m.DISABLE)
after(3)
after(3)

#: id events that are raised at
#: status ok or exception: its own callback may end it
import sys
m = getattr(sys, "monitoring", None)
if m:
    m.use_tool_id(3, "hostile")
    m.register_callback(3, m.events.LINE, lambda *_: 1 / 0)
    m.set_events(3, m.events.LINE)
x = 1
#: witness
x = 1
print(x)

#: id f_trace
#: status denied
#: exception PermissionError
import sys
sys._getframe().f_trace = print

#: id f_trace_lines
#: status denied
#: exception PermissionError
import sys
sys._getframe().f_trace_lines = False

#: id f_trace_opcodes
#: status denied
#: exception PermissionError
import sys
sys._getframe().f_trace_opcodes = True

#: id f_lineno
#: status denied or exception: a jump is refused, by Python where it may not be at all
import sys
sys._getframe().f_lineno = 2

#: id f_trace of a caller
#: status denied
#: exception PermissionError
import sys
def f():
    caller = sys._getframe(1)
    caller.f_trace_lines = False
    del caller.f_trace
f()

#: id call_tracing
#: status ok
#: traced
import sys
sys.call_tracing(after, (3,))

#: id debugger
#: status denied
#: exception PermissionError
#: stdin "continue\n"
import pdb
pdb.set_trace()

#: id breakpoint
#: status denied
#: exception PermissionError
#: stdin "quit\n"
breakpoint()

#: id debugger of a module
#: status denied
#: exception PermissionError
import bdb
bdb.Bdb().run("x = 1")

#: id tracer of the library
#: status denied
#: exception PermissionError
import trace
trace.Trace(count=1, trace=0).run("x = 1")
#: witness
import threading
print(threading.gettrace())

#: id doctest
#: status ok
#: traced
#: stdout "TestResults(failed=0, attempted=1)\n"
import doctest, sys
def double(x):
    """
    >>> double(2)
    4
    """
    return 2 * x
print(str(doctest.testmod(sys.modules["__main__"]))[:38].replace(", skipped=0", "").rstrip(")") + ")")
after(3)

#: id doctest that fails
#: status ok
#: traced
import doctest, sys
def wrong():
    """
    >>> 1 + 1
    3
    """
doctest.testmod(sys.modules["__main__"])
after(3)

#: id unittest
#: status ok
import unittest
class Test(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(1 + 1, 2)
unittest.main()

#: id tracemalloc
#: status ok
#: traced
import tracemalloc
tracemalloc.start(25)
after(3)

#: id tracer of C switched off in C
#: status ok
import ctypes
ctypes.pythonapi.PyEval_SetTrace(None, None)
x = 1

#: id exception in the middle of switching
#: status ok
#: traced
import sys
for value in (None, None):
    try:
        sys.settrace(value)
        1 / 0
    except ZeroDivisionError:
        sys.setprofile(None)
after(3)

#: id trampolines for perf
#: status ok or exception or denied: what they need is refused, or is not there
import sys
sys.activate_stack_trampoline("perf")
