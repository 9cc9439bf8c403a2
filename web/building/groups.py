"""Groups → cards in lists, the heads of their pages, and what waits in them."""

from collections.abc import Sequence
from dataclasses import replace

from actors.actor import Actor
from actors.group_lists import may_see_members
from actors.groups import Entry, Group, may_post, may_see_group, settings_of
from actors.memberships import (
    Membership,
    Role,
    membership_of,
    moderators_of,
    standing_in,
)
from actors.remote_groups import was_refused
from core import sql
from core.html import shown
from moderation.languages import said_in
from moderation.policy import current
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.remote_faces import HEADER
from web.building.media import face_url
from web.building.people import notice_of, person_card
from web.building.threads_in_groups import colours_of
from web.render import query
from web.texts import locale
from web.views.groups import GroupCard, GroupPage, MemberRow, Officer, WaitingNote
from web.views.notes import Mark

MOST_WAITING = 50


async def group_cards(groups: Sequence[Actor], viewer: Actor | None) -> tuple[GroupCard, ...]:
    """Make cards of groups: two queries, however many they are."""
    standing = await standing_in(viewer, groups) if viewer and groups else {}
    rows = await Group.filter(actor_id__in=[each.id for each in groups])
    chosen = {row.actor_id: row for row in rows}
    return tuple(
        GroupCard(
            card=person_card(each, about=True),
            members=max(each.followers_count, 0),
            state=_state(standing.get(each.id)),
            sees=chosen[each.id].see.value if each.id in chosen else "everyone",
            can_join=viewer is not None,
        )
        for each in groups
    )


async def group_page(group: Actor, viewer: Actor | None) -> GroupPage:
    """Make the head of a group's page."""
    chosen = await settings_of(group)
    row = await membership_of(viewer, group) if viewer else None
    runs = bool(row and row.runs and group.is_local)
    answer = await may_post(group, viewer) if viewer else None
    head = GroupPage(
        card=person_card(group),
        full_handle=f"!{group.full_handle}",
        about=shown(group.about),
        members=max(group.followers_count, 0),
        joins=chosen.join.value,
        sees=chosen.see.value,
        posts=chosen.post.value,
        banner=face_url(group, HEADER),
        banner_alt=group.header_alt,
        rules=_rules(chosen),
        moderators=tuple(_officer(each) for each in await moderators_of(group)),
        flair=tuple(
            Mark(name, colour, query(group.page, flair=name))
            for name, colour in colours_of(chosen).items()
        ),
        is_local=group.is_local,
        can_see_members=await may_see_members(group, viewer),
        record_url=f"{group.page}/record" if group.is_local else "",
        is_asleep=chosen.asleep_at is not None,
        is_restricted=group.read_only_at is not None,
        closes=chosen.closes_at.date() if chosen.closes_at else None,
        language=chosen.language,
        state=_state(row),
        is_owner=bool(row and row.runs and row.role is Role.OWNER),
        runs=runs,
        waiting=await _waiting(group) if runs else 0,
        reason=row.reason if row and not row.is_member else "",
        is_refused=row is not None and was_refused(row),
        until=row.until.date() if row and row.is_banned and row.until else None,
        can_post=answer is not None and answer.entry is not Entry.REFUSED,
        is_hidden=not await may_see_group(group, viewer),
        remote_url="" if group.is_local else (group.url or group.uri),
        document_url=group.uri if group.is_local else "",
    )
    return head if group.is_present else await _withheld(head, group)


async def _withheld(head: GroupPage, group: Actor) -> GroupPage:
    """Leave of a suspended group its name, and what was decided."""
    return replace(
        head,
        card=replace(head.card, avatar=""),
        about=shown(""),
        banner="",
        rules=(),
        flair=(),
        can_post=False,
        is_hidden=True,
        suspended=await notice_of(group),
    )


async def waiting_notes(group: Actor) -> tuple[WaitingNote, ...]:
    """List the notes that wait to be let in, the longest waiting first."""
    posts = GroupPost.filter(group_id=group.id, standing=Standing.PENDING).order_by("id")
    rows = await posts.limit(MOST_WAITING)
    found = await Note.filter(id__in=[row.note_id for row in rows], deleted_at=None).select_related(
        "author"
    )
    notes = {each.id: each for each in found if each.author.is_present}
    return tuple(
        WaitingNote(
            id=row.note_id,
            author=person_card(notes[row.note_id].author),
            html=shown(notes[row.note_id].content),
            came=row.created_at,
            title=notes[row.note_id].title,
        )
        for row in rows
        if row.note_id in notes
    )


def member_rows(
    rows: Sequence[Membership], group: Actor, *, is_staff: bool
) -> tuple[MemberRow, ...]:
    """Show who stands how in a group; those who run it are led on to what they may do."""
    return tuple(
        MemberRow(
            card=person_card(row.person, about=True),
            role=row.role.value,
            since=row.since.date(),
            until=row.until.date() if row.until else None,
            reason=row.reason,
            desk_url=f"{group.page}/members/{row.person_id}" if is_staff else "",
        )
        for row in rows
    )


def _officer(row: Membership) -> Officer:
    until = row.until.date() if row.until else None
    return Officer(person_card(row.person), row.role.value, row.since.date(), until)


def _state(row: Membership | None) -> str:
    if row is None or (row.state == "banned" and not row.is_banned):
        return ""
    return row.state.value


def _rules(chosen: Group) -> tuple[str, ...]:
    """Return the group's own rules in the reader's language, or in one that it has."""
    by_language = chosen.rules if isinstance(chosen.rules, dict) else {}
    if not by_language:
        return ()
    lines = {key: "\n".join(each) for key, each in by_language.items() if isinstance(each, list)}
    return tuple(said_in(lines, locale(), current().sections.language).text.splitlines())


async def _waiting(group: Actor) -> int:
    rows = await sql.rows(
        "SELECT (SELECT COUNT(*) FROM membership WHERE group_id = ? AND state = 'asked')"
        " + (SELECT COUNT(*) FROM group_post WHERE group_id = ? AND standing = 'pending') AS many",
        [group.id, group.id],
    )
    return int(rows[0]["many"])
