"""Poll, Vote: a question with fixed answers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from notes.note import Note


class Poll(Model):
    """A note's question; `options` is a list of {"title": str, "votes": int}.

    Of one that `hides_totals` nobody sees how it stands before it ends, its author neither.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField("rubric.Note", related_name="poll")
    note_id: int
    options: Any = fields.JSONField(default=list)
    is_multiple = fields.BooleanField(default=False)
    hides_totals = fields.BooleanField(default=False, db_default=False)
    voters_count = fields.IntField(default=0)
    ends_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    is_told = fields.BooleanField(default=False)

    class Meta:
        table = "poll"

    @property
    def is_over(self) -> bool:
        """Tell whether nobody can vote any more."""
        return self.closed_at is not None or (self.ends_at is not None and self.ends_at <= now())

    @property
    def is_secret(self) -> bool:
        """Tell whether nobody is to see how it stands, for now."""
        return self.hides_totals and not self.is_over


class Vote(Model):
    """One choice of one actor."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    poll: fields.ForeignKeyRelation[Poll] = fields.ForeignKeyField(
        "rubric.Poll", related_name="votes"
    )
    poll_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="votes"
    )
    actor_id: int
    choice = fields.SmallIntField()

    class Meta:
        table = "vote"
        unique_together = [("poll", "actor", "choice")]
        indexes = [("actor_id",)]


async def cast(poll: Poll, voter: Actor, choices: Sequence[int], *, uris: Sequence[str]) -> bool:
    """Count choices of one voter, each once; call in a transaction.

    Returns False when the poll has ended, a choice does not exist, or a single-choice poll was
    answered before.
    """
    if poll.is_over:
        return False
    if not choices or not all(0 <= choice < len(poll.options) for choice in choices):
        return False
    rows = await Vote.filter(poll_id=poll.id, actor_id=voter.id).values("choice")
    before = {row["choice"] for row in rows}
    fresh = [
        (choice, uri) for choice, uri in zip(choices, uris, strict=True) if choice not in before
    ]
    if not poll.is_multiple and (before or len(fresh) > 1):
        return False
    for choice, uri in fresh:
        await Vote.create(id=new_id(), uri=uri, poll_id=poll.id, actor_id=voter.id, choice=choice)
    if await Note.exists(id=poll.note_id, is_local=True):
        await count_again(poll)
    elif fresh:
        await _count_on(poll, [choice for choice, _ in fresh], is_new=not before)
    return bool(fresh)


async def count_again(poll: Poll) -> None:
    """Count the votes of a poll of ours from the rows."""
    rows = await Vote.filter(poll_id=poll.id).values("actor_id", "choice")
    tally = Counter(row["choice"] for row in rows)
    poll.options = [
        {"title": option["title"], "votes": tally[number]}
        for number, option in enumerate(poll.options)
    ]
    poll.voters_count = len({row["actor_id"] for row in rows})
    await poll.save(update_fields=["options", "voters_count"])


async def _count_on(poll: Poll, choices: Sequence[int], *, is_new: bool) -> None:
    """Add to what a poll's own server counted, until it tells us better."""
    for choice in choices:
        poll.options[choice]["votes"] += 1
    poll.voters_count += is_new
    await poll.save(update_fields=["options", "voters_count"])


async def chosen_by(voter: Actor | None, polls: Sequence[Poll]) -> dict[int, list[int]]:
    """Return what this voter chose in each of these polls, by the polls' ids."""
    chosen: dict[int, list[int]] = {poll.id: [] for poll in polls}
    if voter is not None and polls:
        rows = await Vote.filter(poll_id__in=list(chosen), actor_id=voter.id).values(
            "poll_id", "choice"
        )
        for row in rows:
            chosen[row["poll_id"]].append(row["choice"])
    return chosen
