"""Threads → what a note answers, and its answers two levels deep."""

from collections import defaultdict
from dataclasses import replace

from actors.actor import Actor
from actors.memberships import runs
from core.paging import number
from inbox.threads import Thread
from notes.group_marks import lock_on
from notes.group_posts import group_of
from notes.note import Note
from web.building.group_words import said_of_note, words_of_post
from web.building.honesty import of_note
from web.building.notes import note_views
from web.building.people import relations
from web.building.threads_in_groups import thread_marks
from web.views.frame import Pager
from web.views.notes import Branch, NoteView, Stub, ThreadView

MOST_BRANCHES = 40
MOST_BELOW = 10

Below = dict[int, list[int]]


async def thread_view(
    note: Note, thread: Thread, viewer: Actor | None, *, after: str = ""
) -> ThreadView:
    """Show a note in its thread; `after` is the answer the page before ended with.

    Only what is shown is made: a page has at most 40 answers, and ten below each.
    """
    below = _below(note, thread)
    begin = number(after) or 0
    top = [each for each in below[note.id] if each > begin]
    page = top[:MOST_BRANCHES]
    wanted = {note.id, *page, *(low for each in page for low in below[each][:MOST_BELOW])}
    notes = [note, *thread.ancestors, *thread.descendants]
    above = {each.id for each in thread.ancestors}
    views = await note_views([each for each in notes if each.id in wanted | above], viewer)
    ties = await relations(viewer, [note.author])
    lock = await lock_on(note)
    if lock:
        closed = set(views) if lock.is_whole else set(views) - above
        views |= {each: _unanswerable(views[each]) for each in closed}
    own = views[note.id]
    marks = (await thread_marks([note])).get(note.id)
    return ThreadView(
        note=replace(
            own,
            author=replace(own.author, relation=ties.get(note.author_id)),
            honesty=await of_note(note, viewer),
        ),
        ancestors=_ancestors(note, thread, views),
        replies=tuple(_branch(each, below, views, thread) for each in page),
        pager=Pager(f"{note.page}?after={page[-1]}#replies" if len(top) > len(page) else ""),
        remote_replies_url="" if note.is_local else (note.url or note.uri),
        is_locked=lock is not None,
        lock_reason=lock.reason if lock else "",
        group_says=await said_of_note(note, viewer),
        flair=marks.flair if marks else (),
        group_desk_url=await _desk_of(note, viewer),
    )


async def _desk_of(note: Note, viewer: Actor | None) -> str:
    """Say where something is done with a note in a group, by its author or those who run it."""
    group = await group_of(note) if viewer is not None else None
    if group is None or viewer is None:
        return ""
    is_theirs = note.author_id == viewer.id and group.is_local and not note.in_reply_to_uri
    return f"{group.page}/threads/{note.id}" if is_theirs or await runs(viewer, group) else ""


def _unanswerable(view: NoteView) -> NoteView:
    return replace(view, may=replace(view.may, reply=False))


def _below(note: Note, thread: Thread) -> Below:
    """Sort answers under what they answer; what is not shown keeps its place while it has some."""
    below: Below = defaultdict(list)
    shown = {each.id for each in thread.descendants} | {note.id}
    for each in thread.descendants:
        parent = each.in_reply_to_id or 0
        if parent not in shown and parent not in below[note.id]:
            # We do not look where a hidden answer stood: it is shown as one to the note itself.
            below[note.id].append(parent)
        below[parent].append(each.id)
    for place, gone in thread.removed.items():
        parent = gone.in_reply_to_id or 0
        if parent in shown and place not in below[parent]:
            below[parent].append(place)
    for ids in below.values():
        ids.sort()
    return below


def _branch(number: int, below: Below, views: dict[int, NoteView], thread: Thread) -> Branch:
    lower = below[number]
    replies = tuple(
        _leaf(each, below, views[each]) if each in views else Branch(_stub(each, thread))
        for each in lower[:MOST_BELOW]
    )
    more = len(lower) - len(replies)
    if number not in views:
        return Branch(_stub(number, thread), replies)
    return Branch(views[number], replies, more, views[number].url if more else "")


def _leaf(number: int, below: Below, view: NoteView) -> Branch:
    more = len(below[number])
    return Branch(view, (), more, view.url if more else "")


def _ancestors(
    note: Note, thread: Thread, views: dict[int, NoteView]
) -> tuple[NoteView | Stub, ...]:
    """Go from the beginning down to the note, with a stub for each that is not shown.

    One that is hidden looks like one we never had (security.md PRIV-02).
    """
    found: list[NoteView | Stub] = []
    expected: int | None = None
    for each in [*thread.ancestors, note]:
        above = each.in_reply_to_id
        if each.in_reply_to_uri and (above is None or above != expected):
            found.append(_stub(above or 0, thread))
        if each.id != note.id:
            found.append(views[each.id])
        expected = each.id
    return tuple(found)


def _stub(number: int, thread: Thread) -> Stub:
    if gone := thread.removed.get(number):
        return Stub("group", words=words_of_post(gone.group, gone.post))
    return Stub("deleted" if number in thread.deleted else "hidden")
