"""How log lines look."""

import io
import json
import logging
from contextlib import redirect_stderr

import pytest
import structlog

from core.log import MOST_ALIKE, set_up_log
from core.settings import Log


@pytest.fixture
def lines():
    """Log as JSON, and return what was written as it stands on standard error."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    with redirect_stderr(written):
        set_up_log(Log(json=True))
    yield lambda: written.getvalue().splitlines()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_DOS_12_a_line_end_starts_no_new_line(lines):
    structlog.get_logger().info("someone came", handle="ana\r\n2026 [error] the house burns")

    assert json.loads(*lines())["handle"] == "ana\\r\\n2026 [error] the house burns"


def test_DOS_12_what_libraries_log_is_escaped_too(lines):
    logging.getLogger("aiohttp").warning("a bad cookie: %s", "a\nb\u2028c\u202ed")

    assert json.loads(*lines())["event"] == "a bad cookie: a\\nb\\u2028c\\u202ed"


def test_DOS_12_ten_thousand_alike_do_not_fill_the_disk(lines):
    for _ in range(10_000):
        structlog.get_logger().warning("a bad cookie")

    assert len(lines()) == MOST_ALIKE


def test_OPS_05_secrets_are_hidden_by_their_names(lines):
    structlog.get_logger().info("x", password="hunter2", token="abc", set_cookie="c", email="a@b.c")

    line = lines()[0]
    assert not any(secret in line for secret in ("hunter2", "abc", '"c"', "a@b.c"))


def test_OPS_05_secrets_are_hidden_inside_of_texts(lines):
    structlog.get_logger().info(
        "x",
        header="Bearer abcdef",
        url="https://here/confirm?token=abcdef&next=ghijkl",
        database="postgres://me:mnopqr@host/db",
    )

    line = lines()[0]
    assert not any(secret in line for secret in ("abcdef", "ghijkl", "mnopqr"))


def test_a_traceback_keeps_its_lines_but_starts_none_of_its_own(lines):
    try:
        raise ValueError("bad\n2026 [error] forged")
    except ValueError:
        structlog.get_logger().exception("it failed")

    traceback = json.loads(*lines())["exception"].split("\n")
    assert all(each.startswith("    ") for each in traceback)
