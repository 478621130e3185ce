# Other processes, the network and files: refused, by Python's audit events or by the kernel.

#: id os.system
#: status denied
#: exception PermissionError
#: detail os.system
import os
os.system("true")

#: id fork
#: status denied
#: exception PermissionError
#: detail os.fork
import os
os.fork()

#: id forkpty
#: status denied
#: exception PermissionError
import os
os.forkpty()

#: id fork bomb
#: status denied
#: exception PermissionError
import os
while True:
    os.fork()

#: id exec
#: status denied
#: exception PermissionError
#: detail os.exec
import os
os.execv("/bin/sh", ["sh"])

#: id spawn
#: status denied
#: exception PermissionError
import os
os.posix_spawn("/bin/true", ["true"], {})

#: id subprocess
#: status denied
#: exception PermissionError
#: detail subprocess.Popen
import subprocess
subprocess.run(["true"])

#: id popen
#: status denied
#: exception PermissionError
import os
os.popen("true")

#: id process of the library
#: status denied
#: exception PermissionError
import multiprocessing
multiprocessing.get_context("fork").Process(target=int).start()

#: id kill of the parent
#: status denied
#: exception PermissionError
import os
os.kill(os.getppid(), 9)

#: id socket
#: status denied
#: exception PermissionError
#: detail socket
import socket
socket.socket()

#: id connection
#: status denied
#: exception PermissionError
import socket
socket.create_connection(("127.0.0.1", 80), timeout=1)

#: id name of a host
#: status denied
#: exception PermissionError
import socket
socket.getaddrinfo("localhost", 80)

#: id page
#: status denied or exception: urllib wraps the refusal
import urllib.request
urllib.request.urlopen("http://127.0.0.1/")

#: id server
#: status denied
#: exception PermissionError
import http.server
http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)

#: id file for writing
#: status denied
#: exception PermissionError
open("/tmp/hostile", "w")

#: id file for appending
#: status denied
#: exception PermissionError
open("hostile", "a")

#: id file by descriptor
#: status denied
#: exception PermissionError
import os
os.open("/tmp/hostile", os.O_CREAT | os.O_WRONLY)

#: id file over the library
#: status denied
#: exception PermissionError
import json
open(json.__file__, "w")

#: id refusal that is handled
#: status ok
#: stdout "refused\n"
try:
    open("/tmp/hostile", "w")
except PermissionError:
    print("refused")

#: id refusal that is turned into another
#: status exception
#: exception ValueError
try:
    open("/tmp/hostile", "w")
except PermissionError:
    raise ValueError("no file") from None

#: id its own PermissionError
#: status exception
#: exception PermissionError
raise PermissionError("x")

#: id its own PermissionError after a refusal
#: status exception
#: exception PermissionError
import os
try:
    os.system("true")
except PermissionError:
    pass
raise PermissionError("not allowed in a program of mine")

#: id its own PermissionError with the number of a refusal
#: status exception
#: exception PermissionError
raise PermissionError(13, "Permission denied", "/etc/passwd")

#: id refusal raised again
#: status denied
#: exception PermissionError
#: detail os.system
import os
try:
    os.system("true")
except PermissionError as error:
    kept = error
raise kept

#: id folder made
#: status denied
#: exception PermissionError
#: detail os.mkdir
import os
os.mkdir("/tmp/hostile")

#: id file removed
#: status denied
#: exception PermissionError
#: detail os.remove
import os
os.remove("/etc/hostname")

#: id tree removed
#: status denied or ok: the library may swallow the refusal
import shutil
shutil.rmtree("/tmp", ignore_errors=True)

#: id file renamed
#: status denied
#: exception PermissionError
import os
os.rename("/tmp/a", "/tmp/b")

#: id rights changed
#: status denied
#: exception PermissionError
import os
os.chmod("/tmp", 0o777)

#: id link
#: status denied
#: exception PermissionError
import os
os.symlink("/etc/passwd", "/tmp/hostile")

#: id place changed
#: status denied
#: exception PermissionError
#: detail os.chdir
import os
os.chdir("/")

#: id temporary file
#: status denied or exception: the library turns the refusal into FileNotFoundError
import tempfile
tempfile.NamedTemporaryFile()

#: id passwords
#: status denied
#: exception PermissionError
#: detail open
open("/etc/passwd").read()

#: id passwords through the library
#: status denied
#: exception PermissionError
import pathlib
pathlib.Path("/etc/passwd").read_text()

#: id names of files
#: status denied
#: exception PermissionError
import os
os.listdir("/root")

#: id environment of the process
#: status denied
#: exception PermissionError
open("/proc/self/environ").read()

#: id the parent's environment
#: status denied
#: exception PermissionError
import ctypes
open(f"/proc/{ctypes.CDLL(None).getppid()}/environ").read()

#: id disk
#: status denied or exception: it may not be there
open("/dev/sda", "rb")

#: id mask of rights
#: status ok
import os
os.umask(0)
#: witness
import os
print(oct(os.umask(0o22)))

#: id priority
#: status denied or exception: the kernel refuses it
import os
os.nice(10)

#: id another user
#: status denied or exception: the kernel refuses it
import os
os.setuid(0)

#: id own limits raised
#: status denied or exception: the kernel refuses it
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, 4_096))

#: id machine code
#: status denied or exception: the kernel refuses it
import mmap
mmap.mmap(-1, 4_096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)

#: id sqlite file
#: status denied or exception: sqlite has an exception of its own
import sqlite3
sqlite3.connect("/tmp/hostile.db").execute("create table t (x)")

#: id log file
#: status denied
#: exception PermissionError
import logging
logging.basicConfig(filename="/tmp/hostile.log")
#: witness
import logging
logging.warning("seen")
print(logging.root.handlers)

#: id archive
#: status denied
#: exception PermissionError
import zipfile
zipfile.ZipFile("/tmp/hostile.zip", "w")

#: id system calls by number
#: status ok
#: stdout "-1 -1 -1 -1\n"
import ctypes
call = ctypes.CDLL(None).syscall
print(call(57), call(41, 2, 1, 0), call(83, b"/tmp/hostile", 0o700), call(165, b"none", b"/tmp", b"tmpfs", 0, None))

#: id system calls of another machine
#: status crash
import ctypes
ctypes.CDLL(None).syscall(0x40000000 | 39)
