"""What someone is about to post, checked and turned into a note's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.actor import Actor, by_handle
from actors.remote import look_up
from core.settings import settings
from federation.errors import FederationError
from notes.chosen import CHOSEN
from notes.drafts import SavedDraft
from notes.note import Audience, Note
from notes.quoting import Quoting
from notes.text import (
    MOST_CHARACTERS,
    length_of,
    named_in,
    render,
    tags_in,
    with_tags,
    with_title,
    written_tags,
)
from notes.visibility import narrower
from outbox.refusals import NotValid

MOST_TITLE = 80
MOST_SUMMARY = 500
MOST_OPTIONS = 20
MOST_OPTION = 100
SHORTEST_POLL = timedelta(minutes=5)
LONGEST_POLL = timedelta(days=366)


@dataclass(frozen=True)
class PollDraft:
    """A question's answers; `seconds` is how long it stays open."""

    options: Sequence[str]
    seconds: int
    is_multiple: bool = False
    hides_totals: bool = False


@dataclass(frozen=True)
class Draft:
    """A note as its author wrote it; `attachments` are ids of their own uploads, in order."""

    text: str = ""
    title: str = ""
    summary: str = ""
    is_sensitive: bool = False
    language: str = ""
    audience: Audience = Audience.PUBLIC
    later: Audience | None = None
    """What its audience becomes once its author has confirmed their address."""
    circles: Sequence[int] = ()
    """The author's circles it is for, where it is for circles."""
    in_reply_to: Note | None = None
    group_id: int | None = None
    """The group it is posted in; without one, the first group that an open note names."""
    flair: Sequence[str] = ()
    """The marks of that group which a thread begins with."""
    quoted: Note | None = None
    quoting: Quoting = Quoting.PUBLIC
    """Who may quote it."""
    attachments: Sequence[int] = ()
    poll: PollDraft | None = None
    created_at: datetime | None = None
    tags: Sequence[str] = ()
    """Topics beside those in the text; they are written below it."""
    named: Sequence[Actor] = ()
    """People it is for whom the text does not name."""
    blind: Sequence[Actor] = ()
    """People it is for of whom nobody else learns."""
    app: Mapping[str, str] | None = None
    """The app it is posted by: `name`, and `website` where it has one."""
    key: str = ""
    """What an app calls this request by, so that asking again makes no second note."""
    held_because: str = ""
    """Why the policy holds it until a moderator has looked; it is sent nowhere before."""
    saved: int | None = None
    """The saved draft this was; it goes in the transaction that makes the note, so once."""

    @property
    def source(self) -> str:
        """The text with its tags, as a note keeps and counts it."""
        return with_tags(self.text, self.tags)


@dataclass(frozen=True)
class Words:
    """A draft made ready: HTML, whom it names, and its tags."""

    content: str
    named: Sequence[Actor]
    tags: Sequence[str]


def draft_from(saved: SavedDraft, media: Sequence[int]) -> Draft:
    """Make a draft of a saved one; what it answers and quotes is to be loaded."""
    return Draft(
        text=saved.text,
        title=saved.title,
        summary=saved.summary,
        is_sensitive=saved.is_sensitive,
        language=saved.language,
        audience=saved.audience,
        circles=saved.circles or (),
        in_reply_to=saved.in_reply_to if saved.in_reply_to_id else None,
        quoted=saved.quoted if saved.quoted_id else None,
        quoting=saved.quoting,
        attachments=media,
        poll=PollDraft(**saved.poll) if saved.poll else None,
        tags=written_tags(saved.tags),
        group_id=saved.group_id,
        flair=saved.flair or (),
        saved=saved.id,
    )


def check(draft: Draft) -> None:
    """Raise NotValid for the first thing that cannot be posted."""
    if not (draft.text.strip() or draft.title.strip() or draft.attachments or draft.quoted):
        raise NotValid("text", "Write something, or add a picture.")
    if length_of(draft.source) > MOST_CHARACTERS:
        raise NotValid("text", f"At most {MOST_CHARACTERS} characters.")
    if len(draft.title) > MOST_TITLE:
        raise NotValid("title", f"At most {MOST_TITLE} characters.")
    if len(draft.summary) > MOST_SUMMARY:
        raise NotValid("summary", f"At most {MOST_SUMMARY} characters.")
    if draft.poll:
        _check_poll(draft.poll)


def _check_poll(poll: PollDraft) -> None:
    titles = [title.strip() for title in poll.options]
    if not 2 <= len(titles) <= MOST_OPTIONS:
        raise NotValid("poll", f"A poll has 2 to {MOST_OPTIONS} answers.")
    if len(set(titles)) != len(titles) or not all(titles):
        raise NotValid("poll", "Each answer must be there, and be different from the others.")
    if any(len(title) > MOST_OPTION for title in titles):
        raise NotValid("poll", f"At most {MOST_OPTION} characters for an answer.")
    if not SHORTEST_POLL <= timedelta(seconds=poll.seconds) <= LONGEST_POLL:
        raise NotValid("poll", "A poll stays open for 5 minutes to a year.")


def narrowed(audience: Audience, parent: Note | None, author: Actor) -> Audience:
    """Return the audience of a note about another: never wider (product.md 5.1, rule 2).

    For whom a note for mutuals or circles is, its author alone knows: others answer the author.
    """
    if parent is None:
        return audience
    fitting = narrower(audience, parent.audience)
    if fitting in CHOSEN and parent.audience in CHOSEN and parent.author_id != author.id:
        return Audience.PEOPLE
    return fitting


async def worded(draft: Draft) -> Words:
    """Turn text into HTML; people it names are looked up, here first, then at their servers.

    Asks other servers, so call it before any transaction. Whom nobody knows stays plain text.
    """
    found: dict[str, Actor] = {}
    for handle in named_in(draft.source):
        if actor := await _named(handle.name, handle.host):
            found[str(handle).lower()] = actor
    links: Mapping[str, tuple[str, str]] = {
        written: (actor.url or actor.uri, actor.name) for written, actor in found.items()
    }
    html = render(draft.source, known=links, tag_url=tag_url)
    named = list({actor.id: actor for actor in [*found.values(), *draft.named]}.values())
    return Words(with_title(draft.title.strip(), html), named, tags_in(draft.source))


async def _named(name: str, host: str | None) -> Actor | None:
    found = await by_handle(name, host)
    if found is None and host is not None:
        try:
            found = await look_up(f"@{name}@{host}")
        except FederationError:
            return None
    return found if found and found.is_present else None


def tag_url(name: str) -> str:
    """Return where a topic has its page."""
    return settings().url(f"/tags/{name.casefold()}")
