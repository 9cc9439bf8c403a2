"""Who may quote a note: the author's policy in our words, in those of the wire, and for a reader.

Asked by the verb going out and by the one coming in alike (PRIV-15). A note that is not open is
quoted by its own author and by nobody else.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from actors.actor import Actor
from core import sql
from federation.read import iris
from federation.vocabulary import PUBLIC, PUBLIC_NAMES
from notes.chosen import CHOSEN
from notes.note import Audience, Note
from notes.visibility import OPEN

CAN_QUOTE = "canQuote"
# Not even by their own author: a quote would tell more people that they exist.
_UNQUOTED = (*CHOSEN, Audience.PEOPLE, Audience.SELF)


class Quoting(StrEnum):
    """Whom an author lets quote a note, in the client API's words."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class Standing(StrEnum):
    """Whether a reader may quote a note, in the client API's words.

    Unknown is what the author's server does not say: it can be asked, and may never answer.
    """

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    DENIED = "denied"
    UNKNOWN = "unknown"


def quoting_policy(author: Actor, quoting: Quoting) -> dict[str, Any]:
    """Write a policy as `interactionPolicy` has it; nobody is the author's id alone."""
    allowed = {
        Quoting.PUBLIC: [PUBLIC],
        Quoting.FOLLOWERS: [author.followers_uri, author.uri],
        Quoting.NOBODY: [author.uri],
    }
    return {CAN_QUOTE: {"automaticApproval": allowed[quoting]}}


def chosen_for(note: Note) -> Quoting:
    """Return what the author of a note of ours chose, whoever may see it; the author is loaded."""
    allowed = _named(note, "automaticApproval", "always")
    if allowed is None or PUBLIC in allowed:
        return Quoting.PUBLIC
    return Quoting.FOLLOWERS if note.author.followers_uri in allowed else Quoting.NOBODY


def policy_for(note: Note) -> dict[str, Any]:
    """Write the policy of a note of ours as it holds: nobody's, where it is not open to all."""
    chosen = chosen_for(note) if note.audience in OPEN else Quoting.NOBODY
    return quoting_policy(note.author, chosen)


def approvals_of(note: Note) -> tuple[list[str], list[str]]:
    """Name who may quote a note at once, and who may ask, in the client API's words."""
    if note.audience not in OPEN:
        return [], []
    if note.is_local:
        chosen = chosen_for(note)
        return ([] if chosen is Quoting.NOBODY else [chosen.value]), []
    automatic = _named(note, "automaticApproval", "always")
    manual = _named(note, "manualApproval", "approvalRequired")
    return _words(note, automatic or ()), _words(note, manual or ())


async def standings(reader: Actor, notes: Sequence[Note]) -> dict[int, Standing]:
    """Tell which of these notes a reader may quote; authors are loaded. Two queries at most.

    It does not ask whether they may see them.
    """
    ties = await _ties(reader, [note for note in notes if _needs_ties(note)])
    return {note.id: _standing(reader, note, ties) for note in notes}


async def standing_of(reader: Actor, note: Note) -> Standing:
    """Tell whether someone may quote one note."""
    return (await standings(reader, [note]))[note.id]


Ties = tuple[frozenset[int], frozenset[int]]


def _standing(reader: Actor, note: Note, ties: Ties) -> Standing:
    if note.author_id == reader.id:
        return Standing.DENIED if note.audience in _UNQUOTED else Standing.AUTOMATIC
    if note.audience not in OPEN:
        return Standing.DENIED
    automatic = _named(note, "automaticApproval", "always")
    manual = _named(note, "manualApproval", "approvalRequired")
    if automatic is None and manual is None:
        return Standing.AUTOMATIC if note.is_local else Standing.UNKNOWN
    if _is_among(reader, note, automatic or (), ties):
        return Standing.AUTOMATIC
    if not note.is_local and _is_among(reader, note, manual or (), ties):
        return Standing.MANUAL
    return Standing.DENIED


def _is_among(reader: Actor, note: Note, allowed: Iterable[str], ties: Ties) -> bool:
    named = set(allowed)
    followed, following = ties
    return (
        PUBLIC in named
        or reader.uri in named
        or (note.author.followers_uri in named and note.author_id in followed)
        or (note.author.following_uri in named and note.author_id in following)
    )


def _needs_ties(note: Note) -> bool:
    named = {
        *(_named(note, "automaticApproval", "always") or ()),
        *(_named(note, "manualApproval", "approvalRequired") or ()),
    }
    return not named.isdisjoint({note.author.followers_uri, note.author.following_uri} - {""})


async def _ties(reader: Actor, notes: Sequence[Note]) -> Ties:
    """Return which of these authors the reader follows, and which follow the reader."""
    authors = sorted({note.author_id for note in notes})
    if not authors:
        return frozenset(), frozenset()
    rows = await sql.rows(
        "SELECT 'to' AS way, followed_id AS id FROM follow WHERE follower_id = ?"  # noqa: S608
        f" AND is_accepted = ? AND followed_id IN ({sql.marks(authors)})"
        " UNION ALL SELECT 'from', follower_id FROM follow WHERE followed_id = ?"
        f" AND is_accepted = ? AND follower_id IN ({sql.marks(authors)})",
        [reader.id, True, *authors, reader.id, True, *authors],
    )
    ways = {way: frozenset(r["id"] for r in rows if r["way"] == way) for way in ("to", "from")}
    return ways["to"], ways["from"]


def _named(note: Note, name: str, older: str) -> list[str] | None:
    """Return who is named in a part of the policy; None where the author says nothing of quotes."""
    policy = note.interaction if isinstance(note.interaction, dict) else {}
    rules = policy.get(CAN_QUOTE)
    if not isinstance(rules, dict):
        return None
    every = ("automaticApproval", "manualApproval", "always", "approvalRequired")
    if not any(iris(rules.get(each)) for each in every):
        return None
    found = iris(rules.get(name, rules.get(older)))
    return [PUBLIC if each in PUBLIC_NAMES else each for each in found]


def _words(note: Note, named: Iterable[str]) -> list[str]:
    known = {
        PUBLIC: "public",
        note.author.followers_uri: "followers",
        note.author.following_uri: "following",
    }
    words = [known.get(each, "unsupported_policy") for each in named if each != note.author.uri]
    return list(dict.fromkeys(words))
