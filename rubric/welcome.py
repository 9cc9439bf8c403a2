"""What the server says when it starts."""

import sys
from pathlib import Path
from shlex import quote

from actors.accounts import Account, Role
from actors.actor import Actor
from core.settings import settings


async def first_words() -> str:
    """Say where the instance is and, while nobody lives here, what to do first."""
    address = settings().server.base_url
    lines = [f"Rubric serves {address} (listening at {settings().server.bind})."]
    if not await Account.filter(role=Role.ADMIN).exists():
        lines += [
            "",
            "There is no admin yet. In another terminal, make the first one:",
            f"  {_command()} user create YOU"
            " --email you@example.org --password 'a long one' --role admin",
        ]
    if not await Actor.exclude(local_name=None).filter(kind="Person").exists():
        lines += ["", f"To see a living place, fill it with people and notes{_by_what()}"]
    return "\n".join(lines)


def _command() -> str:
    """Say how the command is called from here: in a container it lies elsewhere."""
    place = Path(sys.executable).with_name("rubric")
    if place.is_relative_to(Path.cwd()):
        place = place.relative_to(Path.cwd())
    return f"{quote(str(place))} --config {quote(settings().file)}"


def _by_what() -> str:
    """Name `make demo` where there is a Makefile; it fills the place of `config.toml` alone."""
    if not Path(__file__).parents[1].joinpath("Makefile").is_file():
        return f":  {_command()} demo"
    if settings().file == "config.toml":
        return ":  make demo"
    return f", as make demo does for config.toml:\n  {_command()} demo"
