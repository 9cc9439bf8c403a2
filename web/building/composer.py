"""The form for writing: empty, as an answer, as a change, or as it was sent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from actors.accounts import Account
from actors.actor import Actor, Kind
from actors.groups import Group
from actors.memberships import groups_of
from core.languages import OFFERED, own_name
from core.paging import number
from core.settings import settings
from moderation.newcomers import FOR_NEWCOMERS
from moderation.policy import current
from notes.attachments import Attachment
from notes.drafts import SavedDraft
from notes.media_files import Role, of_role
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.quoting import Quoting, chosen_for
from notes.text import MOST_CHARACTERS
from outbox.draft import MOST_TITLE, narrowed
from outbox.flair import names_of
from web.building.circles import circle_cards
from web.building.honesty import before_posting, of_mutuals
from web.building.in_passing import covers_of, note_link
from web.building.media import media_view
from web.building.notes import note_views
from web.building.times import local_time, zone_of
from web.building.words import EXCERPT
from web.refusals import in_their_words
from web.texts import _, locale
from web.views.composing import Composer, FlairOf, MediaItem
from web.views.frame import Choice, Form

AUDIENCES = (
    *(Audience.PUBLIC, Audience.QUIET, Audience.FOLLOWERS, Audience.MUTUALS, Audience.CIRCLE),
    *(Audience.SERVER, Audience.PEOPLE, Audience.SELF),
)
DAY = 86_400
OPTIONS = 4
THIRDS = (-0.66, 0.0, 0.66)


def blank(account: Account, **values: str) -> Composer:
    """Make the form for a new note, with what the author usually chooses."""
    chosen = {
        "audience": default_audience(account),
        "language": _language(),
        "poll_seconds": str(DAY),
        "zone": zone_of(account),
        "quoting": default_quoting(account),
    }
    return _composer(Form(values=chosen | values), poll_spans=_spans())


def quick_reply(note: Note, account: Account) -> Composer:
    """Make the short form below a note."""
    return _composer(Form(values=_answer(note, account)), kind="reply")


async def as_quote(composer: Composer, note: Note, account: Account) -> Composer:
    """Have a form quote a note, which it is never for more people than."""
    covers = await covers_of([note])
    may = tuple(
        each for each in composer.audiences if narrowed(Audience(each), note, account.actor) == each
    )
    return replace(
        composer, quoted=note_link(note, covers.get(note.id), most=EXCERPT), audiences=may
    )


async def reply(note: Note, account: Account) -> Composer:
    """Make the whole form for an answer; everyone the note names is named again."""
    values = _answer(note, account) | {
        "text": await _names(note, account),
        "content_note": note.summary,
    }
    return await as_reply(_composer(Form(values=values), poll_spans=_spans()), note, account)


async def as_reply(composer: Composer, note: Note, account: Account) -> Composer:
    """Turn a form into one for an answer, which is never wider than what it answers."""
    views = await note_views([note], account.actor)
    return replace(
        composer,
        kind="reply",
        audiences=tuple(
            each.value for each in AUDIENCES if narrowed(each, note, account.actor) == each
        ),
        reply_to=views[note.id],
        cancel_url=note.page,
    )


def change(note: Note, media: Sequence[Attachment]) -> Composer:
    """Make the form for changing a note: its words and descriptions, not its audience."""
    values = {
        "title": note.title,
        "text": note.source,
        "content_note": note.summary,
        "sensitive": "1" if note.is_sensitive else "",
        "language": note.language,
        "audience": note.audience.value,
        "quoting": chosen_for(note).value,
    }
    return as_change(_composer(Form(values=values), items=items_of(media)), note)


def as_change(composer: Composer, note: Note) -> Composer:
    """Turn a form into one for changing a note."""
    return replace(
        composer,
        kind="edit",
        action=f"{note.page}/edit",
        audiences=(note.audience.value,),
        cancel_url=note.page,
        poll_spans=(),
    )


def as_newcomer(composer: Composer) -> Composer:
    """Offer only what those may choose who have still to confirm their address."""
    return replace(
        composer, audiences=tuple(each for each in composer.audiences if each in FOR_NEWCOMERS)
    )


def saved_again(draft: SavedDraft, media: Sequence[Attachment]) -> Composer:
    """Make the form of a saved draft."""
    values = {
        "draft": str(draft.id),
        "title": draft.title,
        "text": draft.text,
        "tags": draft.tags,
        "content_note": draft.summary,
        "sensitive": "1" if draft.is_sensitive else "",
        "language": draft.language,
        "audience": draft.audience.value,
        "circles": " ".join(str(each) for each in draft.circles or ()),
        "quoting": draft.quoting.value,
        "quote": str(draft.quoted_id or ""),
        "group": str(draft.group_id or ""),
        "flair": f"{draft.group_id}:{draft.flair[0]}" if draft.group_id and draft.flair else "",
        "zone": draft.zone,
        "publish_at": local_time(draft.publish_at, draft.zone) if draft.publish_at else "",
    }
    options: Sequence[str] = ()
    if draft.poll:
        options = draft.poll["options"]
        values["poll_seconds"] = str(draft.poll["seconds"])
        values["poll_multiple"] = "1" if draft.poll["is_multiple"] else ""
    return sent_again(Form(values=values), items_of(media), options=options)


def sent_again(
    form: Form, items: Sequence[MediaItem], *, nudge: str = "", options: Sequence[str] = ()
) -> Composer:
    """Make the form as it was sent, to be looked at once more."""
    more = [""] * (OPTIONS - len(options))
    return _composer(
        form, items=tuple(items), nudge=nudge, options=(*options, *more), poll_spans=_spans()
    )


def items_of(media: Sequence[Attachment]) -> tuple[MediaItem, ...]:
    """Show the uploads of a form, in order."""
    return tuple(item_of(each) for each in media)


def item_of(each: Attachment, error: str = "") -> MediaItem:
    """Show one upload in the form."""
    captions = [own_name(file.language) for file in of_role(each.files, Role.CAPTIONS)]
    return MediaItem(
        each.id,
        media_view(each, is_open=False),
        each.alt,
        each.is_decorative,
        error or (in_their_words(each.failure) if each.failure else ""),
        cell_of(each),
        each.turn,
        written_cut(each),
        each.state.value,
        each.progress,
        each.cover_at,
        tuple(captions),
    )


def written_cut(each: Attachment) -> str:
    """Write which part of a picture is kept, as forms say it; nothing where all of it is."""
    return ",".join(f"{part:.4f}" for part in each.crop) if each.crop else ""


def cell_of(each: Attachment) -> int:
    """Return which of nine cells has the focal point."""
    column = min(range(3), key=lambda number: abs(THIRDS[number] - each.focus_x))
    row = min(range(3), key=lambda number: abs(THIRDS[number] + each.focus_y))
    return 3 * row + column + 1


def focus_of(cell: int) -> tuple[float, float]:
    """Return the focal point of one of nine cells: right and up are positive."""
    row, column = divmod(cell - 1, 3)
    return THIRDS[column], -THIRDS[row] or 0.0


def default_audience(account: Account) -> str:
    """Return who sees a new note of someone, if they do not say."""
    return str(account.preferences.get("audience", Audience.PUBLIC.value))


def default_quoting(account: Account) -> str:
    """Return who may quote a new note of someone, if they do not say."""
    return str(account.preferences.get("quote_policy", Quoting.PUBLIC.value))


def quotings() -> tuple[Choice, ...]:
    """List who may be let quote a note that all may see."""
    return (
        Choice(Quoting.PUBLIC.value, _("Everyone")),
        Choice(Quoting.FOLLOWERS.value, _("Who follows me")),
        Choice(Quoting.NOBODY.value, _("Nobody but me")),
    )


async def with_groups(composer: Composer, account: Account) -> Composer:
    """Offer the groups its author belongs to, and the one that was asked for; an answer is in the
    group of its thread."""
    if composer.reply_to is not None or composer.kind != "new":
        return composer
    chosen = number(composer.form.value("group"))
    mine = await groups_of(account.actor)
    if chosen and chosen not in {each.id for each in mine}:
        mine += await Actor.filter(id=chosen, kind=Kind.GROUP, gone_at=None)
    choices = [Choice(str(each.id), f"{each.display_name} (!{each.handle})") for each in mine]
    groups = (Choice("", _("No group")), *choices) if choices else ()
    return replace(composer, groups=groups, flair=await _flair_of(mine))


async def with_reach(composer: Composer, author: Actor) -> Composer:
    """Say of the audiences that can be counted whom they hold now, and offer the circles."""
    if composer.kind == "edit":
        return composer
    offered = composer.audiences
    chosen = {number(each) or 0 for each in composer.form.value("circles").split()}
    return replace(
        composer,
        honesty=await before_posting(author) if Audience.FOLLOWERS in offered else "",
        mutuals=await of_mutuals(author) if Audience.MUTUALS in offered else "",
        circles=await circle_cards(author, holding=chosen) if Audience.CIRCLE in offered else (),
    )


async def _flair_of(groups: Sequence[Actor]) -> tuple[FlairOf, ...]:
    rows = await Group.filter(actor_id__in=[each.id for each in groups])
    marks = {row.actor_id: names_of(row.flair) for row in rows}
    return tuple(
        FlairOf(
            each.id,
            f"!{each.handle}",
            tuple(Choice(f"{each.id}:{name}", name) for name in marks[each.id]),
        )
        for each in groups
        if marks.get(each.id)
    )


def _composer(form: Form, **more: Any) -> Composer:
    made = Composer(
        form=form,
        most_media=settings().media.max_images,
        most_image_mb=settings().media.max_image_mb,
        most_video_mb=settings().media.max_video_mb,
        audiences=tuple(each.value for each in AUDIENCES),
        languages=languages(),
        most_title=MOST_TITLE,
        most_text=MOST_CHARACTERS,
        quotings=quotings(),
        alt_policy=current().sections.content.alt_text.value,
    )
    return replace(made, **more)


def _answer(note: Note, account: Account) -> dict[str, str]:
    audience = narrowed(Audience(default_audience(account)), note, account.actor)
    return {
        "audience": audience.value,
        "language": _language(),
        "quoting": default_quoting(account),
    }


async def _names(note: Note, account: Account) -> str:
    """Write the handles an answer begins with: the author's, then those the note names."""
    named = await Mention.filter(note_id=note.id, is_silent=False).select_related("actor")
    people = {each.id: each for each in (note.author, *(row.actor for row in named))}
    people.pop(account.actor_id, None)
    return "".join(f"@{each.handle} " for each in people.values())


def _language() -> str:
    """Guess the language of a new note from that of the page."""
    return "zh-CN" if locale() == "zh-Hans" else locale()


def _spans() -> tuple[Choice, ...]:
    return (
        Choice("3600", _("1 hour")),
        Choice(str(6 * 3600), _("6 hours")),
        Choice(str(DAY), _("1 day")),
        Choice(str(3 * DAY), _("3 days")),
        Choice(str(7 * DAY), _("7 days")),
    )


@lru_cache
def languages() -> tuple[Choice, ...]:
    """List languages by their own names."""
    names = {tag: own_name(tag) for tag in OFFERED}
    return tuple(Choice(tag, name) for tag, name in sorted(names.items(), key=lambda each: each[1]))
