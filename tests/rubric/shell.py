"""The `rubric` command run to its end, in a process of its own that starts soon.

It is forked from one that has loaded everything already: loading takes a second, and there are
a hundred commands to run.
"""

import asyncio
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rubric.command import main
from tests.walks.processes import PATIENCE_S, Said, environment, run

_ready = multiprocessing.get_context("forkserver")
_ready.set_forkserver_preload([__name__])


async def command(
    *arguments: str, folder: Path | None = None, by_way_of: Sequence[str] = ()
) -> Said:
    """Run `rubric` to its end; `by_way_of` is a command that becomes it."""
    if by_way_of:
        return await run(*arguments, folder=folder, by_way_of=by_way_of)
    return await asyncio.to_thread(_forked, arguments, folder)


def _forked(arguments: Sequence[str], folder: Path | None) -> Said:
    with tempfile.TemporaryDirectory() as place:
        out, error = Path(place, "out"), Path(place, "error")
        process = _ready.Process(
            target=play, args=(arguments, folder or Path.cwd(), out, error, environment())
        )
        process.start()
        process.join(PATIENCE_S)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(arguments)
        return Said(process.exitcode, out.read_text("utf-8"), error.read_text("utf-8"))


def play(
    arguments: Sequence[str], folder: Path, out: Path, error: Path, surroundings: dict[str, str]
) -> None:
    """Become the command, with its output in two files."""
    os.chdir(folder)
    os.environ.update(surroundings)
    for number, path in ((1, out), (2, error)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
    sys.argv = ["rubric", *arguments]
    main()
