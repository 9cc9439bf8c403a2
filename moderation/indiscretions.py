"""What may stand in a decision that the public is not to read (MOD-01, MOD-02).

A warning, not a lock: a name may be a word of every day, and only a person can tell.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from actors.actor import Actor
from core.plain import text_of
from core.rows import load_ids
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.reports import Report
from notes.note import Note
from notes.visibility import OPEN

QUOTED_WORDS = 5
SHORTEST_NAME = 3
# A character of these is about a word.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u9fff\uac00-\ud7af]+")


class Slip(StrEnum):
    """What should not stand there."""

    REPORTER = "reporter"
    QUOTE = "quote"
    PERSON = "person"


async def slips_in(decision: Decision, case: Case) -> tuple[Slip, ...]:
    """Look through what will be published of a decision; nothing is found in good words."""
    written = f"{decision.summary}\n{decision.explanation}"
    reports = await Report.filter(case_id=case.id)
    ids = [each.reporter_id for each in reports] + [case.target_id]
    people = await load_ids(Actor, [each for each in ids if each])
    reporters = [people[each.reporter_id] for each in reports if each.reporter_id in people]
    found = []
    if any(_names(written, each) for each in reporters) or any(
        _quotes(written, each.comment) for each in reports
    ):
        found.append(Slip.REPORTER)
    numbers = {*(case.notes or ()), *(number for each in reports for number in each.notes)}
    notes = await Note.filter(id__in=[*numbers, decision.note_id or 0])
    if any(_quotes(written, text_of(each.content)) for each in notes if each.audience not in OPEN):
        found.append(Slip.QUOTE)
    if case.target_id in people and _names(decision.summary, people[case.target_id]):
        found.append(Slip.PERSON)
    return tuple(found)


def _names(text: str, person: Actor) -> bool:
    """Tell whether a text has somebody's handle, or their name as a word of its own."""
    if re.search(rf"@{re.escape(person.name)}(?![A-Za-z0-9_])", text, re.IGNORECASE):
        return True
    names = {person.name, person.title.strip()}
    return any(
        len(each) >= SHORTEST_NAME
        and re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.IGNORECASE)
        for each in names
    )


def _quotes(text: str, source: str) -> bool:
    """Tell whether so many words in a row are from what somebody else wrote."""
    return bool(set(_runs(text)) & set(_runs(source)))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [each.casefold() for each in _TOKEN.findall(text)]
    for start in range(len(words) - QUOTED_WORDS + 1):
        yield tuple(words[start : start + QUOTED_WORDS])
