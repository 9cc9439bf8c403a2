"""Trying, inside the workbench, what must not be possible there; `rubric doctor` and tests ask."""

import ctypes
import os
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from notes.orders import Done, Order, Probe

_libc = ctypes.CDLL(None, use_errno=True)
_IO_URING = 425  # the same number everywhere


def work(order: Order, source: Path, made: Path, step: Callable[[float], None]) -> Done:
    """Name what could be done: the source and the folder for what is made have to be among it."""
    if not isinstance(order, Probe):
        raise TypeError(f"{order} is no probe")
    tries = [*_tries(source, made), *_elsewhere(order.paths)]
    return Done(possible=tuple(name for name, attempt in tries if _works(attempt)))


def _tries(source: Path, made: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "read the source", source.read_bytes
    yield "write what is made", lambda: (made / "try").write_bytes(b"x")
    yield "write the source", lambda: source.open("ab").close()
    yield "open a socket", socket.socket
    yield "open a local socket", lambda: socket.socket(socket.AF_UNIX)
    yield "open a pair of sockets", socket.socketpair
    yield "start a process", _fork
    yield "become a program", lambda: os.execv(sys.executable, [sys.executable, "-V"])  # noqa: S606  it has to fail
    yield "signal the server", lambda: os.kill(os.getppid(), 0)
    yield "use io_uring", _io_uring
    yield "make a link", lambda: os.symlink("/", made / "link")


def _elsewhere(paths: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], object]]]:
    for path in map(Path, paths):
        yield f"read {path}", partial(_read, path)
        yield f"write in {path}", partial((path / "try").write_bytes, b"x")


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _read(path: Path) -> object:
    return os.listdir(path) if path.is_dir() else path.read_bytes()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _io_uring() -> None:
    if _libc.syscall(_IO_URING, 1, ctypes.create_string_buffer(120)) < 0:
        raise OSError(ctypes.get_errno(), "refused")
