"""Attacks on the wall itself: its other processes, their memory, namespaces, odd system calls."""

from autograder.soundness.corpus import Attack, cell_ends

from .common import ITS_OWN_LOSS, NOTHING, either, unsolved

KEPT_OUT = "is refused each of them"
TOOLS = """
import ctypes, errno, os, signal, struct
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, (n % 2**64 for n in arguments)))
def found(what):
    print("CANARY" "-wall-0", what)
others = sorted({*map(int, filter(str.isdigit, os.listdir("/proc"))), *range(1, 12), os.getppid()}
                - {os.getpid(), 0})
"""
STOPPED = either("ARMED", cell_ends("killed"))


def _wall(name, tries, code, must=KEPT_OUT, **more):
    return Attack(name, tries, must, first=TOOLS + code, **more)


PROCESSES = [
    _wall("memory-files-of-others", "write into other processes' memory", """
for pid in others:
    for folder in (f"/proc/{pid}", f"/proc/{pid}/task/{pid}"):
        try:
            os.close(os.open(f"{folder}/mem", os.O_RDWR))
            found(pid)
        except OSError as error:
            print(pid, error)
"""),
    _wall("holder-overwritten", "run machine code of its own in the process that waits", """
for pid in others:
    try:
        with open(f"/proc/{pid}/syscall") as file:
            where = int(file.read().split()[-1], 16)
        memory = os.open(f"/proc/{pid}/mem", os.O_RDWR)
        before = os.pread(memory, 64, where)
        os.pwrite(memory, before, where)
        found(pid)
    except (OSError, ValueError, IndexError) as error:
        print(pid, error)
"""),
    _wall("files-of-others", "read what /proc tells of other processes", """
for pid in others:
    for name in ("environ", "cmdline", "maps", "status", "fd", "root", "cwd", "exe", "auxv",
                 "stack", "syscall", "io", "fdinfo", "map_files", "ns/mnt"):
        path = f"/proc/{pid}/{name}"
        try:
            if name in ("root", "cwd", "exe") or name.startswith("ns"):
                seen = os.readlink(path)
            elif name in ("fd", "fdinfo", "map_files"):
                seen = os.listdir(path)
            else:
                with open(path, "rb") as file:
                    seen = file.read(100)
        except OSError as error:
            continue
        if seen:
            found(path)
"""),
    _wall("folders-of-others", "find the host's folders through other processes", """
for pid in others:
    for name in ("root", "cwd", "fd/0", "fd/1", "fd/3", "fd/4", "map_files"):
        try:
            os.listdir(f"/proc/{pid}/{name}")
            found((pid, name))
        except OSError as error:
            print(error)
"""),
    _wall("trace-everybody", "trace every process that it sees", """
for pid in others:
    for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
        if call(101, request, pid, 0, 0) == 0:
            found(pid)
"""),
    _wall("trace-children", "trace a child of its own and change its system calls", """
child = os.fork()
if child == 0:
    if call(101, 0, 0, 0, 0) == 0:  # PTRACE_TRACEME
        os._exit(7)
    os._exit(0)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
    found("traced")
"""),
    _wall("write-to-others", "write into other processes' memory by system calls", """
buffer = ctypes.create_string_buffer(64)
place = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 8)
for pid in [*others, os.getpid()]:
    for number in (310, 311):  # process_vm_readv, process_vm_writev
        if call(number, pid, ctypes.addressof(place), 1, ctypes.addressof(place), 1, 0) >= 0:
            found((number, pid))
"""),
    _wall("descriptors-of-others", "take descriptors of other processes", """
for pid in [*others, os.getpid()]:
    try:
        process = os.pidfd_open(pid)
    except OSError:
        continue
    for number in range(8):
        if call(438, process, number, 0) >= 0:
            found((pid, number))
"""),
    _wall("compare-others", "compare kernel pointers of processes", """
for pid in [*others, os.getpid()]:
    for kind in range(8):
        if call(312, os.getpid(), pid, kind, 0, 0) >= 0:
            found((pid, kind))
"""),
    _wall("signals-to-others", "send every signal to every process that it sees", """
for pid in others:
    for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
        for send in (os.kill, os.killpg):
            try:
                send(pid, number)
            except OSError:
                pass
        try:
            signal.pidfd_send_signal(os.pidfd_open(pid), number)
        except OSError:
            pass
"""),
    _wall("priorities", "take priority over the machine's other processes", """
for act in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -20), lambda: os.nice(-1),
            lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
            lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))):
    try:
        act()
        found("priority")
    except OSError as error:
        print(error)
"""),
    _wall("last-to-be-killed", "tell a full machine to end others first", """
for value in ("0", "-1000", "500"):
    for path in (f"/proc/{os.getpid()}/oom_score_adj", "/proc/self/oom_score_adj",
                 "/proc/self/oom_adj"):
        try:
            with open(path, "w") as file:
                file.write(value)
        except OSError as error:
            print(error)
with open("/proc/self/oom_score_adj") as file:
    if int(file.read()) < 1000:
        found("oom_score_adj")
"""),
]

NAMESPACES = [
    _wall("user-namespace-clone", "clone into a user namespace by system call", """
for flags in (0x10000000, 0x10000000 | 0x20000, 0x30000000, 0x10000000 | 1 << 40):
    child = call(56, flags | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0:
        found(flags)
"""),
    _wall("user-namespace-clone3", "clone into a user namespace by the newer call", """
arguments = ctypes.create_string_buffer(struct.pack("11Q", 0x10000000, *[0] * 3, 17, *[0] * 6))
child = call(435, ctypes.addressof(arguments), 88)
if child == 0:
    os._exit(0)
if child > 0:
    found("clone3")
"""),
    _wall("other-namespaces-clone", "clone into namespaces of every other kind", """
for flags in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000, 0x80):
    child = call(56, flags | (17 if flags != 0x80 else 0), 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0 and flags != 0x80:
        found(flags)
"""),
    _wall("unshare-each", "leave each kind of namespace", """
for bit in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    if call(272, bit) == 0:
        found(hex(bit))
"""),
    _wall("enter-others", "enter namespaces of other processes", """
for pid in [*others, os.getpid()]:
    for name in ("mnt", "net", "user", "pid", "ipc", "uts", "cgroup"):
        try:
            if call(308, os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0) == 0:
                found((pid, name))
        except OSError:
            pass
    try:
        if call(308, os.pidfd_open(pid), 0x7E020000) == 0:
            found(pid)
    except OSError:
        pass
"""),
    _wall("mount-inside", "mount inside of a user namespace of its own", """
child = os.fork()
if child == 0:
    new = call(272, 0x10000000 | 0x20000) == 0
    mounted = libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
    os._exit(7 if new or mounted else 0)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
    found("mounted")
"""),
    _wall("mounts-of-the-newer-kind", "mount by the newer system calls", """
name = ctypes.create_string_buffer(b"/")
kind = ctypes.create_string_buffer(b"tmpfs")
for number, arguments in ((428, (-100, ctypes.addressof(name), 1)),  # open_tree
                          (430, (ctypes.addressof(kind), 0)),  # fsopen
                          (433, (-100, ctypes.addressof(name), 0)),  # fspick
                          (429, (-100, ctypes.addressof(name), -100, ctypes.addressof(name), 0)),
                          (442, (-100, ctypes.addressof(name), 0, 0, 0))):  # mount_setattr
    if call(number, *arguments) >= 0:
        found(number)
"""),
    _wall("mounts-undone", "unmount, turn over and make writable what it sees", """
for path in (b"/", b"/proc", b"/usr", b"/tmp", b"/dev", b"/course/autograder"):
    for flags in (0, 1, 2, 8):
        if libc.umount2(path, flags) == 0:
            found(path)
    if libc.mount(None, path, None, ctypes.c_ulong(0x20 | 0x1000), None) == 0:
        found(path)
if call(155, 0, 0) == 0 or libc.chroot(b"/proc") == 0:
    found("root")
"""),
    _wall("system-settings", "write settings of the kernel", """
for folder, _, names in os.walk("/proc/sys"):
    for name in names:
        try:
            os.close(os.open(f"{folder}/{name}", os.O_WRONLY))
            found(f"{folder}/{name}")
        except OSError:
            pass
for path in ("/proc/sysrq-trigger", "/proc/self/loginuid", "/sys/fs/cgroup/cgroup.procs"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        found(path) if "loginuid" not in path else None
    except OSError as error:
        print(error)
"""),
]

CALLS = [
    _wall("io-uring", "work through io_uring instead of system calls", """
parameters = ctypes.create_string_buffer(256)
for number, arguments in ((425, (4, ctypes.addressof(parameters))), (426, (0, 0, 0, 0, 0, 0)),
                          (427, (0, 0, 0, 0))):
    ctypes.set_errno(0)
    if call(number, *arguments) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        found(number)
"""),
    _wall("own-filter", "listen to its own system calls by a filter", """
instructions = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 1, ctypes.addressof(instructions)))
if call(317, 1, 8, ctypes.addressof(program)) >= 0:
    found("listener")
for mode in (0, 2, 3):
    call(317, mode, 0, 0)
"""),
    _wall("process-settings", "win back what was given up, by prctl", """
for number, arguments in ((38, (0, 0, 0, 0)), (47, (2, 21, 0, 0)), (28, (0, 0, 0, 0)),
                          (8, (1, 0, 0, 0)), (35, (8, 0, 0, 0)), (24, (21, 0, 0, 0))):
    libc.prctl(number, *map(ctypes.c_ulong, arguments))
with open("/proc/self/status") as file:
    status = dict(line.split(":", 1) for line in file if ":" in line)
if (int(status["NoNewPrivs"]), int(status["Seccomp"])) != (1, 2):
    found("status")
if any(int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")):
    found("capabilities")
"""),
    _wall("terminal-by-number", "type into terminals by requests with more bits", """
import fcntl, pty
places = list(range(16))
try:
    places += pty.openpty()
except OSError as error:
    print(error)
letter = ctypes.create_string_buffer(b"x")
for number in places:
    for request in (0x5412, 0x541C, 1 << 32 | 0x5412, 1 << 63 | 0x541C):
        if call(16, number, request, ctypes.addressof(letter)) >= 0:
            found((number, hex(request)))
"""),
    _wall("all-socket-families", "open sockets of every family", """
import socket
for family in range(64):
    for kind in (1, 2, 3, 5):
        for act in (lambda: socket.socket(family, kind),
                    lambda: socket.socketpair(family, kind)[0]):
            try:
                with act():
                    if family != socket.AF_UNIX:
                        found((family, kind))
            except (OSError, ValueError):
                pass
for family in (1 << 32 | 16, 1 << 40 | 38):  # more bits than the kernel looks at
    if call(41, family, 3, 0) >= 0:
        found(family)
"""),
    _wall("kernel-ciphers", "reach drivers through the kernel's ciphers", """
import socket
try:
    with socket.socket(38, socket.SOCK_SEQPACKET) as cipher:
        cipher.bind(("hash", "sha256"))
        found("ciphers")
except OSError as error:
    print(error)
"""),
    _wall("other-numbers", "call by the numbers of the x32 programs", """
for number in (101, 272, 165, 41, 425):
    if call(0x40000000 + number, 0, 0, 0, 0, 0) >= 0:
        found(number)
""", armed=STOPPED),
    _wall("other-entry", "call by the entry of 32-bit programs", """
import mmap
code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                 mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("53b81a00000031db31c931d231f6cd805bc3"))  # ptrace(0, 0, 0, 0) by int 0x80
enter = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
print("ARMED")
if enter() == 0:
    found("int 0x80")
""", armed=STOPPED),
    _wall("keyrings", "read and write key rings", """
name = ctypes.create_string_buffer(b"user")
if call(248, ctypes.addressof(name), ctypes.addressof(name), ctypes.addressof(name), 4, -3) >= 0:
    found("add_key")
if call(250, 0, -3, 1) >= 0:
    found("keyctl")
"""),
    _wall("devices", "open the machine's devices", """
for folder, _, names in os.walk("/dev"):
    for name in names:
        path = f"{folder}/{name}"
        if not os.path.islink(path) and name not in (
                "null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"):
            found(path)
for name in ("kvm", "fuse", "mem", "kmsg", "sda", "vda", "loop-control", "net/tun", "vsock"):
    try:
        os.close(os.open(f"/dev/{name}", os.O_RDONLY))
        found(name)
    except OSError as error:
        print(error)
"""),
    _wall("set-user-bits", "run a program that belongs to root", """
import subprocess
for folder in ("/usr/bin", "/usr/sbin", "/usr/lib"):
    for name in os.listdir(folder):
        path = f"{folder}/{name}"
        if os.path.isfile(path) and os.stat(path).st_mode & 0o6000:
            print(path)
            try:
                done = subprocess.run([path, "-c", "id"], capture_output=True, timeout=0.5,
                                      stdin=subprocess.DEVNULL)
                if b"uid=0" in done.stdout:
                    found(path)
            except (OSError, subprocess.TimeoutExpired):
                pass
try:
    with open("/tmp/owned", "wb") as file:
        file.write(open("/bin/sh", "rb").read())
    os.chmod("/tmp/owned", 0o6777)
except OSError as error:
    print(error)
"""),
    Attack("worker-overwritten", "overwrite the code of the process that forked it", NOTHING,
           double=unsolved("""
import os
try:
    memory = os.open(f"/proc/{os.getppid()}/mem", os.O_RDWR)
except OSError:
    return x
with open(f"/proc/{os.getppid()}/maps") as file:
    first = int(file.read().split("-")[0], 16)
try:
    os.pwrite(memory, os.pread(memory, 64, first), first)
except OSError:
    pass
return x
""")),
    Attack("limits-of-others", "change limits of the worker and of others", ITS_OWN_LOSS,
           double=unsolved("""
import os, resource
for pid in range(1, 20):
    for name in ("RLIMIT_CPU", "RLIMIT_NOFILE"):
        if pid != os.getppid():
            try:
                resource.prlimit(pid, getattr(resource, name), (0, 0)) if pid != os.getpid() else 0
            except OSError:
                pass
return x
""")),
]

WALL = [*PROCESSES, *NAMESPACES, *CALLS]
