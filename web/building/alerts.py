"""Notifications and private notes → lines of a list; the same done by several is one line."""

from collections.abc import Sequence

from actors.actor import Actor
from core.names import shortened
from inbox.notifications import OF_PANELS, OF_PROPOSALS, Event, Notification
from moderation.links import token_for
from notes.documents import parts_of
from notes.note import Note
from web.building.group_words import group_news
from web.building.in_passing import covers_of, note_link
from web.building.people import person_card
from web.building.words import plain
from web.texts import _
from web.views.alerts import Conversation, NotificationView
from web.views.notes import MediaView
from web.views.people import PersonCard

KINDS = {
    Event.FOLLOW: "follow",
    Event.FOLLOW_REQUEST: "follow_request",
    Event.MENTION: "mention",
    Event.LIKE: "like",
    Event.BOOST: "boost",
    Event.POLL: "poll",
    Event.UPDATE: "edit",
    Event.QUOTE: "quote",
    Event.QUOTED_UPDATE: "quoted_edit",
    Event.REPORT: "report",
    Event.SIGN_UP: "report",
    Event.GROUP: "decision",
    Event.WARNING: "decision",
    **dict.fromkeys((*OF_PROPOSALS, *OF_PANELS), "vote"),
}
OF_THE_HOUSE = (Event.REPORT, Event.SIGN_UP, Event.WARNING, *OF_PROPOSALS, *OF_PANELS)
GROUPED = (Event.LIKE, Event.BOOST, Event.FOLLOW)
SHOWN = 3
EXCERPT = 140


async def alert_views(told: Sequence[Notification], reader: Actor) -> tuple[NotificationView, ...]:
    """Make the lines of a page: two queries beside its rows."""
    notes = [each.note for each in told if each.note]
    covers = await covers_of(notes)
    mine = await _answers_to(reader, notes)
    news = await group_news(told, reader)
    return tuple(_line(group, covers, mine, news) for group in _grouped(told))


async def conversation_views(notes: Sequence[Note], reader: Actor) -> tuple[Conversation, ...]:
    """Make the lines of private conversations from the last note of each; who was addressed
    blindly stands there for its author alone."""
    parts = await parts_of(notes)
    threads = [note.thread_id for note in notes]
    unread = set(
        await Notification.filter(
            reader_id=reader.id, is_read=False, note__thread_id__in=threads
        ).values_list("note__thread_id", flat=True)
    )
    found = []
    for note in notes:
        is_own = note.author_id == reader.id
        named = [each.actor for each in parts[note.id].mentions if is_own or not each.is_blind]
        people = {each.id: each for each in (note.author, *named) if each.id != reader.id}
        found.append(
            Conversation(
                url=note.page,
                people=tuple(person_card(each) for each in people.values()) or (_alone(reader),),
                excerpt=note.summary or shortened(note.title or plain(note), EXCERPT),
                moment=note.created_at,
                is_unread=note.thread_id in unread,
            )
        )
    return tuple(found)


def _alone(reader: Actor) -> PersonCard:
    return person_card(reader)


def _grouped(told: Sequence[Notification]) -> list[list[Notification]]:
    """Put likes and boosts of one note, and follows of one day, together where the newest is."""
    groups: dict[object, list[Notification]] = {}
    for each in told:
        key: object = each.id
        if each.event in GROUPED:
            day = each.created_at.date() if each.event == Event.FOLLOW else None
            key = (each.event, each.about, day, each.is_read)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _line(
    group: Sequence[Notification],
    covers: dict[int, MediaView],
    mine: frozenset[int],
    news: dict[int, str],
) -> NotificationView:
    first = group[0]
    kind = KINDS[first.event]
    if first.event == Event.MENTION and first.note_id in mine:
        kind = "reply"
    is_ours = first.event in OF_THE_HOUSE
    note = first.note
    return NotificationView(
        id=first.id,
        kind=kind,
        people=() if is_ours else tuple(person_card(each.actor) for each in group[:SHOWN]),
        moment=first.created_at,
        more_people=len(group) - 1,
        note=note_link(note, covers.get(note.id)) if note else None,
        text=news.get(first.id) or _text(first.event),
        url=_url(first),
        is_unread=not first.is_read,
    )


def _text(event: Event) -> str:
    match event:
        case Event.REPORT:
            return _("A report waits for you.")
        case Event.SIGN_UP:
            return _("Someone wants to join.")
        case Event.WARNING:
            return _("The moderators have decided something about you or a note of yours.")
        case Event.VOTE_OPENED:
            return _("A vote on the rules is open, and you are on its roll.")
        case Event.VOTE_CLOSED:
            return _("A vote on the rules has closed.")
        case Event.PROPOSAL_ANSWERED:
            return _("The admins have answered a proposal that you have to do with.")
        case Event.PROPOSAL_RETURNED:
            return _("An adopted proposal cannot come into force, and is given back.")
        case Event.PANEL_DRAWN:
            return _("You were drawn by lot for a panel: look at an appeal within 72 hours.")
        case Event.PANEL_OVER:
            return _("The panel on an appeal that you hear is over.")
    return ""


def _url(told: Notification) -> str:
    if told.event in OF_PROPOSALS:
        return f"/policy/proposals/{told.about}"
    match told.event:
        case Event.GROUP:
            page = told.actor.page
            return f"{page}/waiting/{told.about}" if told.about and not told.note_id else page
        case Event.REPORT:
            return f"/mod/reports/{told.about}"
        case Event.SIGN_UP:
            return "/mod/people"
        case Event.PANEL_DRAWN:
            return f"/panels/{told.about}"
        case Event.PANEL_OVER:
            return f"/mod/appeals/{told.about}"
        case Event.WARNING:
            return f"/d/{token_for(told.about)}"
    return ""


async def _answers_to(reader: Actor, notes: Sequence[Note]) -> frozenset[int]:
    """Tell which of these notes answer a note of the reader."""
    parents = {note.in_reply_to_id for note in notes if note.in_reply_to_id is not None}
    if not parents:
        return frozenset()
    rows = await Note.filter(id__in=parents, author_id=reader.id).values("id")
    own = {row["id"] for row in rows}
    return frozenset(note.id for note in notes if note.in_reply_to_id in own)
