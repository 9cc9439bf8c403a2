"""What a change of filters, limits and servers would have done: counted over the last 30 days."""

import asyncio
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from tortoise.expressions import Q

from actors.actor import Actor
from actors.follows import Follow
from core.clock import now
from core.ids import first_id_of
from moderation.gate import Gate
from moderation.matching import Facts
from moderation.sections import Sections
from moderation.simulating import Trial, simulate
from notes.note import Note
from notes.tags import NoteTag
from notes.visibility import OPEN

DAYS = 30
MOST_NOTES = 5_000
MOST_SERVERS = 50
A_TURN = 100  # notes that are looked at before others have theirs


async def foreseen(before: Sections, after: Sections) -> dict[str, Any]:
    """Count what another policy would have done to open notes, and to ties with other servers.

    `notes` were looked at (`is_whole` tells whether that was all), `matched` of them, by `authors`,
    would have been treated otherwise; `filters` are the trials of those that change. Only numbers
    and names: it is published.
    """
    found = await simulate(before, after, days=DAYS)
    return await _notes(before, after) | {
        "days": DAYS,
        "filters": [_trial(each) for each in found.trials],
        "servers": await _servers(before, after),
    }


def _trial(each: Trial) -> dict[str, Any]:
    return {
        "id": each.filter_id,
        "matches": each.matches,
        "local": each.local,
        "authors": len(each.authors),
        "acted_on": each.acted_on,
    }


async def _notes(before: Sections, after: Sections) -> dict[str, Any]:
    today = now().date()
    old, new = Gate(before, today), Gate(after, today)
    found = Note.filter(
        id__gte=first_id_of(now() - timedelta(days=DAYS)),
        deleted_at=None,
        boost_of_id=None,
        audience__in=list(OPEN),
    )
    rows = await found.order_by("-id").limit(MOST_NOTES + 1)
    tags = await _tags([note.id for note in rows])
    matched, authors = 0, set[int]()
    for number, note in enumerate(rows[:MOST_NOTES], 1):
        facts = Facts(
            text=note.content,
            title=note.title,
            summary=note.summary,
            tags=tuple(tags[note.id]),
        )
        is_local = note.is_local
        if old.judge(facts, local=is_local).action != new.judge(facts, local=is_local).action:
            matched += 1
            authors.add(note.author_id)
        if number % A_TURN == 0:
            await asyncio.sleep(0)
    return {
        "notes": min(len(rows), MOST_NOTES),
        "is_whole": len(rows) <= MOST_NOTES,
        "matched": matched,
        "authors": len(authors),
    }


async def _tags(notes: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for begin in range(0, len(notes), A_TURN):
        rows = NoteTag.filter(note_id__in=notes[begin : begin + A_TURN])
        for number, name in await rows.values_list("note_id", "tag__name"):
            found[number].append(name)
    return found


async def _servers(before: Sections, after: Sections) -> list[dict[str, Any]]:
    """Count the ties with each server that would be treated otherwise."""
    today = now().date()
    hosts = sorted(_entries(before, today) ^ _entries(after, today))
    return [
        await _ties(host) for host in list(dict.fromkeys(each for each, _ in hosts))[:MOST_SERVERS]
    ]


def _entries(sections: Sections, today: date) -> set[tuple[str, str]]:
    return {
        (each.domain, each.severity.value)
        for each in sections.federation.entries
        if each.until is None or each.until >= today
    }


async def _ties(host: str) -> dict[str, Any]:
    there = Q(host=host) | Q(host__endswith=f".{host}")
    actors = [row["id"] for row in await Actor.filter(there).values("id")]
    follows = await Follow.filter(
        Q(follower_id__in=actors, followed__local_name__not_isnull=True)
        | Q(followed_id__in=actors, follower__local_name__not_isnull=True),
        is_accepted=True,
    ).values("follower_id", "followed_id")
    known = set(actors)
    members = {row[side] for row in follows for side in ("follower_id", "followed_id")} - known
    return {"host": host, "follows": len(follows), "members": len(members)}
