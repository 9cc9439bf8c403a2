"""Create: someone here posts a note."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.aware import want_known
from actors.blocks import blocks_between
from actors.emojis import own_emojis
from core import sql
from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from federation.write import write
from notes import search
from notes.attachments import Attachment, Media, State, shows_of
from notes.cards import want_card
from notes.chosen import CHOSEN, Reader, readers_chosen
from notes.documents import document_of, parts_of
from notes.drafts import SavedDraft
from notes.files import forget_originals
from notes.group_posts import Inside, begin, group_of
from notes.incoming import count_reply
from notes.interaction import Act, may_try
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.once import remember
from notes.pace import is_in_pace, takes_answers
from notes.polls import Poll
from notes.quoting import quoting_policy
from notes.tags import tag_note
from notes.visibility import may_see
from notes.waiting import Waiting
from outbox.addresses import activity_uri, is_open, reach_of, unread_activity_uri
from outbox.deliver import deliver
from outbox.draft import Draft, PollDraft, Words, check, narrowed, worded
from outbox.inside import inside_of
from outbox.quote import ask, check_quotable, tie
from outbox.refusals import NotAllowed, NotValid

MOST_BECAUSE = 500  # characters
# Their letters go to those they are for, whomever they answer.
_FOR_FEW = (*CHOSEN, Audience.PEOPLE, Audience.SELF)


async def publish(author: Actor, draft: Draft) -> Note:
    """Post a note: the note, its letters and its readers' jobs stand in one transaction (R2).

    Raises NotValid or NotAllowed with a sentence for the author, Repeated where a request with the
    same key was quicker.
    """
    check(draft)
    await _may_answer(author, draft.in_reply_to)
    await check_quotable(author, draft.quoted)
    words = await worded(draft)
    inside = await inside_of(author, draft, words)
    async with in_transaction():
        await _take_up(author, draft)
        note = await write_note(author, draft, words, inside)
        if draft.key:
            await remember(author, draft.key, note)
        if note.held_at is None:
            await announce_new(note)
        if inside and inside.is_held:
            await put("inbox.tell_desk", {"group": inside.group.id, "note": note.id})
        if note.held_because:
            await put("inbox.tell_staff_of_held", {"note_id": note.id})
    return note


async def let_out(note: Note) -> bool:
    """Publish a note of someone here that was held, as it is; False if that was done before.

    Call in a transaction; the author is loaded.
    """
    held = Note.filter(id=note.id, held_at__not_isnull=True, hidden_at=None, deleted_at=None)
    if not await held.update(held_at=None, held_because=""):
        return False
    note.held_at, note.held_because = None, ""
    if note.in_reply_to_id is not None:
        await count_reply(await Note.get(id=note.in_reply_to_id), note, 1)
    await count_own(note)
    await announce_new(note)
    return True


async def announce_new(note: Note) -> None:
    """Send a new note's Create; call in the transaction that made it; the author is loaded."""
    parts = (await parts_of([note]))[note.id]
    document = document_of(note, parts)
    is_comment = note.group_id is not None and note.in_reply_to_id is not None
    create = write(
        "Create",
        id=unread_activity_uri() if is_comment else activity_uri(),
        actor=note.author.uri,
        object=document,
        to=document["to"],
        cc=document["cc"],
        audience=document.get("audience"),
        published=note.created_at,
    )
    concerned = await concerned_by(note)
    if note.audience in CHOSEN:
        await want_known(concerned)
    await deliver(
        create, note.author, reach_of(note, concerned), key=note.uri, is_public=is_open(note)
    )
    await ask(note, document)
    await want_card(note)


async def concerned_by(note: Note) -> list[Actor]:
    """Return everyone a letter about a note goes to by name: the addressed and the answered."""
    people = [m.actor for m in await Mention.filter(note_id=note.id).select_related("actor")]
    if note.in_reply_to_id is not None and note.audience not in _FOR_FEW:
        parent = await Note.get(id=note.in_reply_to_id).select_related("author")
        people.append(parent.author)
    group = await group_of(note)
    if group is not None and not group.is_local:
        people.append(group)
    return list({person.id: person for person in people if person.id != note.author_id}.values())


async def _may_answer(author: Actor, parent: Note | None) -> None:
    if not author.is_present:
        raise NotAllowed("This account may not post now.")
    if author.moved_to:
        raise NotAllowed("You have moved. Post from your new account.")
    await check_pace(author)
    if parent is None:
        return
    if not await takes_answers(parent, author):
        raise NotAllowed("A moderator has closed the answers to this note.")
    if not await may_see(author, parent) or await blocks_between(author.id, parent.author_id):
        raise NotAllowed("You cannot answer this note.")
    if not await may_try(parent, author, Act.REPLY):
        raise NotAllowed("The author takes no answers to this note from you.")


async def check_pace(author: Actor) -> None:
    """Raise NotAllowed for someone whom a decision keeps from posting now."""
    if author.read_only_at is not None:
        raise NotAllowed("By a decision of the moderators you can read here, but not post now.")
    if not await is_in_pace(author):
        raise NotAllowed("By a decision of the moderators you can post only now and then.")


async def _take_up(author: Actor, draft: Draft) -> None:
    """Let the saved draft go that becomes this note; whoever comes second finds none."""
    if draft.saved and not await SavedDraft.filter(id=draft.saved, author_id=author.id).delete():
        raise NotAllowed("This draft was published or deleted already.")


async def write_note(
    author: Actor, draft: Draft, words: Words, inside: Inside | None = None
) -> Note:
    """Write a note and its belongings; call in a transaction, and announce it then."""
    parent = draft.in_reply_to
    number = new_id()
    note = Note(
        id=number,
        uri=settings().url(f"/n/{number}"),
        url=settings().url(f"/n/{number}"),
        is_local=True,
        audience=(inside and inside.audience) or _narrowed(draft, author),
        group_id=inside.group.id if inside else None,
        held_at=now() if draft.held_because or (inside and inside.is_held) else None,
        held_because=draft.held_because[:MOST_BECAUSE],
        title=draft.title.strip(),
        content=words.content,
        source=draft.source,
        summary=draft.summary.strip(),
        is_sensitive=draft.is_sensitive or bool(draft.summary.strip()),
        language=draft.language,
        emojis=await own_emojis(*texts_of(draft)),
        kind="Question" if draft.poll else "Note",
        in_reply_to_uri=parent.uri if parent else "",
        quote_uri=draft.quoted.uri if draft.quoted else "",
        interaction=quoting_policy(author, draft.quoting),
        app=dict(draft.app) if draft.app else None,
        has_media=bool(draft.attachments),
        shows=shows_of(await kinds_of(draft.attachments)),
    )
    note.author = author
    note.in_reply_to_id = parent.id if parent else None
    note.thread_id = (parent.thread_id or parent.id) if parent else number
    note.context_uri = (parent.context_uri if parent else "") or settings().url(
        f"/n/{note.thread_id}/context"
    )
    await note.save(force_create=True)
    named = _with_group(note, words.named, inside)
    await _belongings(note, draft, replace(words, named=named), parent)
    if inside:
        await begin(note, inside)
    return note


def texts_of(draft: Draft) -> tuple[str, ...]:
    """Return all words of a note that may hold emojis of this server."""
    answers = draft.poll.options if draft.poll else ()
    return (draft.title, draft.source, draft.summary, *answers)


def _with_group(note: Note, named: Sequence[Actor], inside: Inside | None) -> Sequence[Actor]:
    """Name the group of a thread that begins, so that answers from elsewhere reach it as well."""
    if inside is None or inside.is_comment or not is_open(note):
        return named
    return list({each.id: each for each in (*named, inside.group)}.values())


def _narrowed(draft: Draft, author: Actor) -> Audience:
    return narrowed(narrowed(draft.audience, draft.in_reply_to, author), draft.quoted, author)


async def _belongings(note: Note, draft: Draft, words: Words, parent: Note | None) -> None:
    if note.audience in CHOSEN:
        await address(note, words.named, await chosen_by(note.author, draft, note.audience))
    elif note.audience != Audience.SELF:
        await _mention(note, words.named, parent, draft.blind)
    for tag in words.tags:
        await tag_note(note, tag)
    await attach(note, draft.attachments)
    await search.index(note)
    if draft.quoted:
        await tie(note, draft.quoted)
    if draft.poll:
        await _ask(note, draft.poll)
    if draft.later:
        await Waiting.create(note_id=note.id, audience=draft.later)
    if parent:
        await count_reply(parent, note, 1)
    await count_own(note)


async def count_own(note: Note) -> None:
    """Count a new note of someone here among theirs; one that is held counts once it is shown."""
    if is_open(note) and note.held_at is None:
        await Actor.filter(id=note.author_id).update(
            notes_count=F("notes_count") + 1, last_note_at=now()
        )


async def _mention(
    note: Note, named: Sequence[Actor], parent: Note | None, blind: Sequence[Actor]
) -> None:
    people = {person.id: False for person in named}
    if parent and note.audience == Audience.PEOPLE:
        # An answer to a private note reaches its author even when the text does not name them.
        people.setdefault(parent.author_id, False)
    for person in blind:
        people.setdefault(person.id, True)
    for number, is_blind in people.items():
        await Mention.create(
            id=new_id(), note_id=note.id, actor_id=number, is_silent=is_blind, is_blind=is_blind
        )


async def chosen_by(author: Actor, draft: Draft, audience: Audience) -> list[int]:
    """Count out whom a note for mutuals or circles is for; raises NotValid where that is nobody.

    Who goes on in a thread of their own, without choosing anew, speaks to the same people.
    """
    if audience == Audience.CIRCLE and not draft.circles and not _goes_on(author, draft, audience):
        raise NotValid("circles", "Choose a circle.")
    found = await would_read(draft, author, audience)
    if not found:
        raise NotValid("audience", NOBODY)
    return [each.id for each in found]


async def would_read(draft: Draft, author: Actor, audience: Audience) -> list[Reader]:
    """Count out whom a note for mutuals or circles would be for, if it were published now."""
    goes_on = _goes_on(author, draft, audience) and not draft.circles
    return await readers_chosen(
        author,
        audience,
        draft.circles,
        about=[each for each in (draft.in_reply_to, draft.quoted) if each],
        like=draft.in_reply_to if goes_on else None,
    )


def _goes_on(author: Actor, draft: Draft, audience: Audience) -> bool:
    parent = draft.in_reply_to
    return parent is not None and parent.author_id == author.id and parent.audience == audience


async def address(note: Note, named: Sequence[Actor], readers: Sequence[int]) -> None:
    """Write down whom a note for mutuals or circles is for; those of them it names are told."""
    told = {each.id for each in named}
    await sql.run_many(
        "INSERT INTO mention (id, note_id, actor_id, is_silent, is_blind) VALUES (?, ?, ?, ?, ?)",
        [(new_id(), note.id, number, number not in told, False) for number in readers],
    )


NOBODY = "There is nobody now whom it would be for."
LOST = "One of the pictures is no longer there. Add it again."
UNFINISHED = "One of the pictures is still being worked on. Try again in a moment."


async def kinds_of(uploads: Sequence[int]) -> list[Media]:
    """Tell what these uploads are."""
    if not uploads:
        return []
    return [
        each.media for each in await Attachment.filter(id__in=list(uploads)).only("id", "media")
    ]


async def attach(note: Note, uploads: Sequence[int]) -> None:
    """Tie one's own, unused uploads to the note (security.md MED-08); what is on it is put in
    order. Call in a transaction; raises NotValid."""
    if len(uploads) > settings().media.max_images:
        raise NotValid("attachments", f"At most {settings().media.max_images} pictures.")
    for position, number in enumerate(uploads):
        unused = Q(note_id=None, appeal_id=None) | Q(note_id=note.id)
        mine = Attachment.filter(unused, id=number, owner_id=note.author_id)
        if not await mine.filter(state=State.READY).update(note_id=note.id, position=position):
            raise NotValid("attachments", UNFINISHED if await mine.exists() else LOST)
    if not settings().media.keep_original:
        await forget_originals(uploads)


async def _ask(note: Note, poll: PollDraft) -> None:
    await Poll.create(
        id=new_id(),
        note_id=note.id,
        options=[{"title": title.strip(), "votes": 0} for title in poll.options],
        is_multiple=poll.is_multiple,
        hides_totals=poll.hides_totals,
        ends_at=now() + timedelta(seconds=poll.seconds),
    )
