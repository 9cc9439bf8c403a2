"""The rule of notes/visibility.py once more, as a condition for lists.

A list must not count, page or stop at what its reader may not see, so it asks the database; what
comes back still goes through `visible_to`. A test holds the two against each other.
"""

from actors.actor import Actor
from actors.blocks import covers

PRESENT = (
    "{0}.suspended_at IS NULL AND {0}.gone_at IS NULL AND NOT {0}.is_kept_out"
    " AND {0}.is_withdrawn = ?"
)

OPEN = "('public', 'quiet')"
OPEN_HERE = "('public', 'quiet', 'server')"

Condition = tuple[str, list[object]]


def seen_by(viewer: Actor | None, *, note: str = "n", author: str = "a") -> Condition:
    """Say when a viewer may see a note; `note` and `author` are names of joined tables."""
    there = f"{note}.deleted_at IS NULL AND {note}.hidden_at IS NULL AND {PRESENT.format(author)}"
    if viewer is None or not viewer.is_present:
        open_to_all = (
            f"{note}.held_at IS NULL AND {note}.adults_at IS NULL AND {note}.audience IN {OPEN}"
        )
        return f"{there} AND {open_to_all}", [False]
    number = viewer.id
    audiences = OPEN_HERE if viewer.is_local else OPEN
    hidden = "'members', 'self'" if viewer.is_local else "'members', 'self', 'server'"
    named = f" AND {note}.audience NOT IN ({hidden})"
    servers, hosts = _no_server_between(viewer, author)
    text = (
        f"{there} AND ({note}.author_id = ? OR ({note}.held_at IS NULL"  # noqa: S608  constants
        f" AND {note}.author_id NOT IN (SELECT blocked_id FROM block WHERE blocker_id = ?"
        f" UNION SELECT blocker_id FROM block WHERE blocked_id = ?){servers}"
        f" AND ({note}.audience IN {audiences}"
        f" OR EXISTS (SELECT 1 FROM mention WHERE note_id = {note}.id AND actor_id = ?{named})"
        f" OR ({note}.audience = 'followers' AND EXISTS (SELECT 1 FROM follow"
        f" WHERE follower_id = ? AND followed_id = {note}.author_id AND is_accepted = ?))"
        f" OR ({note}.audience = 'members' AND ({note}.group_id = ? OR EXISTS (SELECT 1"
        f" FROM membership WHERE person_id = ? AND group_id = {note}.group_id"
        " AND state = 'member'))))))"
    )
    values = [False, number, number, number, *hosts, number, number, True, number, number]
    return text, values


def _no_server_between(viewer: Actor, author: str) -> Condition:
    """Say that neither blocks the server of the other; only people here block servers."""
    text = " AND NOT EXISTS (SELECT 1 FROM server_block s WHERE s.blocker_id = ? AND {})"
    if viewer.is_local:
        return text.format(covers(f"{author}.host")), [viewer.id]
    theirs = text.replace("?", f"{author}.id").format(covers("?"))
    return theirs, [viewer.host, viewer.host]


def seen_whole(viewer: Actor | None) -> Condition:
    """The same for a list with boosts: `n` by `a` is the row, `b` by `o` what it boosts."""
    own, values = seen_by(viewer)
    boosted, more = seen_by(viewer, note="b", author="o")
    return f"{own} AND (n.boost_of_id IS NULL OR ({boosted}))", [*values, *more]
