"""What another policy would have done: to notes of the last days, and to ties with other servers.

The one simulation of product.md 7, for the command, the editor and proposals. Only notes that
everyone may read are looked at: a filter is no way to search what was written to few.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec

from core import sql
from core.clock import now
from core.ids import first_id_of, moment_of
from core.rows import load
from moderation.consequences import Consequences, consequences
from moderation.filters import Filter
from moderation.gate import Gate
from moderation.matching import Seen, Wanted
from moderation.sections import Sections
from moderation.stored_notes import Depth, Stored, gathered
from moderation.vocabulary import AltText, Where
from notes.note import Note
from notes.visibility import OPEN

DAYS = 30
MOST_DAYS = 365
BATCH = 100
MOST_NOTES = 200_000
MOST_SECONDS = 45.0
SAMPLE = 20


class LeftOut(StrEnum):
    """What a simulation cannot look at, though the gate does or would."""

    FEW = "written_to_few"
    REFUSED = "refused_or_deleted"
    FILES = "files_from_elsewhere"
    FOLLOWS = "follows_that_ended"


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


@dataclass
class Simulation:
    """What was found in `notes` notes of the last `days` days; `is_whole` if those are all.

    `matched` of them, by `authors`, would have been treated otherwise by filters and limits, and
    `acted_on` of these were acted on anyway. `trials` are the filters that say something new;
    `left_out` names what the gate would look at and this could not.
    """

    days: int
    notes: int = 0
    is_whole: bool = True
    matched: int = 0
    acted_on: int = 0
    authors: set[int] = field(default_factory=set)
    trials: tuple[Trial, ...] = ()
    servers: Consequences = field(default_factory=Consequences)
    left_out: tuple[LeftOut, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return what everyone may read of it: numbers and names of filters and servers."""
        return {
            "days": self.days,
            "notes": self.notes,
            "is_whole": self.is_whole,
            "matched": self.matched,
            "acted_on": self.acted_on,
            "authors": len(self.authors),
            "filters": [
                {
                    "id": each.filter_id,
                    "matches": each.matches,
                    "local": each.local,
                    "authors": len(each.authors),
                    "acted_on": each.acted_on,
                    "share_acted_on": round(each.share_acted_on, 3),
                }
                for each in self.trials
            ],
            "servers": msgspec.to_builtins(self.servers.servers),
            "more_servers": self.servers.more,
            "all_servers": self.servers.is_whole,
            "left_out": [each.value for each in self.left_out],
        }

    def samples(self) -> dict[str, list[int]]:
        """Return for staff some notes that each filter met, by its id."""
        return {each.filter_id: sorted(each.sample) for each in self.trials if each.sample}


def changed_filters(before: Sections, after: Sections) -> list[Filter]:
    """Return the filters that are new or say something else."""
    known = {each.id: each for each in before.filters}
    return [each for each in after.filters if known.get(each.id) != each]


async def simulate(before: Sections, after: Sections, *, days: int = DAYS) -> Simulation:
    """Run a changed policy over the stored notes of the last days, in order; changes nothing.

    What it cannot look at stands in `left_out`. It ends after MOST_SECONDS.
    """
    found = Simulation(days, servers=await consequences(before, after))
    if not _is_about_notes(before, after):
        return found
    pair, depth = _Pair(before, after), _depth(before, after)
    found.left_out = _left_out(before, after)
    runs = [_Run(each) for each in changed_filters(before, after)]
    found.trials = tuple(run.trial for run in runs)
    after_id, found.is_whole = await _beginning(days)
    ends = time.monotonic() + MOST_SECONDS
    while notes := await _batch(after_id):
        if time.monotonic() > ends:
            found.is_whole = False
            break
        for each in await gathered(notes, depth):
            pair.look(found, each)
            seen = Seen(each.facts)
            for run in runs:
                run.look(each.note, seen)
        found.notes += len(notes)
        after_id = notes[-1].id
        await asyncio.sleep(0)
    return found


def _is_about_notes(before: Sections, after: Sections) -> bool:
    return (before.filters, before.content, before.accounts.first_days) != (
        after.filters,
        after.content,
        after.accounts.first_days,
    )


def _depth(before: Sections, after: Sections) -> Depth:
    sides = (before, after)
    return Depth(
        media=any(each.when.media for side in sides for each in side.filters),
        first_days=max(side.accounts.first_days.days for side in sides),
    )


def _left_out(before: Sections, after: Sections) -> tuple[LeftOut, ...]:
    """Name what is not looked at: files may never have been fetched, ended follows are not kept."""
    found = [LeftOut.FEW, LeftOut.REFUSED]
    changed = changed_filters(before, after)
    if any(each.when.media and each.where is not Where.LOCAL for each in changed):
        found.append(LeftOut.FILES)
    if before.accounts.first_days != after.accounts.first_days:
        found.append(LeftOut.FOLLOWS)
    return tuple(found)


async def _beginning(days: int) -> tuple[int, bool]:
    """Return the id that the last notes come after, and whether those are all of these days."""
    since = first_id_of(now() - timedelta(days=days)) - 1
    found = await sql.rows(
        f"SELECT id FROM note WHERE id > ? ORDER BY id DESC LIMIT 1 OFFSET {MOST_NOTES}",  # noqa: S608  a constant
        [since],
    )
    return (found[0]["id"], False) if found else (since, True)


async def _batch(after_id: int) -> list[Note]:
    return await load(
        Note,
        "id > ? AND boost_of_id IS NULL AND deleted_at IS NULL"
        f" AND audience IN ({sql.marks(OPEN)}) ORDER BY id LIMIT ?",
        [after_id, *(each.value for each in OPEN), BATCH],
    )


class _Pair:
    """The policy before and after, both asked about every note."""

    def __init__(self, before: Sections, after: Sections) -> None:
        self._sides = (_Side(before), _Side(after))

    def look(self, found: Simulation, stored: Stored) -> None:
        """Count a note that would have been treated otherwise."""
        # Both are asked always: each counts the pace of the author.
        one, other = (side.way_of(stored) for side in self._sides)
        if one != other:
            found.matched += 1
            found.acted_on += _was_acted_on(stored.note)
            found.authors.add(stored.note.author_id)


class _Side:
    """One policy, asked as moderation/posting.py and inbox/judge.py ask it."""

    def __init__(self, sections: Sections) -> None:
        self._gate = Gate(sections, now().date())
        self._first_days = sections.accounts.first_days
        self._wants_alt = sections.content.alt_text is AltText.REQUIRE
        self._paces = _Paces(sections.filters)

    def way_of(self, stored: Stored) -> tuple[bool, str]:
        """Say what becomes of a note: whether it is sent back, and what a filter does to it."""
        note, facts = stored.note, stored.facts._replace(lately=self._paces.of(stored.note))
        is_sent_back = note.is_local and (
            self._gate.has_too_many(facts.tags)
            or (self._wants_alt and stored.is_bare)
            or (stored.is_new and self._is_too_much(stored))
        )
        return is_sent_back, self._gate.judge(facts, local=note.is_local).action

    def _is_too_much(self, stored: Stored) -> bool:
        said = self._first_days
        return (stored.facts.account_days or 0) < said.days and (
            Seen(stored.facts).links > said.links or stored.strangers > said.mentions
        )


class _Paces:
    """How much each author wrote lately, by minutes, as the notes go by."""

    def __init__(self, filters: Sequence[Filter]) -> None:
        minutes = {each.when.rate.minutes for each in filters if each.when.rate}
        self._lately: dict[int, dict[int, list[float]]] = {each: {} for each in minutes}

    def of(self, note: Note) -> dict[int, int]:
        """Count a note in, and return how many of its author there are."""
        at = moment_of(note.id).timestamp()
        for minutes, lately in self._lately.items():
            kept = [each for each in lately.get(note.author_id, ()) if each > at - minutes * 60]
            lately[note.author_id] = [*kept, at]
        return {minutes: len(each[note.author_id]) for minutes, each in self._lately.items()}


class _Run:
    """One filter on its way through the notes."""

    def __init__(self, said: Filter) -> None:
        self.trial = Trial(said.id)
        self._wanted, self._where = Wanted(said.when), said.where
        self._paces = _Paces([said])

    def look(self, note: Note, seen: Seen) -> None:
        """Count a note if it is met; a sample of them is drawn evenly."""
        if self._where not in (Where.LOCAL if note.is_local else Where.REMOTE, Where.BOTH):
            return
        if lately := self._paces.of(note):
            seen = Seen(seen.facts._replace(lately=lately))
        if not self._wanted.is_in(seen):
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


def _was_acted_on(note: Note) -> bool:
    marks = (note.held_at, note.hidden_at, note.quieted_at, note.adults_at)
    return any(each is not None for each in marks)
