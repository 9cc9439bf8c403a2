"""A group of ours passes on what is said in it: to each server that follows it, once (FEP-1b12)."""

from dataclasses import replace
from typing import Any

from actors.actor import Actor
from actors.aware import ON_AWARE
from actors.groups import RemoteMembers, settings_of
from core import sql
from core.clock import now
from federation.vocabulary import PUBLIC
from federation.write import write
from notes.interaction import Act, permits
from notes.note import Audience, Note
from notes.visibility import OPEN
from outbox.addresses import activity_uri, is_open
from outbox.announce import boost
from outbox.deliver import BULK, FIRM, Reach, send_out
from outbox.letters import Address, write_letters
from outbox.sent import Sent

BATCH = 500


async def pass_on_activity(
    group: Actor, activity: dict[str, Any], note: Note, *, uri: str, among_groups: bool = False
) -> None:
    """Announce an activity about a note as it came, also to its author's own server: Lemmy shows a
    post as waiting until it comes back. Done once for each `uri`."""
    if note.audience == Audience.SERVER:
        return
    reach = Reach(
        followers_of=group,
        actors=[] if among_groups else [note.author],
        among_groups=among_groups,
    )
    key = key_of(group, note)
    await pass_on(group, activity, uri=uri, key=key, is_for_all=is_open(note), reach=reach)


async def pass_on(
    group: Actor,
    activity: dict[str, Any],
    *,
    uri: str,
    key: str,
    is_for_all: bool,
    reach: Reach,
) -> None:
    """Announce an activity as it is; done once for each `uri`.

    What is for members goes to servers alone that keep it to them, and where a group has no members
    elsewhere nowhere (product.md 5.1).
    """
    if not is_for_all:
        if (await settings_of(group)).remote_members is RemoteMembers.NONE:
            return
        reach = replace(reach, among_aware=True)
    announce = write(
        "Announce",
        id=uri,
        actor=group.uri,
        object=activity,
        to=[PUBLIC] if is_for_all else [group.followers_uri],
        cc=[group.followers_uri] if is_for_all else [],
        audience=group.uri,
        published=now(),
    )
    await send_out(announce, group, reach, key=key, is_public=is_for_all)


async def bring_to_others(group: Actor, note: Note, uri: str) -> None:
    """Bring what somebody here said in a closed group to members on other servers, to each alone.

    They can read only what its own author signs, so nothing of others goes there; a group that
    takes members from servers that keep it to them has nobody else. Call in a transaction.
    """
    is_for_any = (await settings_of(group)).remote_members is RemoteMembers.ANY
    sent = await Sent.get_or_none(uri=uri)
    if note.audience != Audience.MEMBERS or not is_for_any or sent is None:
        return
    after = 0
    while found := await sql.rows(
        "SELECT m.id AS place, a.id AS id, a.inbox AS inbox FROM membership m"  # noqa: S608
        " JOIN actor a ON a.id = m.person_id WHERE m.group_id = ? AND m.state = 'member'"
        " AND a.local_name IS NULL AND a.gone_at IS NULL AND a.suspended_at IS NULL"
        f" AND NOT{ON_AWARE} AND m.id > ? ORDER BY m.id LIMIT ?",
        [group.id, after, BATCH],
    ):
        await write_letters(sent, [Address(row["inbox"], row["id"]) for row in found], lane=BULK)
        after = found[-1]["place"]


def key_of(group: Actor, note: Note) -> str:
    """Name what must stay in order of all that a group passes on: what is about one note."""
    return f"{group.uri} {note.uri}"


async def show_thread(group: Actor, note: Note) -> bool:
    """Boost a new thread for microblogs; False where its author lets nobody boost it, or it is not
    for all."""
    if note.audience not in OPEN or not await permits(note, group, Act.BOOST):
        return False
    await boost(group, note)
    return True


async def hide_thread(group: Actor, note: Note) -> None:
    """Take the boost of a thread back that was deleted: without this it would stay at Mastodon."""
    boosts = Sent.filter(actor_id=group.id, kind="Announce", object_uri=note.uri)
    for sent in await boosts:
        undo = write(
            "Undo",
            id=f"{sent.uri}/undo",
            actor=group.uri,
            object=bare(sent.document()),
            to=[PUBLIC],
            cc=[group.followers_uri],
        )
        await send_out(undo, group, Reach(followers_of=group), key=sent.uri)


async def decline(group: Actor, author: Actor, create: str, *, reason: str) -> None:
    """Tell who posted in a group, and their server, that it was not let in, and why."""
    reject = write(
        "Reject",
        id=activity_uri(),
        actor=group.uri,
        object=create,
        to=[author.uri],
        summary=reason,
        audience=group.uri,
    )
    await send_out(reject, group, Reach(actors=[author], personal=True), lane=FIRM, key=create)


def bare(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of ours as it is embedded in another: without context and proof."""
    return {key: each for key, each in document.items() if key not in ("@context", "proof")}
