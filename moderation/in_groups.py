"""What measures inside a group do, how each is undone, and how others hear of it: those of its own
moderators, and that the server puts somebody out of it.

Only groups that live here decide here; `undo` of a decision keeps the act as it went out, so that
it can be taken back, and who did so last (federation.md 10.4).
"""

from typing import Any

from actors.actor import Actor
from actors.follows import follow_between
from actors.memberships import Membership, State, ban, moderators_of, runs, stand
from moderation.decisions import Decision, is_hidden_by_decision
from moderation.on_notes import note_of
from moderation.states import DecisionState, Scope
from moderation.vocabulary import Measure
from notes.group_marks import settle_lock, settle_pin
from notes.group_posts import GroupPost, Standing
from notes.hiding import hide, show_again
from notes.note import Note
from notes.removal import remove_boost
from outbox.accept import reject
from outbox.group_rulings import Ruling, rule_here, spread_ruling, take_back
from outbox.spread import hide_thread, show_thread


async def group_of(decision: Decision) -> Actor:
    """Return the group whose moderators decided."""
    return await Actor.get(id=decision.group_id)


async def take_out(decision: Decision) -> None:
    """Take a note out of a group and out of sight; its words are kept, should it come back."""
    note, group = await note_of(decision), await group_of(decision)
    if note is None:
        return
    values = {
        "group_id": group.id,
        "standing": Standing.REMOVED,
        "reason": decision.explanation[:500],
        "by_id": decision.drafted_by_id,
    }
    await GroupPost.update_or_create(note_id=note.id, defaults=values)
    await settle_pin(note, group, is_pinned=False)
    if boost := await Note.get_or_none(author_id=group.id, boost_of_id=note.id):
        await remove_boost(boost)
    await hide(note)
    await _say(decision, group, Ruling("Delete", note.uri, concerned=[note.author]))
    await hide_thread(group, note)


async def put_back(decision: Decision) -> None:
    """Let a removed note stand in its group again, and boost its thread anew."""
    note, group = await note_of(decision), await group_of(decision)
    if note is None or decision.note_id is None:
        return
    removed = GroupPost.filter(note_id=note.id, standing=Standing.REMOVED)
    if note.in_reply_to_uri:
        await removed.delete()
    else:
        await removed.update(standing=Standing.ACCEPTED, reason="", by_id=None)
    await _unsay(decision, group, note.author)
    if await is_hidden_by_decision(decision.note_id, but=decision.id):
        return
    await show_again(note)
    if not note.in_reply_to_uri and group.is_present:
        await show_thread(group, note)


async def lock(decision: Decision) -> None:
    """Close a thread, or what is below a comment, to answers."""
    note, group = await note_of(decision), await group_of(decision)
    if note is not None:
        await settle_lock(note, group, is_locked=True, reason=decision.explanation)
        await _say(decision, group, Ruling("Lock", note.uri, concerned=[note.author]))


async def unlock(decision: Decision) -> None:
    """Let it be answered again."""
    note, group = await note_of(decision), await group_of(decision)
    if note is not None:
        await settle_lock(note, group, is_locked=False)
        await _unsay(decision, group, note.author)


async def put_out(decision: Decision) -> None:
    """Keep somebody out of the group, until an end or for good; their follow ends as well."""
    person, group = await Actor.get(id=decision.actor_id), await group_of(decision)
    reason, by_id = decision.explanation, decision.drafted_by_id
    await ban(person, group, reason=reason, until=decision.until, by_id=by_id)
    if follow := await follow_between(person, group):
        await reject(follow.uri, person, group, reason=decision.explanation)
    more = {"removeData": True} if dict(decision.undo).get("with_notes") else {}
    await _say(
        decision,
        group,
        Ruling("Block", person.uri, target=group.uri, concerned=[person], more=more),
    )


async def let_back(decision: Decision) -> None:
    """Let somebody join again; that a ban has run out, others know from its end."""
    person, group = await Actor.get(id=decision.actor_id), await group_of(decision)
    if await _is_kept_out(decision):
        return
    row = await Membership.get_or_none(person_id=person.id, group_id=group.id)
    if row is not None and row.state is State.BANNED:
        await stand(person.id, group.id, State.LEFT)
    if decision.state is not DecisionState.EXPIRED:
        await _unsay(decision, group, person)


async def _is_kept_out(decision: Decision) -> bool:
    """Tell whether another decision, of the group or of the server, keeps them out as well."""
    others = Decision.filter(
        actor_id=decision.actor_id,
        group_id=decision.group_id,
        measure=Measure.LEAVE_GROUP,
        state=DecisionState.IN_FORCE,
    )
    return await others.exclude(id=decision.id).exists()


async def _say(decision: Decision, group: Actor, ruling: Ruling) -> None:
    """Have the group pass on what a moderator elsewhere brought, or what one here decided."""
    kept: dict[str, Any] = dict(decision.undo)
    if act := kept.pop("brought", None):
        await spread_ruling(group, act, ruling.uri, ruling.concerned)
    else:
        by = await _speaker(decision, decision.drafted_by_id, group)
        act = await rule_here(group, by, _whole(decision, ruling))
    decision.undo = kept | {"act": act}


def _whole(decision: Decision, ruling: Ruling) -> Ruling:
    return Ruling(
        ruling.verb,
        ruling.about,
        target=ruling.target,
        reason=reason_line(decision),
        until=decision.until,
        concerned=ruling.concerned,
        more=ruling.more,
    )


def reason_line(decision: Decision) -> str:
    """Write a reason in one line that begins with the rule of the group, as others show it."""
    words = " ".join(decision.explanation.split())
    rule = dict(decision.seen).get("charter")
    return f"Rule {rule['number']} ({rule['text']}): {words}" if rule else words


async def _unsay(decision: Decision, group: Actor, concerned: Actor) -> None:
    kept: dict[str, Any] = dict(decision.undo)
    if not group.is_present or not kept.get("act"):
        return
    about = str(dict(kept["act"]).get("object", ""))
    if undo := kept.pop("brought_back", None):
        await spread_ruling(group, undo, about, [concerned])
    else:
        wanted = kept.get("taken_back_by") or decision.drafted_by_id
        by = await _speaker(decision, wanted, group)
        reason = " ".join(decision.lifted_because.split())
        await take_back(group, by, kept["act"], reason=reason, concerned=[concerned])
    decision.undo = kept


async def _speaker(decision: Decision, wanted: int, group: Actor) -> Actor:
    """Return who says it: who decided, if they live here and run the group; else who owns it; and
    of what the server decided the group itself."""
    if decision.scope is Scope.SERVER:
        return group
    actor = await Actor.get(id=wanted)
    if actor.is_local and actor.is_present and await runs(actor, group):
        return actor
    here = [row.person for row in await moderators_of(group) if row.person.is_local]
    return here[0] if here else group
