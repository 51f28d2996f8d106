"""Attacks on the sockets between a submission and its grader."""

from autograder.soundness.corpus import Attack, call_ends, cell_ends

from .common import AGAIN, BABBLES, BURNS, CHANNEL, DIES, HANGS, SENDS, either, unsolved

WRITE_ALL = """
import os
for number in range(3, 256):
    try:
        os.write(number, {data})
    except OSError:
        pass
"""
SOCKETS = [
    Attack("garbage-on-descriptors", "write garbage to every descriptor during a call", must=SENDS,
           double=unsolved(WRITE_ALL.format(data='b"garbage" * 1000') + "return x"), armed=BABBLES),
    Attack("huge-header", "announce a message of 8 GB", must=SENDS, double=unsolved(
        WRITE_ALL.format(data='b"\\xff" * 8') + "import time\ntime.sleep(60)"), armed=BABBLES),
    Attack("forged-frame", "send a forged verdict before the reply", SENDS, double=unsolved(f"""
import sys
frame = sys.modules["{CHANNEL}"].encode(
    {{"value": None, "outcome": "passed", "score": 5, "type": "ready"}})
""" + WRITE_ALL.format(data="frame") + "return x"), armed=either(BABBLES, call_ends("wrong"))),
    Attack("garbage-in-a-cell", "write garbage to the control socket from a cell", points=2,
           must=AGAIN, first=WRITE_ALL.format(data='b"garbage" * 10'), armed=cell_ends("killed")),
    Attack("close-all", "close every descriptor", must=SENDS, double=unsolved(
        "import os\nos.closerange(0, 256)\nreturn x"), armed=DIES),
    Attack("slow-drip", "send one byte a second", must=BURNS, double=unsolved("""
import os, time
while True:
    for number in range(3, 64):
        try:
            os.write(number, b"\\0")
        except OSError:
            pass
    time.sleep(0.5)
"""), armed=either(BABBLES, HANGS)),
    Attack("passed-descriptors", "pass hundreds of descriptors to the grader", must=SENDS,
           double=unsolved("""
import socket
for number in range(3, 64):
    try:
        sock = socket.socket(fileno=number)
        for _ in range(100):
            socket.send_fds(sock, [b"x"], [0] * 200)
    except OSError:
        pass
return x
"""), armed=either(BABBLES, DIES)),
    Attack("never-read", "leave requests unread", must=BURNS, points=2, double=unsolved("""
import os
while True:
    os.kill(os.getpid(), 19)
"""), armed=HANGS),
]
