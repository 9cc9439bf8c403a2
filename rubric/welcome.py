"""What the server says when it starts."""

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
            f"  .venv/bin/rubric --config {quote(settings().file)} user create YOU"
            " --email you@example.org --password 'a long one' --role admin",
        ]
    if not await Actor.exclude(local_name=None).filter(kind="Person").exists():
        lines += ["", "To see a living place, fill it with people and notes:  make demo"]
    return "\n".join(lines)
