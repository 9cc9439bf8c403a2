"""Who may see a note: the one function that every page, document, list and alert asks.

`may_see` answers for one note, `visible_to` for many with a fixed number of queries; both are the
same rule (security.md 13). A viewer is a local or remote actor, or nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actors.actor import Actor
from actors.blocks import Apart, apart_from
from core import sql
from notes.note import Audience, Note

OPEN = (Audience.PUBLIC, Audience.QUIET)
HERE = (*OPEN, Audience.SERVER)
# Nobody sees one of the second who does not see the first. Followers may be elsewhere, and members
# here need not follow, nor those of a group: of these three, none is the narrower. Mutuals and
# circles are counted out, and whoever does not see the first is left out of them (notes/chosen.py).
_FEW = frozenset({Audience.PEOPLE, Audience.SELF})
_SOME = _FEW | {Audience.MUTUALS, Audience.CIRCLE}
_HOLDS = {
    Audience.PUBLIC: frozenset(Audience),
    Audience.QUIET: frozenset(Audience) - {Audience.PUBLIC},
    Audience.FOLLOWERS: _SOME | {Audience.FOLLOWERS},
    Audience.SERVER: _SOME | {Audience.SERVER},
    Audience.MUTUALS: _SOME,
    Audience.CIRCLE: _FEW | {Audience.CIRCLE},
    Audience.MEMBERS: _FEW | {Audience.MEMBERS},
    Audience.PEOPLE: _FEW,
    Audience.SELF: frozenset({Audience.SELF}),
}
NOBODY = Apart()


@dataclass(frozen=True)
class Viewpoint:
    """What decides for one viewer: whether they live here, whom they follow, what is addressed to
    them, which groups they belong to, who blocks."""

    viewer_id: int | None
    is_member: bool = False
    apart: Apart = NOBODY
    followed: frozenset[int] = frozenset()
    addressed: frozenset[int] = frozenset()
    inside: frozenset[int] = frozenset()

    def sees(self, note: Note) -> bool:
        """Answer from the note's own row; `note.author` must be loaded."""
        if note.deleted_at is not None or note.hidden_at is not None:
            return False
        if not note.author.is_present or (note.adults_at is not None and self.viewer_id is None):
            return False
        if self.viewer_id is not None and note.author_id == self.viewer_id:
            return True
        if note.held_at is not None or note.author in self.apart:
            return False
        if note.audience == Audience.SERVER:
            return self.is_member
        if note.audience == Audience.SELF:
            return False
        if note.audience == Audience.MEMBERS:
            # Naming somebody brings nobody into a closed group, and leaving it ends the sight.
            return note.group_id in self.inside
        if note.audience in OPEN or note.id in self.addressed:
            return True
        return note.audience == Audience.FOLLOWERS and note.author_id in self.followed


def narrower(one: Audience, other: Audience) -> Audience:
    """Return whom both are for: notes are narrowed, and never widened (PRIV-05)."""
    if one in _HOLDS[other]:
        return one
    return other if other in _HOLDS[one] else Audience.PEOPLE


async def viewpoint(viewer: Actor | None, notes: Sequence[Note]) -> Viewpoint:
    """Gather what is needed to judge these notes: four queries at most, none for a stranger."""
    if viewer is None or not viewer.is_present:
        return Viewpoint(None)
    apart = await apart_from(viewer)
    narrow = [note for note in notes if note.audience not in OPEN]
    followed = await _followed(viewer.id, {note.author_id for note in narrow})
    addressed = await _addressed(viewer.id, {note.id for note in narrow})
    inside = await _inside(viewer.id, {note.group_id for note in narrow if note.group_id})
    return Viewpoint(viewer.id, viewer.is_local, apart, followed, addressed, inside)


async def visible_to(viewer: Actor | None, notes: Sequence[Note]) -> list[Note]:
    """Keep the notes this viewer may see, in their order; authors must be loaded.

    A boost is seen when both it and the note it boosts are (then `boost_of` must be loaded too).
    """
    boosted = [note.boost_of for note in notes if note.boost_of_id is not None and note.boost_of]
    view = await viewpoint(viewer, [*notes, *boosted])
    return [note for note in notes if _sees_whole(view, note)]


async def may_see(viewer: Actor | None, note: Note) -> bool:
    """Answer for one note; its author must be loaded."""
    return bool(await visible_to(viewer, [note]))


def _sees_whole(view: Viewpoint, note: Note) -> bool:
    if not view.sees(note):
        return False
    return note.boost_of_id is None or (note.boost_of is not None and view.sees(note.boost_of))


async def _followed(viewer_id: int, authors: set[int]) -> frozenset[int]:
    return await _among(
        "SELECT followed_id AS id FROM follow WHERE follower_id = ? AND is_accepted = ?"
        " AND followed_id IN",
        [viewer_id, True],
        authors,
    )


async def _inside(viewer_id: int, groups: set[int]) -> frozenset[int]:
    """Return which of these groups a viewer belongs to, or is one of: a group reads what is in
    it."""
    member_of = await _among(
        "SELECT group_id AS id FROM membership WHERE person_id = ? AND state = 'member'"
        " AND group_id IN",
        [viewer_id],
        groups,
    )
    return member_of | ({viewer_id} & groups)


async def _addressed(viewer_id: int, notes: set[int]) -> frozenset[int]:
    return await _among(
        "SELECT note_id AS id FROM mention WHERE actor_id = ? AND note_id IN", [viewer_id], notes
    )


async def _among(statement: str, values: list[object], wanted: Iterable[int]) -> frozenset[int]:
    ids = list(wanted)
    if not ids:
        return frozenset()
    found = await sql.rows(f"{statement} ({sql.marks(ids)})", [*values, *ids])
    return frozenset(row["id"] for row in found)
