"""Landlock: a process gives up, for good, every file but those it names."""

import ctypes
import os
import struct
from collections.abc import Sequence
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVS = 38

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_READING = _READ_FILE
_WORKING = _READ_FILE | _WRITE_FILE | _READ_DIR | _REMOVE_FILE | _MAKE_REG | _TRUNCATE

# What each version of the kernel's interface can forbid, from the first that can.
_FILES = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_NETWORK = (4, 0b11)  # to bind and to connect by TCP
_SCOPES = (6, 0b11)  # sockets without a file, signals to others

_libc = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """Return how much of it this kernel knows; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE, None, 0, _VERSION)))


def only_files(read: Sequence[Path], work_in: Sequence[Path]) -> bool:
    """Leave this process these files to read and these folders to work in; False without Landlock.

    There is no way back. Raises OSError.
    """
    version = landlock_version()
    if not version:
        return False
    files = _known(version, *_FILES)
    rules = struct.pack("QQQ", files, _known(version, _NETWORK), _known(version, _SCOPES))
    ruleset = _checked(_libc.syscall(_CREATE, rules, len(rules[: _size(version)]), 0))
    for path in read:
        _allow(ruleset, path, _READING & files)
    for path in work_in:
        _allow(ruleset, path, _WORKING & files)
    no_new_privileges()
    _checked(_libc.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)
    return True


def no_new_privileges() -> None:
    """Have no program that this process might start become more than it is."""
    _checked(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))


def _known(version: int, *since: tuple[int, int]) -> int:
    return sum(rights for first, rights in since if version >= first)


def _size(version: int) -> int:
    """Return how long the kernel expects the rules to be."""
    return 8 if version < 4 else 16 if version < 6 else 24


def _allow(ruleset: int, path: Path, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, opened)
    _checked(_libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0))
    os.close(opened)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
