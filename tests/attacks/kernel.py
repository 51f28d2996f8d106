"""Attacks on the kernel, the network and the terminal."""

from autograder.soundness.corpus import Attack

from .common import SENDS, unsolved

KERNEL = [
    Attack("network", "reach servers on the host and beyond", first="""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", int("@PORT@"))),
                        (socket.AF_UNIX, chr(0) + "@ABSTRACT@"), (socket.AF_UNIX, "@SOCKET@"),
                        (socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET, ("8.8.8.8", 53)),
                        (socket.AF_INET6, ("::1", int("@PORT@")))):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.3)
            sock.connect(address)
            print("CANARY" "-network-0", address)
    except OSError as error:
        print(error)
"""),
    Attack("name-lookup", "ask for a name", first="""
import socket
print("CANARY" "-lookup-0" if socket.gethostbyname("example.org") else "")
""", armed="gaierror"),
    Attack("raw-sockets", "open raw, netlink, packet and vsock sockets", first="""
import socket
for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_NETLINK, socket.SOCK_RAW),
                     (socket.AF_PACKET, socket.SOCK_RAW), (40, socket.SOCK_STREAM),
                     (38, socket.SOCK_SEQPACKET)):
    try:
        socket.socket(family, kind)
        print("CANARY" "-socket-0", family)
    except OSError as error:
        print(error)
"""),
    Attack("trace", "trace the worker and read its memory", double=unsolved("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, os.getppid(), None, None) == 0:
    print("CANARY" "-trace-0")
buffer = ctypes.create_string_buffer(64)
return libc.syscall(310, os.getppid(), buffer, 1, buffer, 1, 0)
"""), must=SENDS),
    Attack("name-spaces", "make name spaces, mounts and a new root", first="""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for call in (lambda: libc.unshare(0x10000000), lambda: libc.unshare(0x00020000),
             lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), lambda: libc.chroot(b"/tmp"),
             lambda: libc.setns(0, 0), lambda: libc.umount2(b"/course", 2),
             lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)):
    if call() >= 0:
        print("CANARY" "-names-0")
"""),
    Attack("keys", "use the kernel's key rings, bpf, io_uring and userfaultfd", first="""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (248, 249, 250, 321, 323, 425, 298, 175, 246):
    if libc.syscall(number, 0, 0, 0, 0, 0) >= 0:
        print("CANARY" "-kernel-0", number)
"""),
    Attack("become-root", "become root", first="""
import ctypes, os, subprocess
for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]),
             lambda: os.chown("/tmp", 0, 0), lambda: os.mknod("/tmp/disk", 0o60600, 0x800)):
    try:
        call()
        print("CANARY" "-root-0")
    except OSError as error:
        print(error)
for command in ("su", "sudo", "mount", "newgrp"):
    try:
        done = subprocess.run([command, "-c", "id"], capture_output=True, timeout=1,
                              stdin=subprocess.DEVNULL)
        print(done)
        if b"uid=0" in done.stdout:
            print("CANARY" "-root-0")
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)
"""),
    Attack("terminal", "type into the TA's terminal", first="""
import fcntl, os
for number in range(256):
    try:
        fcntl.ioctl(number, 0x5412, b"x")
        print("CANARY" "-terminal-0")
    except OSError:
        pass
try:
    os.open("/dev/tty", os.O_RDWR)
    print("CANARY" "-terminal-0")
except OSError as error:
    print(error)
"""),
]
