"""What a process gives up before it touches a file of a stranger (security.md MED-01).

Landlock takes the other files, seccomp the network and other programs, limits the rest. Where
a kernel has no Landlock, other files can still be read: `rubric doctor` says so.
"""

import ctypes
import os
import resource
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.landlock import only_files
from core.seccomp import deny_calls

_PARENT_DEATH, _DUMPABLE = 1, 4
NICE = 5

_libc = ctypes.CDLL(None, use_errno=True)


def live_as_long_as(parent: int) -> None:
    """End when the process that started this one does."""
    _libc.prctl(_PARENT_DEATH, 9, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the server is gone")


def step_back() -> None:
    """Let everything else on this machine go first, and be the first to go when memory ends."""
    os.nice(NICE)
    # Being nice alone, it would be left to finish its slice of milliseconds while a page waits.
    with suppress(OSError):  # a machine without it has its own way to choose
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit(*, memory: int, cpu_seconds: int, file_bytes: int, files: int = 64) -> None:
    """Bound what this process can take: bytes of address space, seconds, bytes of one file."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def confine(read: Sequence[Path], work_in: Sequence[Path]) -> list[str]:
    """Give up everything else, for good; return by which names of the kernel's it was done."""
    _libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    walls = {"landlock": only_files(read, work_in), "seccomp": deny_calls()}
    return [name for name, stands in walls.items() if stands]
