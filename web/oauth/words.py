"""Scopes in words: what an app would be able to do, as its person reads it."""

from collections.abc import Iterable

from web.texts import Lazy, lazy

WORDS: dict[str, Lazy] = {
    "profile": lazy("see your name and picture"),
    "read": lazy("read everything of your account"),
    "write": lazy("change everything of your account, and write for you"),
    "follow": lazy("follow, block and mute people for you"),
    "push": lazy("send you push messages"),
    "admin:read": lazy("read what moderators and admins see"),
    "admin:write": lazy("do what moderators and admins do"),
    "read:accounts": lazy("read your profile and account"),
    "read:blocks": lazy("see whom you block"),
    "read:bookmarks": lazy("read your bookmarks"),
    "read:collections": lazy("see your collections"),
    "read:favourites": lazy("see what you like"),
    "read:filters": lazy("see your filters"),
    "read:follows": lazy("see whom you follow"),
    "read:lists": lazy("see your lists"),
    "read:mutes": lazy("see whom you mute"),
    "read:notifications": lazy("read your notifications"),
    "read:search": lazy("search for you"),
    "read:statuses": lazy("read all notes that you can see"),
    "write:accounts": lazy("change your profile"),
    "write:blocks": lazy("block people and servers"),
    "write:bookmarks": lazy("keep and drop bookmarks"),
    "write:collections": lazy("change your collections"),
    "write:conversations": lazy("mute and delete conversations"),
    "write:favourites": lazy("like notes for you"),
    "write:filters": lazy("change your filters"),
    "write:follows": lazy("follow people for you"),
    "write:lists": lazy("change your lists"),
    "write:media": lazy("upload pictures and videos"),
    "write:mutes": lazy("mute people and conversations"),
    "write:notifications": lazy("clear your notifications"),
    "write:reports": lazy("report others for you"),
    "write:statuses": lazy("publish notes for you"),
}


def said(scopes: Iterable[str]) -> tuple[str, ...]:
    """Say what scopes allow, each thing once; a scope of staff is said as its whole."""
    names = (each if each in WORDS else ":".join(each.split(":")[:2]) for each in scopes)
    return tuple(dict.fromkeys(str(WORDS[each]) for each in names if each in WORDS))
