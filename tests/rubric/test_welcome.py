"""The first words of a server: what they name can be called from where it runs."""

import sys
from pathlib import Path

import msgspec
import pytest

from core.settings import Settings, use
from rubric import welcome

CREATE = "user create YOU --email you@example.org --password 'a long one' --role admin"


@pytest.mark.parametrize(
    ("python", "file", "command"),
    [
        (".venv/bin/python", "config.toml", ".venv/bin/rubric --config config.toml"),
        ("/venv/bin/python", "/data/c.toml", "/venv/bin/rubric --config /data/c.toml"),
    ],
)
@pytest.mark.parametrize("is_checkout", [True, False])
async def test_the_first_words_name_commands_that_are_there(
    here: Settings, tmp_path, monkeypatch, python, file, command, is_checkout
):
    if is_checkout:
        (tmp_path / "Makefile").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(Path(tmp_path, python)))
    monkeypatch.setattr(welcome, "__file__", str(Path(tmp_path, "rubric", "welcome.py")))
    use(msgspec.structs.replace(here, file=file))

    said = await welcome.first_words()

    assert f"  {command} {CREATE}" in said.splitlines()
    assert ("make demo" in said) is is_checkout
    # `make demo` fills what config.toml is of, and nothing else.
    is_made = is_checkout and file == "config.toml"
    assert said.endswith("  make demo" if is_made else f"  {command} demo")


async def test_where_an_admin_lives_nobody_is_told_how_to_make_one(here: Settings, settle):
    await settle("mei", role="admin")

    assert len((await welcome.first_words()).splitlines()) == 1
