"""Letters that come in another order than they were written in."""

import pytest

from actors.blocks import Block
from actors.follows import Follow
from moderation.reports import Report
from notes.reactions import Like
from outbox.create import publish
from outbox.draft import Draft
from tests.walks.people import known, say


@pytest.mark.parametrize(
    ("kind", "table"), [("Follow", Follow), ("Block", Block), ("Like", Like), ("Flag", Report)]
)
async def test_what_was_undone_before_it_came_has_no_effect_when_it_comes(
    settle, remote, settle_down, kind, table
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    about = note.uri if kind in ("Like", "Flag") else mei.uri
    late = remote.activity(kind, ana, about)

    await say(remote, "Undo", ana, late, mei.inbox, settle_down)
    await remote.send(mei.inbox, late, ana)
    await settle_down()
    left = await table.all().count()
    await say(remote, kind, ana, about, mei.inbox, settle_down)

    assert (left, await table.all().count()) == (0, 1)
