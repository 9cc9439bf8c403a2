"""Files that must not be kept here, known by what they hold (MED-10)."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import exists
from notes.orders import Unfit


class BlockedFile(Model):
    """A file nobody may bring in again; `digest` is a SHA-256 in hexadecimal."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    digest = fields.CharField(max_length=64, unique=True)
    reason = fields.CharField(max_length=500, default="")
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "blocked_file"


async def is_blocked(digests: Iterable[str]) -> bool:
    """Tell whether one of these files, as it came or as we made it, may not be kept."""
    asked = list(digests)
    return await exists("blocked_file", f"digest IN ({sql.marks(asked)})", asked)


async def refuse_blocked(digests: Iterable[str]) -> None:
    """Raise Unfit, with a sentence for whoever brings one of these files."""
    if await is_blocked(digests):
        raise Unfit("This picture may not be shared here.")


async def block(digest: str, *, reason: str = "") -> None:
    """Keep a file out from here on."""
    await BlockedFile.get_or_create(digest=digest, defaults={"id": new_id(), "reason": reason})
