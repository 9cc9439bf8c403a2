"""What filters would have met in the notes of the last days, had they been in force."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import first_id_of, moment_of
from core.rows import load, load_ids
from moderation.filters import Filter
from moderation.matching import Facts, Seen, Wanted
from moderation.sections import Sections
from moderation.vocabulary import Where
from notes.attachments import Attachment
from notes.note import Note

DAYS = 30
BATCH = 200
MOST_NOTES = 200_000
SAMPLE = 20


@dataclass
class Trial:
    """What one filter would have met: numbers for everyone, `sample` (ids of notes) for staff.

    `acted_on` counts the notes among them that something was done about without it.
    """

    filter_id: str
    matches: int = 0
    local: int = 0
    acted_on: int = 0
    authors: set[int] = field(default_factory=set)
    sample: list[int] = field(default_factory=list)

    @property
    def share_acted_on(self) -> float:
        """The part of what it met that was acted on anyway, from 0 to 1."""
        return self.acted_on / self.matches if self.matches else 0.0


@dataclass(frozen=True)
class Simulation:
    """The trials of every changed filter over `notes` notes of the last `days` days."""

    days: int
    notes: int
    trials: tuple[Trial, ...]


def changed_filters(before: Sections, after: Sections) -> list[Filter]:
    """Return the filters that are new or say something else."""
    known = {each.id: each for each in before.filters}
    return [each for each in after.filters if known.get(each.id) != each]


async def simulate(before: Sections, after: Sections, *, days: int = DAYS) -> Simulation:
    """Run the changed filters over the stored notes of the last days, in order; changes nothing.

    Files of notes from elsewhere are not looked at, as they may never have been fetched.
    """
    filters = changed_filters(before, after)
    runs = [_Run(each) for each in filters]
    after_id, count = first_id_of(now() - timedelta(days=days)) - 1, 0
    while runs and count < MOST_NOTES:
        notes = await load(
            Note, "id > ? AND boost_of_id IS NULL ORDER BY id LIMIT ?", [after_id, BATCH]
        )
        if not notes:
            break
        for note, facts in await _with_facts(notes):
            for run in runs:
                run.look(note, facts)
        count += len(notes)
        after_id = notes[-1].id
        await asyncio.sleep(0)
    return Simulation(days, count, tuple(run.trial for run in runs))


class _Run:
    """One filter on its way through the notes."""

    def __init__(self, said: Filter) -> None:
        self.trial = Trial(said.id)
        self._wanted, self._where = Wanted(said.when), said.where
        self._rate = said.when.rate
        self._lately: dict[int, list[float]] = defaultdict(list)

    def look(self, note: Note, facts: Facts) -> None:
        """Count a note if it is met; a sample of them is drawn evenly."""
        if self._where is not (Where.LOCAL if note.is_local else Where.REMOTE) and (
            self._where is not Where.BOTH
        ):
            return
        if self._rate:
            facts = facts._replace(lately={self._rate.minutes: self._pace(note)})
        if not self._wanted.is_in(Seen(facts)):
            return
        found = self.trial
        found.matches += 1
        found.local += note.is_local
        found.acted_on += _was_acted_on(note)
        found.authors.add(note.author_id)
        if len(found.sample) < SAMPLE:
            found.sample.append(note.id)
        elif (place := secrets.randbelow(found.matches)) < SAMPLE:
            found.sample[place] = note.id

    def _pace(self, note: Note) -> int:
        minutes = self._rate.minutes if self._rate else 0
        at = moment_of(note.id).timestamp()
        kept = [each for each in self._lately[note.author_id] if each > at - minutes * 60]
        self._lately[note.author_id] = [*kept, at]
        return len(kept) + 1


def _was_acted_on(note: Note) -> bool:
    marks = (note.deleted_at, note.held_at, note.hidden_at, note.quieted_at, note.adults_at)
    return any(each is not None for each in marks)


async def _with_facts(notes: Sequence[Note]) -> Iterator[tuple[Note, Facts]]:
    """Gather what filters look at: three queries for a batch."""
    ids = [note.id for note in notes]
    authors = await load_ids(Actor, (note.author_id for note in notes))
    alts: dict[int, list[str]] = defaultdict(list)
    for each in await load(Attachment, f"note_id IN ({sql.marks(ids)})", ids):
        alts[each.note_id or 0].append(each.alt)
    tags: dict[int, list[str]] = defaultdict(list)
    for row in await sql.rows(
        "SELECT nt.note_id, t.name FROM note_tag nt JOIN tag t ON t.id = nt.tag_id"  # noqa: S608
        f" WHERE nt.note_id IN ({sql.marks(ids)})",
        ids,
    ):
        tags[row["note_id"]].append(row["name"])
    return (
        (note, _facts(note, authors[note.author_id], alts[note.id], tags[note.id]))
        for note in notes
    )


def _facts(note: Note, author: Actor, alts: Sequence[str], tags: Sequence[str]) -> Facts:
    return Facts(
        text=note.content,
        title=note.title,
        summary=note.summary,
        alts=alts,
        tags=tags,
        author=author.full_handle,
        account_days=max((moment_of(note.id) - author.created_at).days, 0),
    )
