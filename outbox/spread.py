"""A group of ours passes on what is said in it: to each server that follows it, once (FEP-1b12)."""

from typing import Any

from actors.actor import Actor
from core.clock import now
from federation.vocabulary import PUBLIC
from federation.write import write
from notes.interaction import Act, permits
from notes.note import Audience, Note
from notes.visibility import OPEN
from outbox.addresses import activity_uri, is_open
from outbox.announce import boost
from outbox.deliver import FIRM, Reach, send_out
from outbox.sent import Sent


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
    """Announce an activity as it is; done once for each `uri`."""
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
