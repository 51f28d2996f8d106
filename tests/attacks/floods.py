"""Attacks that take all there is: memory, disk, processes, descriptors, output."""

from autograder.soundness.corpus import Attack, call_ends, cell_ends, shows

from .common import BURNS, DIES, HANGS, either, unsolved

FLOODS = [
    Attack("fork-bomb", "start processes until none can be", must=BURNS, double=unsolved("""
import os, time
end = time.monotonic() + 1
while time.monotonic() < end:
    try:
        os.fork()
    except OSError:
        pass
return x
""")),
    Attack("thread-bomb", "start threads until none can be", must=BURNS, double=unsolved("""
import threading, time
try:
    while True:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
except RuntimeError:
    return x
""")),
    Attack("memory-flood", "take memory until there is none", must=BURNS, double=unsolved("""
taken = []
while True:
    taken.append(bytearray(b"x" * (64 << 20)))
"""), armed=either(HANGS, DIES)),
    Attack("memory-of-many", "take memory in many processes together", must=BURNS,
           double=unsolved("""
import os, time
for _ in range(40):
    if os.fork() == 0:
        taken = bytearray(b"x" * (300 << 20))
        time.sleep(3)
        os._exit(0)
time.sleep(1.5)
return x
"""), points=2, armed=either(HANGS, call_ends("wrong"))),
    Attack("shared-memory-flood", "fill memory through shared maps", must=BURNS, double=unsolved("""
import mmap
taken = []
while True:
    taken.append(mmap.mmap(-1, 64 << 20))
    taken[-1].write(b"x" * (64 << 20))
"""), armed=either(HANGS, DIES, "PermissionError")),
    Attack("disk-flood", "fill the disk", must=BURNS, first="""
for folder in ("/tmp", "/dev/shm", "/var/tmp", "@HOME@"):
    try:
        for number in range(1000):
            with open(f"{folder}/flood{number}", "wb") as file:
                file.write(bytes(32 << 20))
    except OSError as error:
        print(folder, error)
"""),
    Attack("file-flood", "make files until no name is left", must=BURNS, first="""
import itertools
try:
    for number in itertools.count():
        open(f"/tmp/{number}", "w").close()
        if number == 1000:
            print("ARMED")
except OSError as error:
    print(error)
""", armed="ARMED"),
    Attack("output-flood", "print 40 MB in a cell", must=BURNS, first="print('x' * 40_000_000)",
           armed="xxxx"),
    Attack("output-drip", "print a line for ever", must=BURNS,
           first="while True:\n    print('still here')",
           armed=(cell_ends("timeout"), shows("still here"))),
    Attack("raw-output", "write 40 MB to the standard streams' descriptors", must=BURNS, first="""
import os
for _ in range(400):
    os.write(1, b"x" * 10**5)
    os.write(2, b"x" * 10**5)
"""),
    Attack("picture-flood", "display 10,000 pictures", must=BURNS, first="""
from IPython.display import Image, display
import base64
png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBg"
                       "AAAABQABpfZFQAAAAABJRU5ErkJggg==")
for _ in range(10_000):
    display(Image(png))
""", armed=either("ARMED", cell_ends("timeout"))),
    Attack("picture-bomb", "display a picture of 10^9 pixels in a few bytes", must=BURNS, first="""
import struct, zlib
from IPython.display import Image, display
def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))
png = (b"\\x89PNG\\r\\n\\x1a\\n"
       + chunk(b"IHDR", struct.pack(">IIBBBBB", 32000, 32000, 8, *bytes(4)))
       + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b""))
display(Image(png))
"""),
    Attack("descriptors", "open files until no descriptor is left", must=BURNS, first="""
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError as error:
    print(len(kept), error)
    kept.clear()
"""),
    Attack("sleeper", "sleep for an hour in a cell and in a call", must=BURNS,
           first="import time\ntime.sleep(3600)",
           double=unsolved("import time\ntime.sleep(3600)"), armed=(cell_ends("timeout"), HANGS)),
    Attack("limits-up", "raise its own limits", must=BURNS, first="""
import resource
for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NPROC", "RLIMIT_FSIZE"):
    try:
        resource.setrlimit(getattr(resource, name), (-1, -1))
        print("CANARY" "-limits-0")
    except (ValueError, OSError) as error:
        print(error)
"""),
]
