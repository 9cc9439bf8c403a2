"""Actors → people wherever they are named, and the heads of their pages."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from actors.actor import Actor
from actors.blocks import covers, muted_by
from actors.emojis import paths_of
from core import sql
from core.emojis import with_emojis
from core.html import shown
from core.names import shortened
from core.plain import text_of
from moderation.decisions import Decision
from moderation.record import shown_about
from moderation.states import DecisionState
from moderation.vocabulary import Measure
from notes.remote_faces import HEADER
from web.building.media import face_url
from web.building.policy import rule_view
from web.views.people import Notice, PersonCard, PersonPage, ProfileField, Relation

LINE = 140


def person_card(
    actor: Actor, relation: Relation | None = None, *, about: bool = False
) -> PersonCard:
    """Show a person; `about` adds a line of what they say of themselves."""
    is_gone = actor.gone_at is not None
    line = " ".join(text_of(actor.about[: 8 * LINE]).split()) if about and not is_gone else ""
    return PersonCard(
        id=actor.id,
        name=actor.title,
        handle=f"{'!' if actor.is_group else '@'}{actor.handle}",
        url=actor.page,
        avatar="" if is_gone else face_url(actor),
        about=shortened(line, LINE),
        is_remote=not actor.is_local,
        is_group=actor.is_group,
        is_bot=actor.is_bot,
        is_locked=actor.is_locked,
        is_gone=is_gone,
        relation=relation,
        emojis=tuple(paths_of(actor.emojis).items()) if ":" in actor.title else (),
    )


async def people_cards(actors: Sequence[Actor], viewer: Actor | None) -> tuple[PersonCard, ...]:
    """Show people in a list, each with what is between them and the viewer."""
    ties = await relations(viewer, actors)
    return tuple(person_card(each, ties.get(each.id), about=True) for each in actors)


async def relations(viewer: Actor | None, actors: Iterable[Actor]) -> dict[int, Relation]:
    """Tell what is between the viewer and these people: four queries, none for a visitor."""
    ids = {each.id for each in actors}
    if viewer is None or not ids:
        return {}
    people = sql.marks(ids)
    asked = await sql.rows(
        "SELECT followed_id, is_accepted FROM follow WHERE follower_id = ?"  # noqa: S608
        f" AND followed_id IN ({people})",
        [viewer.id, *ids],
    )
    followers = await sql.rows(
        "SELECT follower_id FROM follow WHERE followed_id = ? AND is_accepted = ?"  # noqa: S608
        f" AND follower_id IN ({people})",
        [viewer.id, True, *ids],
    )
    blocks = await sql.rows(
        "SELECT blocked_id AS id, '' AS host FROM block"  # noqa: S608  question marks
        f" WHERE blocker_id = ? AND blocked_id IN ({people})"
        " UNION ALL SELECT a.id, s.host FROM actor a JOIN server_block s"
        f" ON s.blocker_id = ? AND {covers('a.host')} WHERE a.id IN ({people})",
        [viewer.id, *ids, viewer.id, *ids],
    )
    return _ties(
        viewer,
        ids,
        {row["followed_id"]: bool(row["is_accepted"]) for row in asked},
        {row["follower_id"] for row in followers},
        {row["id"] for row in blocks if not row["host"]},
        {row["id"] for row in blocks if row["host"]},
        await muted_by(viewer.id),
    )


def _ties(
    viewer: Actor,
    ids: Iterable[int],
    followed: dict[int, bool],
    followers: Collection[int],
    blocks: Collection[int],
    server_blocks: Collection[int],
    mutes: Collection[int],
) -> dict[int, Relation]:
    return {
        number: Relation(
            is_me=number == viewer.id,
            following=followed.get(number) is True,
            requested=followed.get(number) is False,
            followed_by=number in followers,
            muting=number in mutes,
            blocking=number in blocks,
            blocking_server=number in server_blocks,
        )
        for number in ids
    }


async def person_page(actor: Actor, viewer: Actor | None) -> PersonPage:
    """Show the head of a profile; a suspended person's words and pictures are not shown."""
    tie = (await relations(viewer, [actor])).get(actor.id)
    card = person_card(actor, tie)
    is_me = viewer is not None and viewer.id == actor.id
    page = PersonPage(
        card=card,
        full_handle=f"{'!' if actor.is_group else '@'}{actor.full_handle}",
        about=shown(""),
        remote_url="" if actor.is_local else (actor.url or actor.uri),
        document_url=actor.uri if actor.is_local else "",
    )
    if not actor.is_present:
        return replace(page, card=replace(card, avatar=""), suspended=await notice_of(actor))
    knows = is_me or not actor.hides_follows
    return replace(
        page,
        about=with_emojis(shown(actor.about), paths_of(actor.emojis)),
        banner=face_url(actor, HEADER),
        banner_alt=actor.header_alt,
        fields=_fields(actor),
        notes=max(actor.notes_count, 0),
        followers=max(actor.followers_count, 0) if knows else None,
        following=max(actor.following_count, 0) if knows else None,
        joined=actor.created_at.date(),
        moved_to=await _moved_to(actor),
    )


def _fields(actor: Actor) -> tuple[ProfileField, ...]:
    return tuple(
        ProfileField(each["name"], shown(each["value"]), bool(each.get("verified_at")))
        for each in actor.facts
    )


async def notice_of(actor: Actor) -> Notice | None:
    """Say since when and why someone is not shown; of what their own server decided, only when.

    The reason and the entry are told once the public record shows them.
    """
    moment = actor.suspended_at or actor.fetched_at
    notice = Notice(decided_on=moment.date()) if moment else None
    standing = Decision.filter(
        actor_id=actor.id,
        note_id=None,
        measure__in=[Measure.SUSPEND, Measure.CLOSE_ACCOUNT, Measure.CLOSE_GROUP],
        state=DecisionState.IN_FORCE,
    )
    decision = await standing.order_by("-id").first() if actor.suspended_at else None
    entry = (await shown_about([decision.id])).get(decision.id) if decision else None
    if notice is None or decision is None or entry is None:
        return notice
    rule = rule_view(decision.rule_id) if decision.rule_id else None
    return replace(
        notice,
        decided_on=entry.issued_at.date(),
        until=decision.until.date() if decision.until else None,
        rule=f"{rule.number}. {rule.title}" if rule else decision.law,
        rule_url=rule.url if rule else "",
        reason=str(dict(entry.document).get("facts_summary") or ""),
        record_url=f"/record/{entry.id}",
    )


async def _moved_to(actor: Actor) -> PersonCard | None:
    if not actor.moved_to:
        return None
    found = await Actor.get_or_none(uri=actor.moved_to)
    return person_card(found) if found and found.is_present else None
