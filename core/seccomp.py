"""Seccomp: a process gives up, for good, the calls to the kernel that it has no business with."""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator
from typing import NamedTuple

from core.landlock import no_new_privileges

_SET_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # places in what a filter is given to look at
_X32 = 0x40000000  # a second way to number the calls of x86_64
_CLONE_THREAD = 0x10000


class _Machine(NamedTuple):
    """How a kind of processor names itself, and its numbers of calls."""

    audit: int
    seccomp: int
    clone: int
    denied: tuple[int, ...]


# The network and other pairs of ends; other programs and processes; looking into them and sending
# them signals; mounts and namespaces; keys; the kernel's own parts; and io_uring, which could
# ask for most of these without a call. What is new in both lists has the same number.
_NEW = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 447, 448)
_X86_64 = (
    *(41, 42, 43, 44, 46, 49, 50, 53, 288, 299, 307),
    *(57, 58, 59, 62, 101, 109, 112, 129, 200, 234, 297, 310, 311, 312, 322),
    *(155, 161, 165, 166, 167, 168, 169, 170, 171, 272, 308),
    *(
        133,
        135,
        139,
        163,
        172,
        173,
        175,
        176,
        246,
        248,
        249,
        250,
        298,
        303,
        304,
        313,
        320,
        321,
        323,
    ),
)
_AARCH64 = (
    *(198, 199, 200, 201, 202, 203, 206, 211, 242, 243, 269),
    *(117, 129, 130, 131, 138, 154, 157, 221, 240, 270, 271, 272, 281),
    *(39, 40, 41, 51, 97, 142, 161, 162, 224, 225, 268),
    *(33, 89, 92, 104, 105, 106, 217, 218, 219, 241, 264, 265, 273, 280, 282, 294),
)
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 317, 56, (*_X86_64, *_NEW)),
    "aarch64": _Machine(0xC00000B7, 277, 220, (*_AARCH64, *_NEW)),
}
_CLONE3 = 435  # says in memory what it wants, where a filter cannot look

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def deny_calls() -> bool:
    """Have the kernel refuse the calls above to all threads; False where we do not know how.

    There is no way back.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    steps = b"".join(_steps(machine))
    no_new_privileges()
    program = _Program(len(steps) // 8, steps)
    if _libc.syscall(machine.seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(program)) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):  # a kernel without it
        return False
    raise OSError(number, os.strerror(number))


def _steps(machine: _Machine) -> Iterator[bytes]:
    yield _step(_LOAD, _MACHINE)
    yield _step(_EQUAL, machine.audit, then=1)
    yield _step(_ANSWER, _KILL)
    yield _step(_LOAD, _NUMBER)
    yield _step(_AT_LEAST, _X32, otherwise=1)
    yield _step(_ANSWER, _KILL)
    for number in machine.denied:
        yield _step(_EQUAL, number, otherwise=1)
        yield _step(_ANSWER, _ERRNO | errno.EPERM)
    yield _step(_EQUAL, _CLONE3, otherwise=1)
    yield _step(_ANSWER, _ERRNO | errno.ENOSYS)  # the C library then asks the older way
    yield _step(_EQUAL, machine.clone, otherwise=3)
    yield _step(_LOAD, _FIRST_ARGUMENT)
    yield _step(_HAS_BITS, _CLONE_THREAD, then=1)
    yield _step(_ANSWER, _ERRNO | errno.EPERM)
    yield _step(_ANSWER, _ALLOW)


def _step(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
