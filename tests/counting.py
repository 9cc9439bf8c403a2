"""Counting what is asked of SQLite, and looking at how it goes about it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tortoise.connection import get_connection

from tests import postgres

# Names that our statements give to tables that grow without end.
GROWING = re.compile(r"SCAN (note|n|b|l|p|h|m|t|mention|home_entry|follow|f|actor|a)\b")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every statement that runs, values filled in; savepoints and commits left out."""
    if postgres.is_wanted():
        pytest.skip("statements are counted, and their plans read, on SQLite; both send the same")
    said: list[str] = []
    client: Any = get_connection("default")
    opened = [each._connection._conn for each in (client, client.writer) if each._connection]
    for each in opened:
        each.set_trace_callback(lambda text: said.append(text) if _is_question(text) else None)
    try:
        yield said
    finally:
        for each in opened:
            each.set_trace_callback(None)


def scans(statements: list[str]) -> list[str]:
    """Return those steps of these statements that walk over a whole table that grows."""
    client: Any = get_connection("default")
    raw: sqlite3.Connection = client._connection._conn
    found = []
    for statement in statements:
        for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}"):
            if GROWING.match(row["detail"]):
                found.append(f"{row['detail']}: {statement[:300]}")
    return found


def _is_question(text: str) -> bool:
    # The policy, and what comes into force next, are looked at by the clock, not by what is asked.
    is_ours = not any(each in text for each in ("policy_version", "due_at FROM proposal"))
    return is_ours and text.upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))
