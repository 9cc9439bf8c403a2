"""A place for an instance, as its operator finds it: a folder with a config.toml, and commands."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings, SettingsError, load, use
from rubric.backing_up import back_up
from rubric.manifest import part
from rubric.people import Impossible
from tests import postgres
from tests.conftest import database_name
from tests.rubric.shell import command
from tests.walks.processes import Said

CONFIG = """
[server]
domain = "{domain}"

[database]
url = "{database}" # where the rows are

[mail]
url = "smtp://post:hunter2@mail.example:587"
from = "post@example.org"
"""
DOMAIN = "localhost:8000"


class Place:
    """A folder with a config.toml; what works on it is called here, or run as a command."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.config = folder / "config.toml"
        self.secret = folder / "data/secret"
        self.rows = folder / "data/rubric.db"
        self.media = folder / "data/media"
        self.name = database_name(folder)
        self.write()

    def write(self, domain: str = DOMAIN, more: str = "") -> None:
        """Write config.toml anew."""
        url = postgres.url_of(self.name) if postgres.is_wanted() else "sqlite://data/rubric.db"
        self.config.write_text(CONFIG.format(domain=domain, database=url) + more)

    def chosen(self) -> Settings:
        """Take its settings, as each command does first."""
        chosen = load(self.config)
        use(chosen)
        return chosen

    async def backed_up(self, place: Path) -> Path:
        """Make a backup, and return its folder."""
        return Path((await back_up(self.chosen(), place)).splitlines()[0])

    async def refused(self, work: Callable[[Settings, Path], Awaitable[str]], folder: Path) -> str:
        """Do what must be refused, and return why: by what a command says plainly."""
        with pytest.raises((Impossible, SettingsError)) as refusal:
            await work(self.chosen(), folder)
        return str(refusal.value)

    def left(self) -> list[Path]:
        """Name what lies there, but for its settings and for locks, which hold nothing."""
        locks = (".serving", ".setting-up")
        found = [each for each in files_in(self.folder) if each.suffix not in locks]
        return [each for each in found if each != self.config]

    async def done(self, *arguments: str) -> str:
        """Run a command, which must succeed, from another folder than that of config.toml."""
        said = await self._rubric(*arguments)
        assert said.code == 0, said.error
        return said.output

    async def denied(self, *arguments: str) -> str:
        """Run a command, which must fail with a sentence."""
        said = await self._rubric(*arguments)
        assert said.code == 1, said
        assert "Traceback" not in said.error
        return said.error

    async def _rubric(self, *arguments: str) -> Said:
        return await command("--config", str(self.config), *arguments, folder=Path("/"))


def files_in(folder: Path) -> list[Path]:
    """Find all files below a folder."""
    return sorted(each for each in folder.rglob("*") if each.is_file())


def restate(backup: Path, **said: Any) -> None:
    """Have the manifest of a backup say something else."""
    file = backup / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | said))


def remeasure(backup: Path, which: str) -> None:
    """Have the manifest agree with what became of the `database` or the `list`."""
    name = json.loads((backup / "manifest.json").read_text())[which]["file"]
    now = part(backup / name)
    restate(backup, **{which: {"file": now.file, "size": now.size, "sha256": now.sha256}})
