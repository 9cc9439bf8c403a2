"""The process of one kind of work, and its children, each for one file of a stranger.

`python -m notes.workbench KIND PARENT` reads what the work needs, and then waits at its standard
input, a socket that carries whole messages. On `start`, with the end of a stream, it splits off a
child, which says its number there, reads one order, gives up all else (core/confining.py), and only
then opens the file. On `end NUMBER` it kills that child and answers with the code it ended with. A
child keeps nothing of the way that leads here; nothing of one file can reach the next.

No other module of ours may import this one or what its operations decode with.
"""

import errno
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from core.confining import confine, limit, live_as_long_as, step_back
from notes.orders import MADE, SOURCE, Answer, Done, Full, Order, Refused, Step, Task, Unfit

StepBack = Callable[[float], None]
Operation = Callable[[Order, Path, Path, StepBack], Done]

# By the tag of an order: the module that does it, by its function `work`. Each kind has a process,
# so that a picture does not pay for what reads videos.
OPERATIONS = {
    "picture": "notes.images",
    "probe": "notes.probing",
    "video": "notes.filming",
}
AWAITED = "probe"  # an operator waits for it

STATUS = "/proc/self/status"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def main() -> None:
    """Split off children until nobody can ask for them any more."""
    kind, server = sys.argv[1], int(sys.argv[2])
    live_as_long_as(server)
    if kind != AWAITED:
        step_back()
    operation = _operation(kind)
    gc.freeze()  # what is shared with the children stays shared
    asked = socket.socket(fileno=os.dup(0))
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    while True:
        message, ends, _, _ = socket.recv_fds(asked, 100, 1)
        match message.split():
            case [b"start"] if ends:
                _split_off(operation, asked, ends[0])
            case [b"end", number]:
                asked.send(b"%d" % _end(int(number)))
            case _:
                return


def _split_off(operation: Operation, asked: socket.socket, end: int) -> None:
    bench = os.getpid()
    try:
        child = os.fork()
    except OSError as error:  # the other end of the stream is closed, which says enough
        print(error, file=sys.stderr, flush=True)
        child = -1
    if child:
        os.close(end)
        return
    code = 1
    try:
        asked.close()
        live_as_long_as(bench)
        _work(operation, end)
        code = 0
    finally:  # whatever went wrong: a child never goes on where its bench does
        if code:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)


def _end(child: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)  # not yet waited for, so the number is still its own
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _work(operation: Operation, end: int) -> None:
    """Do what the first line of the stream says, and answer there."""
    answers = os.fdopen(end, "wb", buffering=0)
    status = open(STATUS, "rb", buffering=0)  # noqa: SIM115  to the end
    answers.write(b"%d\n" % os.getpid())
    with os.fdopen(os.dup(end), "rb") as orders:
        task = msgspec.json.decode(orders.readline(), type=Task)
    # The kernel's bounds come first: reading what the work needs was no stranger's doing.
    limit(memory=task.memory, cpu_seconds=task.cpu_seconds, file_bytes=task.file_bytes)
    folder = Path(task.folder)
    walls = confine([folder / SOURCE], [folder / MADE])
    answer = answer_of(operation, task.order, folder, answers)
    if isinstance(answer, Done):
        used = resource.getrusage(resource.RUSAGE_SELF)
        answer = msgspec.structs.replace(
            answer,
            cpu_seconds=used.ru_utime + used.ru_stime,
            memory=_most_memory(status),
            walls=tuple(walls),
        )
    _say(answers, answer)


def _operation(kind: str) -> Operation:
    module = importlib.import_module(OPERATIONS[kind])
    work: Operation = module.work
    return work


def answer_of(operation: Operation, order: Order, folder: Path, answers: IO[bytes]) -> Answer:
    """Do an order, and say how it went; a disk that is full is no fault of the file."""

    def step(share: float) -> None:
        _say(answers, Step(share))

    try:
        return operation(order, folder / SOURCE, folder / MADE, step)
    except (Unfit, OSError) as error:
        if _is_for_want_of_room(error):
            return Full()
        if isinstance(error, Unfit):
            return Refused(str(error))
        raise


def _is_for_want_of_room(error: BaseException | None) -> bool:
    """Look for it in what an error came of: operations take what cannot be written for damage."""
    while error is not None:
        if getattr(error, "errno", None) in NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _most_memory(status: IO[bytes]) -> int:
    """Return the most bytes this program had; what getrusage tells begins with the server's."""
    status.seek(0)
    lines = dict(line.split(b":", 1) for line in status.read().splitlines() if b":" in line)
    return int(lines.get(b"VmHWM", b"0").split()[0]) * 1024


def _say(answers: IO[bytes], answer: Answer) -> None:
    answers.write(msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    main()
