# Descriptors that are used up, closed, replaced or left open. The canary counts them.

#: id all descriptors used up
#: status exception
#: exception OSError
import os
while True:
    os.dup(0)

#: id all descriptors used up and left
#: status ok
import os
try:
    while True:
        os.dup(0)
except OSError:
    print("no more")

#: id all descriptors closed
#: status ok
#: stdout "closed\n"
import os
os.closerange(0, 4_096)
print("closed")

#: id input and output closed
#: status exception
#: detail exit status 120
#: stdout ""
import os
for fd in range(3):
    os.close(fd)
print("still here")
#: witness
import os
print([os.fstat(fd).st_rdev for fd in range(3)], os.write(1, b"x"))

#: id everything replaced by one descriptor
#: status exception
#: detail exit status 120
#: stdout ""
import os
reading, writing = os.pipe()
for fd in range(64):
    if fd != reading:
        try:
            os.dup2(reading, fd)
        except OSError:
            pass
print("replaced")

#: id output replaced by input
#: status exception
#: exception OSError
#: stdout ""
import os, sys
os.dup2(os.open(os.__file__, os.O_RDONLY), 1)
print("seen")
sys.stdout.flush()

#: id pipes left open
#: status ok
import os
for _ in range(8):
    os.pipe()

#: id files left open
#: status ok
import builtins, os
builtins.kept = [open(os.__file__) for _ in range(8)]

#: id sockets and pollers left open
#: status ok
import builtins, select, socket
builtins.kept = [socket.socketpair(), select.epoll()]

#: id input made impatient
#: status ok
import os
for fd in range(3):
    os.set_blocking(fd, False)
    os.set_inheritable(fd, False)

#: id input closed through a file object
#: status ok
file = open(0)
file.close()

#: id folder left open
#: status ok
import os, builtins
builtins.kept = os.scandir(os.path.dirname(os.__file__))
next(builtins.kept)

#: id descriptors filled to the last and the program goes on
#: status exception
#: exception OSError
import os
kept = []
try:
    while True:
        kept.append(os.dup(0))
except OSError:
    open(os.__file__)

#: id event loop left open
#: status ok
import asyncio
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
