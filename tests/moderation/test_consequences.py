"""What a change of the policy does to servers is counted along indexes, within bounds."""

import pytest

from moderation import breaking, consequences
from moderation.consequences import consequences as counted_for
from moderation.policy import current
from tests.counting import counted, scans
from tests.moderation.drafts import entry, sections_of, servers
from tests.moderation.rows import follows, note_by, stranger

SPAM = servers(entry("spam.example"))


@pytest.fixture
async def known(here, settle):
    """Two servers below one name, with people who have ties here, and one of no concern."""
    mei = await settle("mei")
    bot, bo = await stranger("bot", "a.spam.example"), await stranger("bo", "a.spam.example")
    await stranger("one", "b.spam.example")
    await stranger("ana", "fine.example")
    for each in (bot, bo):
        await follows(mei, each)
        await note_by(each)
    return mei


async def test_ADM_03_servers_with_more_people_come_first_each_for_itself(known):
    found = await counted_for(current().sections, sections_of(**SPAM))

    shown = [(each.host, each.people, each.follows, each.notes) for each in found.servers]
    assert shown == [("a.spam.example", 2, 2, 2), ("b.spam.example", 1, 0, 0)]
    assert found.servers[0].members == 1
    assert all(each.is_whole for each in found.servers)
    assert (found.more, found.is_whole) == (0, True)


async def test_ADM_03_no_table_is_gone_through_whole_whatever_is_counted(known):
    with counted() as said:
        await counted_for(current().sections, sections_of(**SPAM))

    assert len(said) == 4  # who is known, their people, and one for each of two servers
    assert scans(said) == []


async def test_beyond_the_bounds_it_says_that_there_is_more(known, monkeypatch):
    monkeypatch.setattr(breaking, "MOST", 1)
    monkeypatch.setattr(consequences, "MOST_COUNTED", 1)
    monkeypatch.setattr(consequences, "MOST_KNOWN", 2)

    found = await counted_for(current().sections, sections_of(**SPAM))

    assert [each.host for each in found.servers] == ["a.spam.example"]
    assert (found.servers[0].people, found.servers[0].is_whole) == (1, False)
    assert not found.is_whole


async def test_a_server_that_the_policy_names_is_found_behind_any_number_of_others(
    known, monkeypatch
):
    monkeypatch.setattr(consequences, "MOST_KNOWN", 1)
    await stranger("zed", "zed.example")

    found = await counted_for(current().sections, sections_of(**servers(entry("zed.example"))))

    assert [each.host for each in found.servers] == ["zed.example"]
    assert not found.is_whole


async def test_those_beyond_the_most_that_are_counted_are_numbered(known, monkeypatch):
    monkeypatch.setattr(consequences, "MOST_COUNTED", 1)

    found = await counted_for(current().sections, sections_of(**SPAM))

    assert (len(found.servers), found.more) == (1, 1)


async def test_people_who_live_here_do_not_make_a_server_of_others(here, settle):
    await settle("mei")

    found = await counted_for(current().sections, sections_of(federation={"mode": "allowlist"}))

    assert found.servers == ()
