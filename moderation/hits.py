"""FilterHit: that a filter met a note, and what it did or, on trial, would have done."""

from collections.abc import Sequence
from datetime import timedelta

from tortoise import fields
from tortoise.models import Model

from core import sql
from core.clock import now
from core.ids import first_id_of, new_id
from moderation.gate import Verdict
from moderation.policy import current

DAYS = 30


class FilterHit(Model):
    """A filter met a note. `about` is the id of the note, or nothing for one that was kept out.

    `was_trial` says that nothing was done; `then` is what the filter says.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    filter_id = fields.CharField(max_length=60)
    then = fields.CharField(max_length=10)
    was_trial = fields.BooleanField()
    is_local = fields.BooleanField()
    author = fields.CharField(max_length=320, default="")
    about = fields.CharField(max_length=1000, default="")

    class Meta:
        table = "filter_hit"
        indexes = [("filter_id", "id")]


async def write_hits(verdict: Verdict, *, author: str, about: str, is_local: bool) -> None:
    """Write down what filters found in a note; numbers of the policy are no filters."""
    found = [(each.id, each.then.value, True) for each in verdict.trials]
    if verdict.rule_id:
        found.append((verdict.filter_id, verdict.action, False))
    for filter_id, then, was_trial in found:
        await FilterHit.create(
            filter_id=filter_id,
            then=then,
            was_trial=was_trial,
            is_local=is_local,
            author=author,
            about=about,
        )


async def counts_of(filters: Sequence[str], *, days: int = DAYS) -> dict[str, dict[str, int]]:
    """Count what each of these filters met lately: notes, authors, and of the notes those written
    here, and those it met on trial."""
    if not filters:
        return {}
    since = first_id_of(now() - timedelta(days=days))
    rows = await sql.rows(
        "SELECT filter_id, COUNT(*) AS notes, COUNT(DISTINCT author) AS authors,"  # noqa: S608
        " SUM(CASE WHEN is_local THEN 1 ELSE 0 END) AS local,"
        " SUM(CASE WHEN was_trial THEN 1 ELSE 0 END) AS trials FROM filter_hit"
        f" WHERE id >= ? AND filter_id IN ({sql.marks(filters)}) GROUP BY filter_id",
        [since, *filters],
    )
    return {
        row["filter_id"]: {key: int(row[key]) for key in ("notes", "authors", "trials", "local")}
        for row in rows
    }


async def sweep() -> None:
    """Forget what is older than `retention.logs_days`; runs by the clock."""
    if days := current().sections.retention.logs_days:
        await FilterHit.filter(id__lt=first_id_of(now() - timedelta(days=days))).delete()
