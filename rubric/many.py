"""Several server processes at one address: started, watched, and ended together."""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

import structlog

PAUSE_S = 1.0

log = structlog.get_logger()


async def serve_many(config: Path, count: int) -> int:
    """Run `rubric serve` in `count` processes that share one address; return the code to end with.

    SIGTERM and SIGINT go to each of them, a second one ends them at once. One that was killed is
    started anew. One that ended by itself had a reason that would be that of the next as well (a
    setting, a database that is gone): it ends them all, with its code.
    """
    crew = _Many(config)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, crew.stop)
    codes = await asyncio.gather(*(crew.keep(number) for number in range(count)))
    return max(codes)


class _Many:
    """The processes, by their number."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._is_stopping = False

    def stop(self) -> None:
        """Ask all of them to end."""
        self._is_stopping = True
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.terminate()

    async def keep(self, number: int) -> int:
        """Have one process run until all are to end; return the code it left."""
        while not self._is_stopping:
            process = self._running[number] = await self._start(number)
            if self._is_stopping:
                process.terminate()
            code = await process.wait()
            if self._is_stopping:
                # One that was still starting knows no better end.
                return 0 if code == -signal.SIGTERM else abs(code)
            log.error("a process died", number=number, code=code)
            if code >= 0:
                self.stop()
                return code or 1
            await asyncio.sleep(PAUSE_S)
        return 0

    async def _start(self, number: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rubric", "--config", str(self._config)),
            *("serve", "--beside", str(number)),
            # They end when we do, however that happens: nobody else has the other end.
            stdin=asyncio.subprocess.PIPE,
            # A Ctrl-C at the terminal reaches us alone, and we tell them.
            start_new_session=True,
        )
