"""Rows of the threat tables that belong to no one verb: consent, addresses, searches."""

from datetime import timedelta

import pytest

from actors.sessions import ADDRESS_KEPT, Session, start, sweep
from core.clock import now
from core.limits import Tally, count
from core.limits import sweep as sweep_counts
from inbox.finding import people, tags
from inbox.naming import named
from notes.note import Audience, Note
from notes.tags import tag_note
from tests.conftest import account_of
from tests.factories import followed, noted
from tests.walks.people import befriended, say

STAMPS = ("quoteAuthorization", "likeAuthorization", "replyAuthorization", "announceAuthorization")


async def closed(note: Note, *acts: str) -> None:
    """Have a note that takes none of these from anyone."""
    nobody = {"automaticApproval": [note.author.uri]}
    await Note.filter(id=note.id).update(interaction={f"can{act}": nobody for act in acts})


@pytest.mark.parametrize("borrowed", ["own", "ours", "another"])
async def test_ORG_20_a_stamp_lets_nobody_do_what_the_author_does_not_want(
    settle, remote, settle_down, borrowed
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await noted(mei)
    await closed(note, "Like", "Reply", "Announce", "Quote")
    stamp = {
        "id": {"own": remote.id(), "ours": f"{mei.uri}/stamps/1", "another": f"{note.uri}#s"}[
            borrowed
        ],
        "type": "LikeAuthorization",
        "attributedTo": mei.uri,
        "interactingObject": remote.id(),
        "interactionTarget": note.uri,
    }
    stamps = {key: stamp if key == "likeAuthorization" else stamp["id"] for key in STAMPS}
    reply = remote.note(ana, inReplyTo=note.uri, approvedBy=stamp["id"], **stamps)

    await say(remote, "Like", ana, note.uri, mei.inbox, settle_down, **stamps)
    await say(remote, "Announce", ana, note.uri, mei.inbox, settle_down, **stamps)
    await say(remote, "Create", ana, reply, mei.inbox, settle_down)

    kept = await Note.get(id=note.id)
    assert (kept.likes_count, kept.boosts_count, kept.replies_count) == (0, 0, 0)
    assert await Note.all().count() == 1


async def test_PRIV_12_addresses_are_gone_after_a_week(settle):
    account = await account_of(await settle("mei"))
    for agent in ("old", "new"):
        await start(account, agent=agent, address="192.0.2.7")
    old = now() - ADDRESS_KEPT - timedelta(hours=1)
    await Session.filter(agent="old").update(created_at=old)
    await count("login from 192.0.2.7", most=9, seconds=300)
    await Tally.all().update(since=int(old.timestamp()))

    await sweep()
    await sweep_counts()

    kept = {each.agent: each.address for each in await Session.all()}
    assert kept == {"old": "", "new": "192.0.2.7"}
    assert not await Tally.filter(key__contains="192.0.2.7").exists()
    assert timedelta(days=7) >= ADDRESS_KEPT


async def test_PRIV_13_a_search_finds_nothing_that_is_not_for_the_searcher(
    settle, remote, settle_down
):
    mei, ben = await settle("mei"), await settle("ben")
    narrow = [each for each in Audience if each not in (Audience.PUBLIC, Audience.QUIET)]
    notes = [await noted(ben, "<p>planted</p>", audience=audience) for audience in narrow]
    for note in notes:
        await tag_note(note, "planted")

    for note in notes:
        assert (await named(note.uri, None)).note is None
        found = (await named(note.uri, mei)).note
        assert (found is not None) is (note.audience == Audience.SERVER)
    assert await people("planted", None) == []
    assert [name for name, uses in await tags("planted") if uses] == []
    await followed(mei, ben)
    assert (await named(notes[0].uri, mei)).note is not None
