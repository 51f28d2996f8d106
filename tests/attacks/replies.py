"""Attacks by what a fork answers to a call, and by what it is told in the request."""

from autograder.soundness.corpus import Attack, call_ends, shows

from .common import BABBLES, BURNS, CHANNEL, DIES, HANGS, NOTHING, SENDS, either, unsolved

# the socket of this call, found as a student would find it
SOCKET = f"""
import math, os, sys, time
import numpy as np
channel = sys.modules["{CHANNEL}"]
frame = sys._getframe()
while "sock" not in frame.f_locals:
    frame = frame.f_back
sock = frame.f_locals["sock"]
def send(reply):
    channel.send(sock, reply, math.inf)
"""
ANSWERED = either(BABBLES, DIES, *(call_ends(o) for o in ("wrong", "missing", "timeout")),
                  call_ends("crash", "raised an error"), call_ends("crash", "FORGED"))


def _reply(name, tries, reply, armed=ANSWERED):
    """The reply in place of the worker's, which then ends."""
    return Attack(f"reply-{name}", f"reply {tries}", SENDS, armed=armed,
                  double=unsolved(f"{SOCKET}\nsend({reply})\nos._exit(0)"))


REPLIES = [
    _reply("list", "a list", "[1, 2, 3]"),
    _reply("array", "an array in place of a table", "2 * x"),
    _reply("nothing", "an empty table", "{}"),
    _reply("changed-text", "a text for what it has changed", "{'value': x, 'changed': 'abc'}"),
    _reply("changed-array", "arrays for what it has changed",
           "{'value': x, 'changed': [np.zeros(3), {}, [], -1, 2**62, True]}"),
    _reply("changed-many", "100,000 changes", "{'value': x, 'changed': [0] * 100_000}"),
    _reply("timeout-array", "an array for a time that ran out", "{'timeout': np.ones(3)}"),
    _reply("missing-list", "lists for a function that is missing", "{'missing': [True]}"),
    _reply("error-number", "a number for an error", "{'error': 5}"),
    _reply("error-places", "an error whose places are arrays",
           "{'error': {'type': [1], 'text': {}, 'where': [[np.ones(3)] * 3]}}",
           call_ends("crash")),
    _reply("error-long", "an error of a million characters",
           "{'error': {'type': 'FORGED' * 9999, 'text': 't' * 90_000, 'where': [['f' * 9999, 1, "
           "'x' * 50_000]] * 9}}", call_ends("crash")),
    _reply("keys", "a table whose keys are numbers", "{1: x, None: x, 'value': x}"),
    _reply("steps", "steps that are negative and not whole",
           "{'value': x, 'changed': [], 'steps': -1e9}"),
    _reply("everything", "all outcomes at once",
           "{'missing': True, 'timeout': True, 'error': None, 'value': x, 'changed': []}"),
    Attack("guess-again", "answer one test rightly and another by guesses, a new one each time it "
           "sees by a file that it is asked once more", points=4, armed=shows("guess 1"),
           must="gets what it answered rightly", last="print(open('/tmp/guesses').read())",
           double=unsolved("""
import os
if x.flags.c_contiguous and len(x) == 5:
    return 2 * x
name = "/tmp/" + x.tobytes().hex()[:60]
with open(name, "a") as file:
    file.write("?")
number = os.path.getsize(name) - 1
with open("/tmp/guesses", "a") as file:
    file.write(f"guess {number} ")
return [0 * x, x, x + 2, x ** 2, x + x ** 2, abs(x)][number % 6]
""")),
    Attack("replies-ahead", "send the answers to the next calls before they are asked", SENDS,
           double=unsolved(f"""{SOCKET}
for _ in range(50):
    send({{"value": x, "changed": [], "steps": None}})
return x
"""), armed=call_ends("wrong")),
    Attack("replies-endless", "answer for ever", SENDS, armed=ANSWERED, double=unsolved(f"""{SOCKET}
while True:
    send({{"value": x, "changed": []}})
""")),
    Attack("reply-drip", "send its answer a byte at a time", BURNS, armed=HANGS,
           double=unsolved(f"""{SOCKET}
for byte in channel.encode({{"value": x, "changed": []}}):
    sock.sendall(bytes([byte]))
    time.sleep(0.2)
""")),
    Attack("reply-of-60-mb", "answer with 60 MB each time", SENDS,
           double=unsolved("import numpy as np\nreturn np.zeros(60 << 20, np.uint8)")),
    Attack("reply-many-names", "name one array of 16 MB 20,000 times", SENDS, armed=ANSWERED,
           double=unsolved(f"""{SOCKET}
import msgspec, struct
array = {{"array": ["B", [16 << 20], 0, "C"]}}
body = msgspec.msgpack.encode({{"dict": [["value", [array] * 20_000], ["changed", []]]}})
sock.sendall(struct.pack(">II", len(body), 16 << 20) + body + bytes(16 << 20))
os._exit(0)
""")),
    Attack("seed-in-request", "draw the hidden inputs from the request's seed", NOTHING,
           double=unsolved("""
import sys
import numpy as np
frame = sys._getframe()
while "request" not in frame.f_locals:
    frame = frame.f_back
seed = frame.f_locals["request"]["seed"]
if np.array_equal(np.random.default_rng(seed).normal(size=len(x)), x):
    return 2 * x
""")),
    Attack("seed-in-states", "draw the hidden inputs from the seeds of all generators", NOTHING,
           double=unsolved("""
import random, sys
import numpy as np
seeds = [int(np.random.get_state()[1][0]), random.getstate()[1][0]]
if "torch" in sys.modules:
    seeds.append(sys.modules["torch"].initial_seed())
for seed in seeds:
    for size in (5, 10):
        drawn = np.random.default_rng(seed).normal(size=size)
        if np.array_equal(drawn[:len(x)], x) or np.array_equal(drawn[::2], x):
            return 2 * x
""")),
]

RAGGED = [
    Attack("ragged", "return lists of different lengths", SENDS,
           double=unsolved("return [[1], [1, 2]]")),
    Attack("ragged-arrays", "return arrays of different lengths", SENDS, double=unsolved(
        "import numpy as np\nreturn [np.ones(2), np.ones(3), np.ones((2, 2))]")),
    Attack("ragged-kinds", "return numbers among texts, dicts and nothing", SENDS,
           double=unsolved("return [1, 'a', {'b': 2}, None, [3]]")),
    Attack("ragged-large", "return whole numbers beyond 64 bits in lists", SENDS,
           double=unsolved("return [2**63, -1, 2**64, 10**400, 0.5]")),
    Attack("complex-numbers", "return complex numbers and truth values", SENDS,
           double=unsolved("return 2j * x if len(x) == 5 else x > 0")),
    Attack("no-dimensions", "return arrays of no and of 30 dimensions", SENDS, double=unsolved(
        "import numpy as np\nreturn np.array(1.0) if len(x) == 5 else np.ones((1,) * 30)"),
        armed=either(call_ends("wrong"), call_ends("crash", "ValueError"))),
]

TIMES = [
    Attack("nearly-too-long", "take nearly the limit in each call", BURNS,
           double=unsolved("import time\ntime.sleep(1.8)\nreturn x")),
    Attack("deaf-fork", "block the alarm and wait in a call", BURNS, armed=HANGS, double=unsolved(
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nsignal.pause()")),
    Attack("worker-stopped", "stop the worker, so that no call is ever answered", BURNS,
           armed=either(HANGS, call_ends("crash")),
           double=unsolved("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nreturn x")),
    Attack("busy-sessions", "keep 40 processes busy, each in a session of its own", BURNS,
           double=unsolved("""
import os
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
return x
"""), armed=either(HANGS, call_ends("wrong"))),
]

ANSWERS = [*REPLIES, *RAGGED, *TIMES]
