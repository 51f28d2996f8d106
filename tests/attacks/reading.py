"""Attacks on what a submission may not see: graders, other students, the TA's files."""

from autograder.soundness.corpus import Attack, call_ends, shows

from .common import HANGS, NOTHING, SENDS, either, unsolved

SEARCH = """
import os
def look(paths):
    for path in paths:
        try:
            with open(path, errors="replace") as file:
                print(path, file.read(100_000)[-2000:])
        except (OSError, ValueError) as error:
            print(path, type(error).__name__)
"""
READING = [
    Attack("graders-on-disk", "find hidden tests anywhere on disk", NOTHING, first=SEARCH + """
for folder, below, names in os.walk("/"):
    if folder == "/":
        below[:] = [name for name in below if name not in ("proc", "usr", "sys")]
    if folder.endswith("/site-packages"):
        below[:] = [name for name in below if name.startswith(("auto", "nncourse", "toy"))]
    look(f"{folder}/{n}" for n in names if n.startswith(("test_", "reference", "mistakes"))
         and "toy" in folder)
"""),
    Attack("graders-by-import", "import the hidden tests and references", NOTHING, first="""
import importlib
for name in ("toy_graders.toy.reference", "autograder.graders.hw1_perceptron.reference",
             "autograder.grading.grade", "autograder.grading.judge"):
    try:
        print(vars(importlib.import_module(name)))
    except ImportError as error:
        print(error)
""", double=unsolved("""
try:
    import toy_graders.toy.reference as reference
    return reference.double(x)
except ImportError:
    return None
""")),
    Attack("source-notebook", "read the instructor's notebook", NOTHING, first=SEARCH + """
look(["@COURSE@/source/toy/toy.ipynb", "../source/toy/toy.ipynb",
      "../../../source/toy/toy.ipynb", "/proc/1/root" "/@COURSE@/source/toy/toy.ipynb",
      "/proc/1/cwd/../source/toy/toy.ipynb"])
"""),
    Attack("other-submission", "read what another student handed in", NOTHING, first=SEARCH + """
look(["@COURSE@/submitted/honest/toy/toy.ipynb", "../../honest/toy/toy.ipynb"])
for folder in ("@COURSE@/submitted", "@COURSE@/autograded", "@COURSE@/feedback"):
    print(os.path.exists(folder))
    for found in os.walk(folder):
        look(f"{found[0]}/{n}" for n in found[2])
"""),
    Attack("stored-results", "read and forge stored results", NOTHING, first=SEARCH + """
for folder, _, names in os.walk("@COURSE@/.autograder"):
    look(f"{folder}/{n}" for n in names)
os.makedirs("@COURSE@/.autograder/results/00", exist_ok=True)
"""),
    Attack("read-gradebook", "read the gradebook", NOTHING, first="""
import sqlite3
print(sqlite3.connect("file:@COURSE@/gradebook.db?mode=ro", uri=True)
      .execute("select * from grade").fetchall())
""", armed=shows("OperationalError")),
    Attack("environment", "read environment variables of the TA", NOTHING, first=SEARCH + """
print(dict(os.environ))
look(["/proc/self/environ", "/proc/1/environ", "/proc/2/environ", f"/proc/{os.getppid()}/environ"])
"""),
    Attack("home", "read the TA's home", NOTHING, first=SEARCH + """
look(["@HOME@/.secret", os.path.expanduser("~/.secret"), "/etc/passwd", "/etc/shadow"])
import pwd
look(f"{user.pw_dir}/{name}" for user in pwd.getpwall()
     for name in (".secret", ".bashrc", ".ssh/id_rsa"))
"""),
    Attack("command-lines", "read other processes' command lines and folders", NOTHING,
           first=SEARCH + """
for pid in filter(str.isdigit, os.listdir("/proc")):
    look([f"/proc/{pid}/cmdline", f"/proc/{pid}/maps"])
    try:
        print(os.readlink(f"/proc/{pid}/cwd"), os.listdir(f"/proc/{pid}/root"))
    except OSError as error:
        print(error)
assert len([p for p in os.listdir("/proc") if p.isdigit()]) < 5
"""),
    Attack("memory-of-others", "read other processes' memory", NOTHING, double=unsolved("""
import os, re
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        maps = open(f"/proc/{pid}/maps").read().splitlines()
        memory = open(f"/proc/{pid}/mem", "rb", 0)
    except OSError:
        continue
    for line in maps[:400]:
        start, end = (int(n, 16) for n in line.split()[0].split("-"))
        try:
            memory.seek(start)
            found = re.search(rb"CANARY-(?:hidden|home|environment)-[0-9a-f]+",
                              memory.read(min(end - start, 1 << 24)))
        except (OSError, ValueError, OverflowError):
            continue
        if found:
            print(found.group())
            return found.group().decode()
"""), armed=either(call_ends("wrong"), HANGS)),  # a busy machine reads longer than a call may
    Attack("frames", "walk the stack for the expected value", NOTHING, double=unsolved("""
import sys
frame = sys._getframe()
while frame:
    for name, value in frame.f_locals.items():
        if name in ("want", "expected", "reference", "_reference"):
            return value
    frame = frame.f_back
""")),
    Attack("garbage-collector", "find the reference among all objects", NOTHING, double=unsolved("""
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__name__ == "double" and thing is not double:
        return thing(x)
""")),
    Attack("threads-frames", "look into other threads' frames", double=unsolved("""
import sys
return [str(f.f_locals)[:1000] for f in sys._current_frames().values()]
"""), must=SENDS),
    Attack("mounts", "find the host's folders through the mounts", NOTHING, first=SEARCH + """
look(["/proc/self/mountinfo"])
for line in open("/proc/self/mountinfo"):
    root, where = line.split()[3:5]
    look([f"{root}/../source/toy/toy.ipynb", f"{where}/../source/toy/toy.ipynb"])
"""),
]
