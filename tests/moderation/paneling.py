"""Appeals that wait, and members who may be drawn for panels about them."""

from datetime import timedelta

from actors.accounts import Account
from actors.actor import Actor
from core.clock import now
from moderation import appealing
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.panels import Panel, Seat
from notes.note import Note
from tests.conftest import account_of
from tests.moderation.deciding import appeal_of, decided, taken

LONG_AGO = timedelta(days=90)


async def willing(settle, *names: str) -> list[Actor]:
    """Members of old who agree to be drawn."""
    people = [await settle(name) for name in names]
    ids = [each.id for each in people]
    at = now()
    await Account.filter(actor_id__in=ids).update(
        created_at=at - LONG_AGO, seen_at=at, panels_since=at - LONG_AGO, approved_at=at - LONG_AGO
    )
    return people


async def appealed(reporter: Actor, moderator: Actor, note: Note, **more: object) -> Appeal:
    """An appeal against hiding a note."""
    author = await Actor.get(id=note.author_id)
    case = await taken(reporter, author, moderator, note)
    made = await decided(case, moderator, "hide", note_id=note.id, **more)
    await appealing.file(made, "It was a joke of APPEAL.")
    return await appeal_of(made)


async def fresh(row):
    """A row as it is now."""
    return await type(row).get(pk=row.pk)


async def decision_of(appeal: Appeal) -> Decision:
    return await Decision.get(id=appeal.decision_id)


async def sitting(panel: Panel) -> list[Account]:
    """The accounts of those who hold a seat, in the order in which they were asked."""
    seats = (
        await Seat.filter(panel_id=panel.id, is_held=True).order_by("id").select_related("actor")
    )
    return [await account_of(each.actor) for each in seats]
