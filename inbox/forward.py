"""Passing replies on to our author's followers, who could not know of them (ActivityPub 7.1.2)."""

import msgspec

from actors.actor import Actor
from federation.activity import Activity
from notes.note import Note
from outbox.deliver import Reach, pass_on


async def forward(activity: Activity, note: Note) -> None:
    """Pass a stranger's activity on unchanged, when it answers a note of ours and is addressed to
    that author's followers; only what is open goes on (PRIV-04)."""
    if note.author.is_local or not activity.is_public or note.in_reply_to_id is None:
        return
    parent = await Note.get(id=note.in_reply_to_id).select_related("author")
    author = parent.author
    if not author.is_local or not _is_addressed(activity, author):
        return
    await pass_on(
        msgspec.json.encode(activity.document), author, Reach(followers_of=author), uri=activity.id
    )


def _is_addressed(activity: Activity, author: Actor) -> bool:
    return author.followers_uri in (*activity.to, *activity.cc, *activity.audience)
