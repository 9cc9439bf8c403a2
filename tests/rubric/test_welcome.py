"""The first words of a server: what they name can be called from where it runs."""

import sys
from pathlib import Path

import msgspec
import pytest

from core.settings import Settings, use
from rubric.welcome import first_words

CREATE = "user create YOU --email you@example.org --password 'a long one' --role admin"


@pytest.mark.parametrize(
    ("python", "file", "command", "demo"),
    [
        (".venv/bin/python", "config.toml", ".venv/bin/rubric --config config.toml", "make demo"),
        (
            "/venv/bin/python",
            "/data/config.toml",
            "/venv/bin/rubric --config /data/config.toml",
            "",
        ),
    ],
)
async def test_the_first_words_name_commands_that_are_there(
    here: Settings, tmp_path, monkeypatch, python, file, command, demo
):
    (tmp_path / "Makefile").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(Path(tmp_path, python)))
    use(msgspec.structs.replace(here, file=file))

    said = await first_words()

    assert f"  {command} {CREATE}" in said.splitlines()
    assert said.endswith(demo or f"{command} demo")


async def test_where_an_admin_lives_nobody_is_told_how_to_make_one(here: Settings, settle):
    await settle("mei", role="admin")

    assert len((await first_words()).splitlines()) == 1
