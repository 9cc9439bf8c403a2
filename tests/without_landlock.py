"""Becoming a program for which the kernel knows no Landlock, as before Linux 5.13.

`python -m tests.without_landlock PROGRAM …` answers its three calls as a kernel that lacks them.
"""

import ctypes
import errno
import os
import struct
import sys

NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, AT_LEAST, ABOVE, RETURN = 0x20, 0x35, 0x25, 0x06
LACKING, ALLOWED = 0x00050000 | errno.ENOSYS, 0x7FFF0000
FIRST, LAST = 444, 446  # of Landlock's calls, on every machine


class Program(ctypes.Structure):
    """What the kernel is handed."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def main() -> None:
    """Give up Landlock, for this process and those after it, and go on as the program."""
    steps = (
        (LOAD, 0, 0, 0),
        (AT_LEAST, 0, 2, FIRST),
        (ABOVE, 1, 0, LAST),
        (RETURN, 0, 0, LACKING),
        (RETURN, 0, 0, ALLOWED),
    )
    written = b"".join(struct.pack("HBBI", *step) for step in steps)
    libc = ctypes.CDLL(None, use_errno=True)
    given = Program(len(steps), written)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(given)):
        sys.exit(f"the kernel takes no filter: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  the test says which


if __name__ == "__main__":
    main()
