"""The process that works on one file of a stranger, and then ends: `python -m notes.workbench`.

It reads one order, loads what the work needs, gives up all else (core/confining.py), and only then
opens the file. No other module of ours may import this one or what its operations decode with.
"""

import importlib
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from core.confining import confine, limit, live_as_long_as, step_back
from notes.orders import MADE, SOURCE, Answer, Done, Order, Probe, Refused, Step, Task, Unfit

StepBack = Callable[[float], None]
Operation = Callable[[Order, Path, Path, StepBack], Done]

# By the tag of an order: the module that does it, by its function `work`. It is loaded for the
# order alone, so that a picture does not pay for what reads videos.
OPERATIONS = {
    "picture": "notes.images",
    "probe": "notes.probing",
    "video": "notes.filming",
}


STATUS = "/proc/self/status"


def main() -> None:
    """Do what the first line of standard input says, and answer on standard output."""
    live_as_long_as(int(sys.argv[1]))
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    answers, status = _own_output(), open(STATUS, "rb", buffering=0)  # noqa: SIM115  to the end
    if not isinstance(task.order, Probe):  # an operator waits for that one
        step_back()
    operation = _operation(task.order)
    # The kernel's bounds come first: reading what the work needs was no stranger's doing.
    limit(memory=task.memory, cpu_seconds=task.cpu_seconds, file_bytes=task.file_bytes)
    folder = Path(task.folder)
    walls = confine([folder / SOURCE], [folder / MADE])
    answer = _answer(operation, task.order, folder, answers)
    if isinstance(answer, Done):
        used = resource.getrusage(resource.RUSAGE_SELF)
        answer = msgspec.structs.replace(
            answer,
            cpu_seconds=used.ru_utime + used.ru_stime,
            memory=_most_memory(status),
            walls=tuple(walls),
        )
    _say(answers, answer)


def _operation(order: Order) -> Operation:
    module = importlib.import_module(OPERATIONS[str(type(order).__struct_config__.tag)])
    work: Operation = module.work
    return work


def _answer(operation: Operation, order: Order, folder: Path, answers: IO[bytes]) -> Answer:
    def step(share: float) -> None:
        _say(answers, Step(share))

    try:
        return operation(order, folder / SOURCE, folder / MADE, step)
    except Unfit as error:
        return Refused(str(error))


def _most_memory(status: IO[bytes]) -> int:
    """Return the most bytes this program had; what getrusage tells begins with the server's."""
    status.seek(0)
    lines = dict(line.split(b":", 1) for line in status.read().splitlines() if b":" in line)
    return int(lines.get(b"VmHWM", b"0").split()[0]) * 1024


def _own_output() -> IO[bytes]:
    """Keep standard output for answers; what a library prints goes with the errors."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _say(answers: IO[bytes], answer: Answer) -> None:
    answers.write(msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    main()
