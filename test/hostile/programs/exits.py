# Ways to end, or to end the process.

#: id hard exit
#: status crash
import os
print("before")
os._exit(0)

#: id hard exit with a status
#: status crash
import os
os._exit(1)

#: id exit of C
#: status crash
import ctypes
ctypes.CDLL(None).exit(0)

#: id exit of the interpreter
#: status crash
import ctypes
ctypes.pythonapi.Py_Exit(0)

#: id fatal error of the interpreter
#: status crash
import ctypes
ctypes.pythonapi.Py_FatalError(b"hostile")

#: id interpreter finalized
#: status crash or timeout: it may wait for itself
import ctypes
ctypes.PyDLL(None).Py_FinalizeEx()

#: id abort
#: status crash
import os
os.abort()

#: id segmentation fault
#: status crash
import faulthandler
faulthandler._sigsegv()

#: id arithmetic fault
#: status crash
import faulthandler
faulthandler._sigfpe()

#: id stack overflow of C
#: status crash or exception: the stack may be larger than what it takes
import faulthandler
faulthandler._stack_overflow()

#: id null pointer
#: status crash
import ctypes
ctypes.string_at(0)

#: id null pointer while the signal is ignored
#: status crash
import ctypes, signal
signal.signal(signal.SIGSEGV, signal.SIG_IGN)
ctypes.string_at(0)

#: id kills itself
#: status denied
#: exception PermissionError
#: detail os.kill
import os
os.kill(os.getpid(), 9)

#: id kills its group
#: status denied
#: exception PermissionError
import os
os.killpg(0, 9)

#: id kills its thread
#: status denied
#: exception PermissionError
import signal, threading
signal.pthread_kill(threading.get_ident(), signal.SIGKILL)

#: id raises SIGKILL
#: status crash
import signal
signal.raise_signal(signal.SIGKILL)

#: id raises SIGTERM
#: status crash
import signal
signal.raise_signal(signal.SIGTERM)

#: id raises SIGINT
#: status crash or exception: a signal is Python's to handle, or the process's
import signal
signal.raise_signal(signal.SIGINT)

#: id stops itself
#: status timeout
import signal
signal.raise_signal(signal.SIGSTOP)

#: id bus error by a handler's default
#: status crash
import signal
signal.raise_signal(signal.SIGBUS)

#: id hard exit at exit
#: status crash
import atexit, os
atexit.register(os._exit, 0)

#: id hard exit in a destructor
#: status crash
import os
class Exit:
    def __del__(self, leave=os._exit):
        leave(0)
x = Exit()

#: id hard exit in a handler
#: status crash
import os
try:
    1 / 0
except ZeroDivisionError:
    os._exit(0)
finally:
    print("never")

#: id exit
#: status ok
import sys
sys.exit()

#: id exit with a message
#: status exception
#: exception SystemExit
import sys
sys.exit("a message")

#: id exit with a number beyond all
#: status exception
#: exception SystemExit
import sys
sys.exit(2 ** 100)

#: id exit with an object that cannot be shown
#: status exception
#: exception SystemExit
class Broken:
    def __str__(self):
        raise ValueError
    __repr__ = __str__
raise SystemExit(Broken())

#: id exit with a code that is never told
#: status timeout or record-limit: the limits are alike, and every turn of the loop is recorded
class Liar(SystemExit):
    @property
    def code(self):
        while True:
            pass
raise Liar

#: id exit in the entry
#: status ok
#: entry f()
def f():
    raise SystemExit(0)

#: id interrupt of its own
#: status exception
#: exception KeyboardInterrupt
raise KeyboardInterrupt

#: id interrupt of the main thread
#: status exception or ok: whether Python handles signals is the engine's choice
import _thread
_thread.interrupt_main()
for _ in range(1_000_000):
    pass

#: id end of generators at the top
#: status exception
#: exception GeneratorExit
raise GeneratorExit

#: id the mother of exceptions
#: status exception
#: exception BaseException
raise BaseException("as general as it gets")

#: id asynchronous exception
#: status exception
#: exception ValueError
import ctypes, threading
ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.get_ident()), ctypes.py_object(ValueError))
for _ in range(1_000):
    pass

#: id processor time of one second
#: status exception or denied: the limit cannot be changed
import resource
resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
