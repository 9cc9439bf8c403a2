"""How the `rubric` command ends: everything it said is written, and its code is what it meant."""

import subprocess
import sys

import pytest

RUN = "from rubric.command import main; main()"
LATE = """
import threading, time
from rubric.command import main
threading.Thread(target=time.sleep, args=(3600,)).start()
main()
"""
UNREAD = """
import os
reader, writer = os.pipe()
os.close(reader)
os.dup2(writer, 1)
from rubric.command import main
main()
"""


def _run(*arguments: str, program: str = RUN) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(  # noqa: S603  our own command
        command, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--version",), 0, "rubric"),
        (("nonsense",), 2, "No such command"),
        (("--config", "/nowhere/config.toml", "config", "check"), 1, "/nowhere/config.toml"),
    ],
)
def test_its_code_and_its_words_get_out(arguments: tuple[str, ...], code: int, said: str) -> None:
    ended = _run(*arguments)
    assert ended.returncode == code
    assert said in ended.stdout + ended.stderr


def test_a_thread_that_is_still_busy_does_not_keep_it() -> None:
    assert _run("--version", program=LATE).returncode == 0


def test_without_a_reader_it_ends_without_a_traceback() -> None:
    ended = _run("--help", program=UNREAD)
    assert "Traceback" not in ended.stderr
