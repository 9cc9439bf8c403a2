"""A case as people read it who are not to know whom it is about: names, handles and addresses of
those concerned are taken out of every text."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from actors.actor import Actor
from core.plain import text_of
from core.rows import load_ids
from core.settings import settings
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.duty import concerned_by
from moderation.reports import Report
from notes.note import Note
from notes.visibility import OPEN

GONE = "[…]"
SHORTEST = 2
_HANDLE = re.compile(r"[@!][A-Za-z0-9_](?:[\w.-]*\w)?(?:@[A-Za-z0-9](?:[\w.:-]*\w)?)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True)
class Mask:
    """What is taken out: names as words of their own, and addresses on these hosts."""

    names: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()

    def over(self, text: str) -> str:
        """Return a text without them, and without anybody's handle."""
        text = _ADDRESS.sub(lambda found: self._address(found[0]), text)
        text = _HANDLE.sub(GONE, text)
        for name in self.names:
            text = _pattern(name).sub(GONE, text)
        return text

    def _address(self, url: str) -> str:
        """Keep an address only where it lies elsewhere and names nobody."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return GONE
        is_theirs = any(host == each or host.endswith(f".{each}") for each in self.hosts)
        return GONE if is_theirs or "@" in url else url


def mask_of(people: Collection[Actor]) -> Mask:
    """Say what has to be taken out so that these people are not named."""
    names = {name for each in people for name in (each.title.strip(), each.name) if name}
    hosts = {each.host.partition(":")[0].lower() for each in people if not each.is_local}
    own = {settings().server.domain, urlsplit(settings().url("/")).hostname or ""}
    hosts |= {each.partition(":")[0].lower() for each in own}
    return Mask(
        names=tuple(sorted((each for each in names if len(each) >= SHORTEST), key=_longest_first)),
        hosts=frozenset(hosts - {""}),
    )


@dataclass(frozen=True)
class Redacted:
    """What a panel reads: the notes that everyone could see, and what to take out of the words."""

    mask: Mask
    notes: tuple[Note, ...]


async def redacted(decision: Decision) -> Redacted:
    """Gather the notes that a decision is about, and whom nobody shall recognise; five queries."""
    case = await Case.get(id=decision.case_id)
    reports = await Report.filter(case_id=case.id)
    named = {*(case.notes or ()), *(number for each in reports for number in each.notes)}
    ids = {decision.note_id} if decision.note_id else named
    found = Note.filter(id__in=sorted(ids), author_id=decision.actor_id, deleted_at=None)
    notes = await found.filter(audience__in=list(OPEN), boost_of_id=None).order_by("id")
    people = {*concerned_by(case, reports), *decision.deciders(), decision.actor_id or 0}
    known = await load_ids(Actor, people)
    return Redacted(mask_of(list(known.values())), tuple(notes))


def words_of(note: Note, mask: Mask) -> Sequence[str]:
    """Return the words of a note as paragraphs, as plain text: no link leads to anyone."""
    text = "\n\n".join(filter(None, (note.title, note.summary, text_of(note.content))))
    return tuple(each for each in mask.over(text).split("\n\n") if each.strip())


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name


def _pattern(name: str) -> re.Pattern[str]:
    """Find a name as a word; where words are not parted by spaces, wherever it stands."""
    text = re.escape(name)
    if not name.isascii():
        return re.compile(text, re.IGNORECASE)
    return re.compile(rf"(?<![A-Za-z0-9_]){text}(?![A-Za-z0-9_])", re.IGNORECASE)
