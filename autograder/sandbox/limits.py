"""What one submission may use."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """What one submission may use; times are wall time unless said otherwise.

    Once a notebook has run for `notebook_seconds`, each further cell gets a second, and after
    `overtime_seconds` of these no more is run. Once the hidden tests' calls and comparisons took
    `tests_seconds`, there are no more. All attempts at one submission share these times.
    """

    cell_seconds: float = 60
    call_seconds: float = 10
    notebook_seconds: float = 300
    overtime_seconds: float = 60
    tests_seconds: float = 600
    memory_bytes: int = 6 << 30  # resident, of all processes together
    tmp_bytes: int = 256 << 20  # of files in the temporary folder
    rlimits: dict[str, int] = field(default_factory=lambda: {
        "RLIMIT_AS": 5 << 30,  # address space of one process
        "RLIMIT_CPU": 900,  # seconds of processor time of one process
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": 64,  # processes and threads
        "RLIMIT_CORE": 0,
    })
