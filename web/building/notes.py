"""Notes → cards and whole notes, each with what the viewer has done with it."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from actors.actor import Actor
from actors.emojis import paths_of
from core import sql
from core.emojis import with_emojis
from core.names import shortened
from core.rows import load_ids
from notes.cards import Card, image_path
from notes.documents import Parts, parts_of
from notes.note import Audience, Note, Shows
from notes.polls import Poll
from notes.quoting import Standing, standings
from notes.visibility import OPEN
from web.building.covers import Face, faces_of
from web.building.in_passing import LINK_EXCERPT, quoted_views
from web.building.media import is_link, link_card, media_view
from web.building.mine import Mine, marked_by, mine_of
from web.building.people import person_card
from web.building.threads_in_groups import NONE, ThreadMarks, thread_marks, titled
from web.building.words import EXCERPT, excerpt_of, plain, whole_text
from web.render import query
from web.views.notes import (
    LinkCard,
    May,
    MediaView,
    NoteCard,
    NoteView,
    PollOption,
    PollView,
    QuotedView,
    TagCard,
    VideoView,
)
from web.views.people import PersonCard


async def note_cards(
    rows: Sequence[Note], viewer: Actor | None, *, source: str = ""
) -> tuple[NoteCard, ...]:
    """Make cards of notes and boosts: three to five queries; what is boosted twice is shown once.

    Of a list with a name as its `source`, videos can be watched in its order.
    """
    if not rows:
        return ()
    notes = {each.id: each for each in (row.boost_of or row for row in rows)}
    faces = await faces_of({number: note.audience for number, note in notes.items()})
    asked = await sql.rows(
        f"SELECT note_id FROM poll WHERE note_id IN ({sql.marks(notes)})",  # noqa: S608
        list(notes),
    )
    polls = {row["note_id"] for row in asked}
    liked = await marked_by("like", viewer, list(notes))
    first = {(row.boost_of or row).id: row for row in reversed(rows)}
    houses = await load_ids(Actor, (note.group_id for note in notes.values()))
    marks = await thread_marks(list(notes.values()))
    return tuple(
        _card(
            row,
            faces[number],
            source,
            marks=marks.get(number, NONE),
            has_poll=number in polls,
            is_liked=number in liked,
            house=houses.get(notes[number].group_id or 0),
        )
        for row in rows
        if first[number := (row.boost_of or row).id] is row
    )


async def note_views(notes: Sequence[Note], viewer: Actor | None) -> dict[int, NoteView]:
    """Make whole notes, by id: six queries for what they hold, five for what the viewer did, two
    for whom may be quoted, and eleven where some of them quote."""
    parts = await parts_of(notes)
    mine = await mine_of(viewer, notes, [each.poll for each in parts.values() if each.poll])
    quotes = await quoted_views(notes, viewer)
    quotable = await _quotable(notes, viewer)
    cards = await load_ids(Card, (note.card_id for note in notes))
    views = {note.id: _view(note, parts[note.id], mine, viewer) for note in notes}
    numbers = {note.id: note.card_id for note in notes}
    return {
        number: replace(
            view,
            # Beside pictures, what is linked in the text needs no card; what was attached does.
            link=view.link
            or (None if view.media else _page_card(cards.get(numbers.get(number) or 0))),
            quoted=quotes.get(number),
            may=replace(
                view.may, quote=number in quotable, unquote=_quotes_me(quotes.get(number), view.may)
            ),
        )
        for number, view in views.items()
    }


def _page_card(card: Card | None) -> LinkCard | None:
    """Show the page that the first link leads to; its picture comes by way of ours."""
    if card is None:
        return None
    image = image_path(card)
    return LinkCard(
        card.url,
        card.title,
        shortened(card.description, LINK_EXCERPT),
        image=MediaView(image, width=card.width, height=card.height, alt=card.image_alt)
        if image
        else None,
    )


async def _quotable(notes: Sequence[Note], viewer: Actor | None) -> set[int]:
    standing = await standings(viewer, notes) if viewer else {}
    return {number for number, each in standing.items() if each is not Standing.DENIED}


def _quotes_me(quoted: QuotedView | None, may: May) -> bool:
    """Tell whether it is the viewer whom another's note quotes."""
    return quoted is not None and quoted.is_mine and not may.delete


async def video_views(rows: Sequence[Note], viewer: Actor | None) -> tuple[VideoView, ...]:
    """Make of notes and boosts what is watched: the first video of each, no note twice."""
    notes = {each.id: each for each in (row.boost_of or row for row in rows)}
    views = await note_views(list(notes.values()), viewer)
    videos = {
        number: next((each for each in views[number].media if each.kind == "video"), None)
        for number in notes
    }
    return tuple(
        VideoView(views[number], video, shortened(plain(notes[number]), EXCERPT))
        for number, video in videos.items()
        if video
    )


def _house(found: Actor | None) -> PersonCard | None:
    return person_card(found) if found else None


def may_boost(note: Note, viewer: Actor) -> bool:
    """Tell whether a viewer who sees a note may pass it on (security.md PRIV-04)."""
    own = note.author_id == viewer.id and note.audience == Audience.FOLLOWERS
    return note.audience in OPEN or own


def tag_card(name: str, uses: int = 0) -> TagCard:
    """Show a tag by the name it was written with."""
    return TagCard(name=name, url=f"/tags/{quote(name.casefold(), safe='')}", uses=uses)


def watch_url(source: str, row: Note | None = None) -> str:
    """Say where the videos of a list are watched, from the first one or from that of a row."""
    return query("/watch", **{"from": source, "at": row.id if row else None})


def _card(
    row: Note,
    face: Face,
    source: str,
    *,
    marks: ThreadMarks,
    has_poll: bool,
    is_liked: bool,
    house: Actor | None,
) -> NoteCard:
    note = row.boost_of or row
    title, excerpt = note.title, excerpt_of(note)
    if not title and not note.summary:
        title, excerpt = titled(excerpt, marks.title)
    return NoteCard(
        id=note.id,
        url=note.page,
        author=person_card(note.author),
        cover=face.cover,
        title=title,
        excerpt=excerpt,
        flair=marks.flair,
        is_pinned=marks.is_pinned,
        is_locked=marks.is_locked,
        emojis=tuple(paths_of(note.emojis).items()),
        language=note.language,
        likes=max(note.likes_count, 0),
        is_liked=is_liked,
        audience=note.audience.value,
        images=face.images,
        video_seconds=face.video_seconds,
        has_poll=has_poll,
        has_quote=bool(note.quote_uri),
        content_note=note.summary,
        is_sensitive=note.is_sensitive,
        boosted_by=person_card(row.author) if row.is_boost and row.author != house else None,
        group=_house(house),
        published=note.created_at,
        watch_url=watch_url(source, row) if source and note.shows == Shows.VIDEO else "",
    )


def _view(note: Note, parts: Parts, mine: Mine, viewer: Actor | None) -> NoteView:
    poll = _poll(parts.poll, mine.votes.get(parts.poll.id, [])) if parts.poll else None
    drawn = paths_of(note.emojis)
    return NoteView(
        id=note.id,
        url=note.page,
        author=person_card(note.author),
        html=with_emojis(whole_text(note), drawn),
        published=note.created_at,
        title=note.title,
        emojis=tuple(drawn.items()),
        remote_url="" if note.is_local else (note.url or note.uri),
        content_note=note.summary,
        is_sensitive=note.is_sensitive,
        language=note.language,
        media=tuple(
            media_view(each, is_open=note.audience in OPEN)
            for each in parts.attachments
            if not is_link(each)
        ),
        poll=poll,
        link=next((link_card(each) for each in parts.attachments if is_link(each)), None),
        tags=tuple(tag_card(each) for each in parts.tags),
        audience=note.audience.value,
        group=_house(parts.group),
        edited=note.edited_at,
        likes=max(note.likes_count, 0),
        boosts=max(note.boosts_count, 0),
        replies=max(note.replies_count, 0),
        is_liked=note.id in mine.liked,
        is_boosted=note.id in mine.boosted,
        is_bookmarked=note.id in mine.kept,
        is_pinned=note.id in mine.pinned,
        may=_may(note, poll, viewer),
        waits=_waits(note, viewer),
    )


def _waits(note: Note, viewer: Actor | None) -> str:
    """Say to an author why the policy holds their note; nobody else sees it meanwhile."""
    is_own = viewer is not None and note.author_id == viewer.id
    return note.held_because if is_own and note.hidden_at is None else ""


def _may(note: Note, poll: PollView | None, viewer: Actor | None) -> May:
    if viewer is None:
        return May()
    is_mine = note.author_id == viewer.id
    return May(
        reply=True,
        like=True,
        boost=note.held_at is None and may_boost(note, viewer),
        bookmark=True,
        edit=is_mine,
        narrow=is_mine and poll is None and note.held_at is None and note.audience != Audience.SELF,
        delete=is_mine,
        pin=is_mine and note.held_at is None and note.audience in OPEN,
        report=not is_mine,
        vote=poll is not None and not (is_mine or poll.has_voted or poll.is_closed),
    )


def _poll(poll: Poll, votes: Sequence[int]) -> PollView:
    cast = sum(option["votes"] for option in poll.options)
    whole = max(poll.voters_count if poll.is_multiple else cast, cast and 1, 1)
    return PollView(
        options=tuple(
            PollOption(
                text=option["title"],
                votes=option["votes"],
                share=min(round(100 * option["votes"] / whole), 100),
                is_mine=number in votes,
            )
            for number, option in enumerate(poll.options)
        ),
        is_multiple=poll.is_multiple,
        closes=poll.ends_at,
        is_closed=poll.is_over,
        is_secret=poll.is_secret,
        has_voted=bool(votes),
        voters=poll.voters_count or cast,
    )
