"""Attacks by what the worker sends of its cells: forged fields, orders, floods and frames.

A cell is part of the worker's process, so whatever arrives from there may be of its making.
"""

from autograder.soundness.corpus import Attack, cell_ends, shows

from .common import AGAIN, BURNS, CHANNEL, ITS_OWN_LOSS, either

# the worker's own messages stand here only
CONTROL = f"""
import os, signal, struct, sys, time
import msgspec
import numpy as np
channel = sys.modules["{CHANNEL}"]
send = channel.send
def running(cell):
    return channel.encode({{"type": "running", "cell": cell}})
def report(**changed):
    return {{"type": "ran", "cell": 0, "outcome": "ok", "stdout": "FORGED", "error": None,
            "images": [], **changed}}
def ready():
    return channel.encode({{"type": "ready", "threads": 0}})
def out(data):
    while data:
        data = data[os.write(3, data):]
def forge(change):
    def forged(sock, value, deadline):
        if value.get("type") == "ran":
            value = change({{**value, "stdout": "FORGED"}})
        send(sock, value, deadline)
    channel.send = forged
def frame(structure, arrays=b""):
    body = structure if isinstance(structure, bytes) else msgspec.msgpack.encode(structure)
    return struct.pack(">II", len(body), len(arrays)) + body + arrays
def table(**fields):
    return {{"dict": [[name, field] for name, field in report().items() if name not in fields]
            + [[name, field] for name, field in fields.items()]}}
def unstoppable():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
"""
# answers calls in the worker's place until it is told to go on
SERVER = """
import socket
def serve(value_of):
    control = socket.socket(fileno=os.dup(3))
    while True:
        message = channel.receive(control, float("inf"))
        if "go_on" in message:
            return
        if "fork" not in message:
            continue
        control.settimeout(None)
        _, (number,), _, _ = socket.recv_fds(control, 1, 1)
        if os.fork() == 0:
            with socket.socket(fileno=number) as call:
                try:
                    while True:
                        request = channel.receive(call, float("inf"))
                        send(call, {"value": value_of(request["call"], request["args"]),
                                    "changed": [], "steps": None}, float("inf"))
                finally:
                    os._exit(0)
        os.close(number)
"""
STOPPED = either(cell_ends("killed", "memory", "timeout"), shows("FORGED"))


def _cell(name, tries, code, must=AGAIN, **more):
    return Attack(name, tries, must, first=CONTROL + code, **{"armed": STOPPED, **more})


def _field(name, tries, field, value):
    return _cell(f"report-{name}", f"report {tries}",
                 f"forge(lambda value: {{**value, {field!r}: {value}}})")


FIELDS = [
    _field("images-number", "a number for its pictures", "images", "5"),
    _field("images-text", "a text for its pictures", "images", "'x' * 1000"),
    _field("images-dict", "a dict of pictures", "images", "{'a': np.zeros(4, np.uint8)}"),
    _field("images-array", "one array for a list of pictures", "images",
           "np.zeros((3, 4), np.uint8)"),
    _field("images-floats", "pictures of complex numbers", "images", "[np.zeros(9, complex)]"),
    _field("images-deep", "pictures within lists of lists", "images",
           "[[[np.zeros(4, np.uint8)] * 3] * 3]"),
    _field("images-square", "pictures of 16 dimensions", "images",
           "[np.zeros((1,) * 16, np.uint8)]"),
    _field("images-many", "100,000 empty pictures", "images", "[np.zeros(0, np.uint8)] * 20_000"),
    _field("output-array", "an array for its output", "stdout", "np.zeros(10**6)"),
    _field("output-list", "a list of a million texts for its output", "stdout",
           "['x'] * 10**5"),
    _field("output-long", "output of a million characters", "stdout", "'x' * 10**6"),
    _field("error-number", "a number for an error", "error", "7"),
    _field("error-array", "an array for an error", "error", "np.ones(7)"),
    _field("error-places", "an error whose places are numbers", "error",
           "{'type': 'E', 'text': 't', 'where': 9}"),
    _field("error-lines", "an error whose lines are dicts and arrays", "error",
           "{'type': {}, 'text': np.ones(3), 'where': [[{}, np.ones(3), np.ones(3)]]}"),
    _field("error-long", "an error of a million characters", "error",
           "{'type': 'E' * 90_000, 'text': 't' * 90_000, 'where': [['f', 1, 'x' * 90_000]] * 9}"),
    _field("seconds-text", "a text for its seconds", "seconds", "'1e9'"),
    _field("seconds-nan", "seconds that are not a number", "seconds", "float('nan')"),
    _field("seconds-negative", "minus 10^300 seconds", "seconds", "-1e300"),
    _field("seconds-whole", "seconds as a number of 64 bits", "seconds", "2**64 - 1"),
    _field("outcome-array", "an array for how it ended", "outcome", "np.array([True])"),
    _field("outcome-passed", "that its cell has passed", "outcome", "'passed'"),
    _field("number-float", "the number of its cell as a fraction", "cell", "float(value['cell'])"),
    _field("number-bool", "False for cell 0", "cell", "bool(value['cell'])"),
    _field("number-array", "the number of its cell as an array", "cell", "np.array(value['cell'])"),
    _field("number-huge", "a cell that is not there", "cell", "2**63"),
    _field("more-fields", "fields that nobody asked for", "score", "5.0"),
    _cell("report-less", "report no outcome at all", "forge(lambda value: {'type': 'ran'})"),
    _cell("report-list", "report a list", "forge(lambda value: list(value.items()))"),
    _cell("report-keys", "report fields whose names are numbers and arrays' shapes",
          "forge(lambda value: {**value, 1: 2, None: 3, (4, 5): 6})"),
]

ORDER = [
    _cell("forged-ready", "say from a cell that the notebook is done", "out(ready())"),
    _cell("forged-reports", "send reports of cells that did not run",
          "out(channel.encode(report(cell=1, images='x')))"),
    _cell("evil-report", "send a report with wrong types in all fields",
          "forge(lambda value: {**value, 'outcome': ['ok'], 'stdout': {'a': 1}, 'images': "
          "[[1], '<script>'], 'error': {'type': 1, 'where': [1, 2]}})"),
    _cell("reports-glued", "send two reports and the end in one piece",
          "out(channel.encode(report()) + ready())"),
    _cell("report-twice", "send its report ten times",
          "for _ in range(10):\n    out(channel.encode(report()))"),
    _cell("report-of-next", "report the next cells instead of running them", """
for number in (0, 1, 2, 3):
    out(running(number) if number else b"")
    out(channel.encode(report(cell=number)) + (ready() if number == 2 else b""))
out(ready())
"""),
    _cell("reports-endless", "start and end the same cell for ever", """
unstoppable()
while True:
    out(channel.encode(report()) + running(0))
""", BURNS),
    _cell("running-slowly", "say twice a second that it is running", """
unstoppable()
while True:
    out(running(0))
    time.sleep(0.5)
""", BURNS),
    _cell("running-flood", "say as fast as it can that it is running", """
unstoppable()
said = running(0) * 1000
while True:
    out(said)
""", BURNS),
    _cell("running-with-pictures", "send 60 MB with each word that it is running", """
unstoppable()
said = channel.encode({"type": "running", "cell": 0, "images": [np.zeros(60 << 20, np.uint8)]})
while True:
    out(said)
""", BURNS),
    _cell("ready-and-silent", "say that it is ready and then nothing", """
unstoppable()
out(ready())
while True:
    time.sleep(1)
""", BURNS),
    _cell("another-cell-to-blame", "end the process while another cell is said to run", """
out(channel.encode(report()) + running(1))
os._exit(1)
""", ITS_OWN_LOSS, points=0),
    Attack("server-of-its-own", "answer the calls from a process that takes the worker's place",
           "gets nothing but its own solved part", armed=(
               lambda result: result["cells"][-1]["stdout"] == "FORGED"), last=CONTROL + SERVER
           + """
split_of_mine = split
if os.fork():
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
unstoppable()
out(channel.encode(report(cell=3)) + ready())
serve(lambda name, args: split_of_mine(*args) if name == "split" else None)
"""),
    Attack("server-from-the-start", "take the worker's place before anything is tested",
           "gets nothing but its own solved part", armed=shows("FORGED"), first=CONTROL + SERVER
           + """
if os.fork():
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
unstoppable()
said = channel.encode(report())
for cell in (1, 2, 3):
    out(said + running(cell) + channel.encode(report(cell=cell)) + (ready() if cell > 1 else b""))
    said = b""
    if cell > 1:
        serve(lambda name, args: (np.sum(args[0]), np.mean(args[0])) if name == "split" else None)
"""),
]

FRAMES = [
    _cell("frame-half", "send half of a header", "unstoppable()\nout(b'\\0\\0')\ntime.sleep(60)",
          BURNS),
    _cell("frame-drip", "send a report of a byte every half second", """
unstoppable()
for byte in channel.encode(report(stdout="FORGED" * 100)):
    out(bytes([byte]))
    time.sleep(0.5)
""", BURNS),
    _cell("frame-promised", "announce 60 MB and send one", """
unstoppable()
out(struct.pack(">II", 10, 60 << 20) + bytes(1 << 20))
time.sleep(60)
""", BURNS),
    _cell("frame-empty", "send empty frames", "out(bytes(8) * 1000)"),
    _cell("frame-one-array", "name one picture of 16 MB 20,000 times", """
picture = {"array": ["B", [16 << 20], 0, "C"]}
out(frame(table(images=[picture] * 20_000), bytes(16 << 20)))
"""),
    _cell("frame-overlaps", "name 20,000 pictures that overlap", """
pictures = [{"array": ["B", [(16 << 20) - n], n, "C"]} for n in range(20_000)]
out(frame(table(images=pictures), bytes(16 << 20)))
"""),
    _cell("frame-outside", "name arrays that lie outside of the frame", """
out(frame(table(images=[{"array": ["B", [64], -64, "C"]}]), bytes(64)))
"""),
    _cell("frame-shapes", "name shapes that overflow", """
out(frame(table(images=[{"array": ["B", [2**26, 2**26, 2**26, 0], 0, "C"]}]), bytes(64)))
"""),
    _cell("frame-objects", "name arrays of Python objects", """
out(frame(table(images=[{"array": ["O", [8], 0, "C"]}]), bytes(64)))
"""),
    _cell("frame-wide", "send a megabyte of empty lists", """
out(frame(table(images=[[]] * 10**6)))
"""),
    _cell("frame-deep", "send 100,000 lists within each other", """
out(frame(b"\\x91" * 100_000 + b"\\x90"))
"""),
    _cell("frame-extension", "send msgpack's extensions and times", """
import datetime
out(frame(table(images=[msgspec.msgpack.Ext(5, b"x" * 9), datetime.datetime.now()])))
"""),
    _cell("frame-bytes", "send bytes where text is due", "out(frame(table(stdout=b'FORGED')))"),
    _cell("frame-keys", "send a table whose keys are lists", """
out(frame({"dict": [[[1, 2], 3], ["cell", 0]]}))
"""),
    _cell("frame-tags", "send a value under two names and under none", """
out(frame({"dict": [["cell", {"tuple": [0], "opaque": "x"}], ["images", {}]]}))
"""),
    _cell("frame-name", "send an object whose type's name is a megabyte", """
out(frame(table(error={"opaque": "<b>" * 300_000})))
"""),
    _cell("frame-text", "send text that is not UTF-8 and ends of lines of all kinds", """
body = msgspec.msgpack.encode(table())
out(frame(body.replace(b"FORGED", b"\\xff\\xfe\\x80\\r\\x00\\x1b")))
"""),
]

REPORTS = [*FIELDS, *ORDER, *FRAMES]
