"""Keeping a row only if nobody changed it meanwhile: what the machines decide, happens once."""

from typing import Any

from tortoise.models import Model

from outbox.refusals import NotAllowed

MEANWHILE = "Someone else changed this meanwhile. Look again."


async def keep(row: Model) -> None:
    """Write all columns of a row with a `revision`, in the caller's transaction.

    Raises NotAllowed when the row is no longer what was read.
    """
    number: int = row.revision  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        name: getattr(row, name) for name in row._meta.db_fields if name not in ("id", "revision")
    }
    same = type(row).filter(pk=row.pk, revision=number)
    if not await same.update(**values, revision=number + 1):
        raise NotAllowed(MEANWHILE)
    row.revision = number + 1
