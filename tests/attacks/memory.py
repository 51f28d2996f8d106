"""Attacks by memory that no process shows as its own: the kernel's, and that of files."""

from autograder.soundness.corpus import Attack, call_ends, cell_ends

from .common import BURNS, DIES, HANGS, either, unsolved

# `held` says how much was taken and is a find where that is more than all may have together
HOLDING = '''
import ctypes, errno, os, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
BLOCK, LIMIT = 32 << 20, 1200 << 20
def mapped(flags, descriptor):
    """Bytes of maps that are filled and whose pages are let go of."""
    taken = 0
    while taken <= LIMIT:
        place = libc.mmap(None, BLOCK, 3, flags, descriptor, 0)
        if place in (None, 2**64 - 1):
            break
        ctypes.memset(place, 1, BLOCK)
        libc.madvise(ctypes.c_void_p(place), ctypes.c_size_t(BLOCK), 4)
        taken += BLOCK
    return taken
def held(taken):
    print(taken >> 20, "MB", os.strerror(ctypes.get_errno()))
    if taken > LIMIT:
        print("CANARY" "-memory-0")
'''
TAKEN = either(cell_ends("memory", "killed", "timeout"), "ARMED")


def _holds(name, tries, code, **more):
    return Attack(name, tries, BURNS, first=HOLDING + code, **more)


MEMORY = [
    _holds("memory-files", "hold memory in files without a name", """
kept, taken = [], 0
try:
    while taken <= LIMIT:
        kept.append(os.memfd_create("kept"))
        taken += os.write(kept[-1], bytes(BLOCK))
except OSError as error:
    print(error)
held(taken)
"""),
    _holds("secret-memory", "hold memory that even the kernel does not look at", """
held(0 if libc.syscall(447, 0) < 0 else LIMIT + 1)
"""),
    _holds("system-v-memory", "leave shared segments that nobody has attached", """
libc.shmat.restype = ctypes.c_void_p
taken = 0
while taken <= LIMIT:
    number = libc.shmget(0, BLOCK, 0o1600)
    if number < 0:
        break
    place = libc.shmat(number, None, 0)
    ctypes.memset(place, 1, BLOCK)
    libc.shmdt(ctypes.c_void_p(place))
    taken += BLOCK
held(taken)
"""),
    _holds("message-queues", "fill message queues of both kinds", """
class Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_long) for name in "flags maxmsg msgsize curmsgs a b c d".split()]
made = [libc.msgget(0, 0o1600) for _ in range(100)]
made += [libc.mq_open(b"/queue%d" % n, 0o102, 0o600, None) for n in range(100)]
if max(made) >= 0:
    print("CANARY" "-memory-0")
"""),
    _holds("semaphores", "make a hundred sets of semaphores", """
if max(libc.semget(0, 32000, 0o1600) for _ in range(100)) >= 0:
    print("CANARY" "-memory-0")
"""),
    _holds("posix-shared-memory", "fill the folder of shared memory", """
taken = 0
try:
    for number in range(100):
        with open(f"/dev/shm/{number}", "wb") as file:
            taken += file.write(bytes(BLOCK))
except OSError as error:
    print(error)
held(taken * 6)
"""),
    _holds("shared-and-forgotten", "fill shared memory and let go of its pages", """
held(mapped(0x21, -1))
"""),
    _holds("shared-zeros", "fill shared maps of /dev/zero and let go of their pages", """
held(mapped(0x01, os.open("/dev/zero", os.O_RDWR)))
""", armed=TAKEN),
    _holds("deleted-files", "hold files that are deleted", """
kept, taken = [], 0
try:
    while taken <= LIMIT:
        kept.append(open("/tmp/kept", "wb", 0))
        os.unlink("/tmp/kept")
        taken += kept[-1].write(bytes(BLOCK))
except OSError as error:
    print(error)
held(taken)
"""),
    _holds("sparse-files", "map a large file of the temporary folder into many processes", """
file = os.open("/tmp/sparse", os.O_RDWR | os.O_CREAT)
try:
    os.ftruncate(file, 60 << 20)
except OSError as error:
    print(error)
for _ in range(20):
    if os.fork() == 0:
        place = libc.mmap(None, 60 << 20, 3, 0x01, file, 0)
        if place not in (None, 2**64 - 1):
            ctypes.memset(place, 1, 60 << 20)
        os._exit(0)
print("ARMED")
time.sleep(0.5)
""", armed=TAKEN),
    _holds("socket-buffers", "fill sockets in 40 processes", """
import socket
def fill():
    kept, taken = [], 0
    try:
        while True:
            kept.append(socket.socketpair())
            kept[-1][0].setblocking(False)
            kept[-1][0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            try:
                while True:
                    taken += kept[-1][0].send(bytes(1 << 16))
            except BlockingIOError:
                pass
    except OSError:
        return taken, kept
told, tell = os.pipe()
for _ in range(40):
    if os.fork() == 0:
        taken, kept = fill()
        os.write(tell, b"%012d" % taken)
        time.sleep(3)
        os._exit(0)
os.close(tell)
print("ARMED")
taken = 0
while said := os.read(told, 12):
    taken += int(said)
print(taken >> 20, "MB")
""", armed=TAKEN),
    _holds("pipe-buffers", "fill large pipes in 40 processes", """
import fcntl
def fill():
    kept, taken = [], 0
    try:
        while True:
            ours, theirs = os.pipe()
            kept.append(ours)
            try:
                fcntl.fcntl(theirs, 1031, 1 << 20)
            except OSError:
                pass
            os.set_blocking(theirs, False)
            try:
                while True:
                    taken += os.write(theirs, bytes(1 << 16))
            except BlockingIOError:
                pass
    except OSError:
        return taken
for _ in range(40):
    if os.fork() == 0:
        fill()
        time.sleep(3)
        os._exit(0)
print("ARMED")
time.sleep(3)
""", armed=TAKEN),
    _holds("lock-flood", "lock a million single bytes of a file", """
import fcntl, struct
file = os.open("/tmp/locked", os.O_RDWR | os.O_CREAT)
locked = 0
try:
    for number in range(0, 2_000_000, 2):
        fcntl.fcntl(file, fcntl.F_SETLK, struct.pack("hhqqi", 1, 0, number, 1, 0))
        locked += 1
except OSError as error:
    print(error)
print("CANARY" "-memory-0" if locked > 900_000 else locked)
""", armed=TAKEN),
    _holds("timer-flood", "make timers and queued signals until none is left", """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))
made, number = 0, ctypes.c_int()
while made < 10**6 and libc.timer_create(1, None, ctypes.byref(number)) == 0:
    made += 1
print(made)
if made == 10**6:
    print("CANARY" "-memory-0")
""", armed=TAKEN),
    _holds("watch-flood", "watch files and descriptors until none is left", """
import select
made = [libc.inotify_init() for _ in range(100)]
kept = []
try:
    while True:
        kept.append(select.epoll())
except OSError as error:
    print(max(made), error)
kept.clear()
"""),
    _holds("folder-flood", "make folders within folders until none is left", """
made = 0
try:
    while True:
        os.mkdir(f"/tmp/{made}")
        made += 1
        if made % 100 == 0:
            os.chdir(f"/tmp/{made - 1}") if made % 200 else os.chdir("/tmp")
except OSError as error:
    print(made, error)
""", armed=TAKEN),
    _holds("name-flood", "make links with names of 255 letters until none is left", """
made = 0
try:
    while True:
        os.symlink("x" * 4000, f"/tmp/{made:0255}")
        made += 1
except OSError as error:
    print(made, error)
""", armed=TAKEN),
    Attack("memory-of-forks", "take memory in sessions that outlive their call", BURNS,
           armed=either(HANGS, DIES, call_ends("wrong"), call_ends("crash")), double=unsolved("""
import os, time
for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        taken = bytearray(b"x" * (400 << 20))
        time.sleep(600)
return x
""")),
]
