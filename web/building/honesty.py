"""The honesty line: whom a narrow note goes to, counted, for its author alone (PRIV-10)."""

from actors.actor import Actor, by_handle
from actors.follows import reach_of
from notes.chosen import CHOSEN, readers_chosen
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.reach import Reach, reach_among, reach_of_note
from notes.text import named_in
from outbox.create import NOBODY, would_read
from outbox.draft import Draft, narrowed
from outbox.refusals import NotValid
from web.refusals import why
from web.texts import _, ngettext


async def before_posting(author: Actor) -> str:
    """Say whom a note for followers goes to."""
    people, servers = await reach_of(author)
    return _(
        "Followers a note for them goes to: %(people)s, on this many servers: %(servers)s.",
        people=people,
        servers=servers,
    )


async def of_mutuals(author: Actor) -> str:
    """Say whom a note for mutual followers goes to."""
    found = await reach_among(await readers_chosen(author, Audience.MUTUALS))
    return said_of_reach(found) if found.people else _("Nobody whom you follow follows you.")


async def of_note(note: Note, viewer: Actor | None) -> str:
    """Tell its author whom a narrow note went to; of open ones there is nothing to count."""
    if viewer is None or note.author_id != viewer.id:
        return ""
    if note.audience == Audience.FOLLOWERS:
        return _said(*await reach_of(note.author))
    if note.audience in CHOSEN:
        return said_of_reach(await reach_of_note(note))
    return _said(*await _named(note)) if note.audience == Audience.PEOPLE else ""


async def of_draft(draft: Draft, author: Actor) -> str:
    """Say whom a note would go to that is about to be published; parents are loaded."""
    if draft.audience == Audience.FOLLOWERS:
        return await before_posting(author)
    audience = narrowed(draft.audience, draft.in_reply_to, author)
    if audience not in CHOSEN:
        return ""
    found = await would_read(draft, author, audience)
    return said_of_reach(await reach_among(found)) if found else why(NotValid("audience", NOBODY))


async def outside_of(draft: Draft, author: Actor) -> str:
    """Say whom the text names who would not see the note (product.md 5.1, rule 6)."""
    audience = narrowed(draft.audience, draft.in_reply_to, author)
    if audience not in (*CHOSEN, Audience.SELF):
        return ""
    chosen = audience in CHOSEN
    readers = {each.id for each in await would_read(draft, author, audience)} if chosen else set()
    outside = []
    for handle in named_in(draft.source):
        found = await by_handle(handle.name, handle.host)
        if found is None or (found.id not in readers and found.id != author.id):
            outside.append(f"@{handle}")
    if not outside:
        return ""
    return _(
        "Named, but not among those who will see it: %(names)s. The names stay as text, and nobody"
        " is told.",
        names=", ".join(outside),
    )


def said_of_reach(reach: Reach) -> str:
    """Say how many people and servers it is, and how many of these will not show such a note."""
    lines = [
        _(
            "People it is for: %(people)s, on this many servers: %(servers)s.",
            people=reach.people,
            servers=reach.servers,
        )
    ]
    if reach.hiding:
        lines.append(
            ngettext(
                "%(num)s server will not show it to anyone: %(programs)s.",
                "%(num)s servers will not show it to anyone: %(programs)s.",
                sum(reach.hiding.values()),
                programs=", ".join(sorted(reach.hiding)),
            )
        )
    if reach.unknown:
        lines.append(
            ngettext(
                "Of %(num)s server it is not known whether it will show it.",
                "Of %(num)s servers it is not known whether they will show it.",
                reach.unknown,
            )
        )
    if reach.servers > bool(reach.here):
        lines.append(_("What other servers hold is out of our hands."))
    return " ".join(lines)


def _said(people: int, servers: int) -> str:
    return _(
        "People it is for: %(people)s, on this many servers: %(servers)s. What other servers"
        " hold is out of our hands.",
        people=people,
        servers=servers,
    )


async def _named(note: Note) -> tuple[int, int]:
    hosts = await Mention.filter(note_id=note.id).values_list("actor__host", flat=True)
    return len(hosts), len(set(hosts))
