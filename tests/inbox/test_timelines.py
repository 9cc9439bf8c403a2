"""What a reader sees, in which order, and at what price."""

from datetime import timedelta
from itertools import product

import pytest

from actors.actor import Actor, Kind
from actors.blocks import Block, Mute
from actors.memberships import State, stand
from core import sql
from core.clock import now
from core.paging import Page
from inbox import marked, reading, tagged
from inbox.reading import Replies
from inbox.threads import thread_of
from inbox.timelines import put_in_homes
from notes.attachments import Attachment
from notes.note import Audience, Note
from notes.reactions import Bookmark, Like
from notes.tags import tag_note
from notes.visibility import visible_to
from notes.visible import seen_whole
from tests.counting import counted, scans
from tests.factories import addressed, boosted, followed, noted, stranger


def ids(found):
    return [note.id for note in found.rows]


@pytest.fixture
async def street(settle):
    """Mei follows Ben here and Ana elsewhere; Cai lives here, and nobody follows him."""
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    ana = await stranger("ana")
    for each in (ben, ana):
        await followed(mei, each)
    return mei, ben, cai, ana


async def at_home(reader, note):
    await put_in_homes([reader.id], note.id)
    return note


async def filled(street, many):
    """So many notes of every kind, wherever they can stand."""
    mei, ben, _, ana = street
    for number in range(many):
        for author in (ben, ana):
            note = await noted(author, f"<p>{number}</p>", has_media=True)
            await Attachment.create(note_id=note.id, owner_id=author.id, remote_url="https://x/y")
            await tag_note(note, "tea")
            await Bookmark.create(actor_id=mei.id, note_id=note.id)
            await Like.create(actor_id=mei.id, note_id=note.id, uri=f"{note.uri}/like")
            await at_home(mei, note)
        await at_home(mei, await boosted(ben, note))
        letter = await noted(ben, "<p>for you</p>", audience=Audience.PEOPLE)
        await addressed(letter, mei)


LISTS = {
    "home": lambda mei, ben, page: reading.home(mei, page),
    "local": lambda mei, ben, page: reading.local(mei, page),
    "federated": lambda mei, ben, page: reading.federated(mei, page),
    "remote": lambda mei, ben, page: reading.remote(mei, page),
    "explore": lambda mei, ben, page: reading.explore(mei, page),
    "of_author": lambda mei, ben, page: reading.of_author(ben, mei, page),
    "of_tag": lambda mei, ben, page: tagged.of_tag("tea", mei, page),
    "bookmarks": lambda mei, ben, page: marked.bookmarks(mei, page),
    "likes": lambda mei, ben, page: marked.likes(mei, page),
    "messages": lambda mei, ben, page: marked.messages(mei, page),
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_costs_the_same_for_three_notes_and_for_twenty(street, name):
    mei, ben, *_ = street
    await Actor.all().update(is_discoverable=True)
    await filled(street, 2)

    with counted() as few:
        short = await LISTS[name](mei, ben, Page())
    await filled(street, 20)
    with counted() as many:
        long = await LISTS[name](mei, ben, Page())

    assert 0 < len(short.rows) < len(long.rows) == 20
    assert len(few) == len(many) <= 8


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("page", [Page(), Page(max_id=1 << 61), Page(min_id=1)], ids=str)
async def test_no_list_walks_over_a_whole_table(street, name, page):
    mei, ben, *_ = street
    await filled(street, 3)

    with counted() as asked:
        await LISTS[name](mei, ben, page)

    assert asked
    assert scans(asked) == []


async def test_home_has_what_those_one_follows_wrote_and_boosted_newest_first(street):
    mei, ben, cai, ana = street
    old = await at_home(mei, await noted(ana))
    theirs = await noted(cai)
    passed = await at_home(mei, await boosted(ben, theirs))
    new = await at_home(mei, await noted(ben))

    found = await reading.home(mei, Page())

    assert ids(found) == [new.id, passed.id, old.id]
    assert found.rows[1].boost_of.author.name == "cai"


async def test_home_leaves_out_the_muted_the_blocked_and_boosts_of_them(street):
    mei, ben, cai, ana = street
    await at_home(mei, await noted(ana))
    kept = await at_home(mei, await noted(ben))
    await at_home(mei, await boosted(ben, await noted(cai)))
    await Mute.create(muter_id=mei.id, muted_id=ana.id)
    await Block.create(uri="urn:b", blocker_id=cai.id, blocked_id=mei.id)

    assert ids(await reading.home(mei, Page())) == [kept.id]


async def test_a_mute_that_ended_hides_nobody(street):
    mei, ben, *_ = street
    note = await at_home(mei, await noted(ben))
    past = now() - timedelta(seconds=1)
    await Mute.create(muter_id=mei.id, muted_id=ben.id, ends_at=past)

    assert ids(await reading.home(mei, Page())) == [note.id]


async def test_public_lists_have_no_boosts_no_answers_and_nothing_narrow(street):
    mei, ben, _, ana = street
    here, there = await noted(ben), await noted(ana)
    await boosted(ben, there)
    await noted(ben, answers=there)
    for audience in (Audience.QUIET, Audience.FOLLOWERS, Audience.PEOPLE):
        await noted(ben, audience=audience)
    await noted(ben, held_at=now())
    await noted(ben, deleted_at=now())

    assert ids(await reading.local(mei, Page())) == [here.id]
    assert ids(await reading.remote(None, Page())) == [there.id]
    assert ids(await reading.federated(None, Page())) == [there.id, here.id]


async def test_public_lists_leave_out_who_is_suspended_and_explore_who_does_not_want_it(street):
    _, ben, cai, _ = street
    await noted(ben)
    note = await noted(cai)
    await Actor.filter(id=ben.id).update(suspended_at=now(), is_discoverable=True)

    assert ids(await reading.local(None, Page())) == [note.id]
    assert ids(await reading.explore(None, Page())) == []


async def test_a_page_of_someone_has_no_answers_to_others_but_those_to_oneself(street):
    mei, ben, _, ana = street
    first = await noted(ben)
    more = await noted(ben, answers=first)
    theirs = await noted(ana)
    answer = await noted(ben, answers=theirs)
    passed = await boosted(ben, theirs)

    usual = await reading.of_author(ben, mei, Page())
    only = await reading.of_author(ben, mei, Page(), replies=Replies.ONLY)
    plain = await reading.of_author(ben, mei, Page(), replies=Replies.WITH, boosts=False)

    assert ids(usual) == [passed.id, more.id, first.id]
    assert ids(only) == [answer.id]
    assert ids(plain) == [answer.id, more.id, first.id]


async def test_media_and_tags_choose_among_the_notes_of_someone(street):
    mei, ben, *_ = street
    await noted(ben)
    picture = await noted(ben, has_media=True)
    tagged = await noted(ben)
    await tag_note(tagged, "Tea")

    assert ids(await reading.of_author(ben, mei, Page(), only_media=True)) == [picture.id]
    assert ids(await reading.of_author(ben, mei, Page(), tag="tea")) == [tagged.id]


async def test_a_tag_has_public_notes_alone(street):
    mei, ben, *_ = street
    note, quiet = await noted(ben), await noted(ben, audience=Audience.QUIET)
    for each in (note, quiet):
        await tag_note(each, "茶")

    assert ids(await tagged.of_tag("茶", mei, Page())) == [note.id]
    assert ids(await tagged.of_tag("nothing", mei, Page())) == []


async def test_messages_are_one_line_for_each_thread_the_last_first(street):
    mei, ben, cai, _ = street
    first = await noted(ben, audience=Audience.PEOPLE)
    await addressed(first, mei)
    answer = await noted(mei, audience=Audience.PEOPLE, answers=first)
    await addressed(answer, ben)
    other = await noted(cai, audience=Audience.PEOPLE)
    await addressed(other, mei)
    await addressed(await noted(cai, audience=Audience.PEOPLE), ben)

    assert ids(await marked.messages(mei, Page())) == [other.id, answer.id]
    assert ids(await marked.messages(cai, Page(limit=1))) != [other.id]


async def test_pages_go_on_older_and_come_back_newer(street):
    mei, ben, *_ = street
    notes = [await noted(ben) for _ in range(7)]
    newest = [note.id for note in reversed(notes)]

    first = await reading.local(mei, Page(limit=3))
    second = await reading.local(mei, Page(limit=3, max_id=first.older))
    third = await reading.local(mei, Page(limit=3, max_id=second.older))
    back = await reading.local(mei, Page(limit=3, min_id=second.newer))
    since = await reading.local(mei, Page(limit=3, since_id=newest[2]))

    assert (ids(first), first.newer) == (newest[:3], None)
    assert ids(second) == newest[3:6]
    assert (ids(third), third.older) == (newest[6:], None)
    assert (ids(back), back.newer) == (newest[:3], None)
    assert ids(since) == newest[:2]


async def test_PRIV_01_the_condition_for_lists_says_what_the_one_function_says(street):
    """Every audience, author and state, for everyone who could look."""
    mei, ben, cai, ana = street
    gone = await stranger("gone", gone_at=now())
    withdrawn = await stranger("withdrawn", is_withdrawn=True)
    suspended = await stranger("suspended", suspended_at=now())
    blocker, blocked = await stranger("blocker"), await stranger("blocked")
    await Block.create(uri="urn:1", blocker_id=blocker.id, blocked_id=mei.id)
    await Block.create(uri="urn:2", blocker_id=mei.id, blocked_id=blocked.id)
    people = (mei, ben, cai, ana, gone, withdrawn, suspended, blocker, blocked)
    for each in people[4:]:
        await followed(mei, each)
    den = await stranger("den", kind=Kind.GROUP)
    other = await stranger("other", kind=Kind.GROUP)
    for member in (mei, ana):
        await stand(member.id, den.id, State.MEMBER)
    await stand(cai.id, den.id, State.ASKED)
    people = (*people, den)
    for author in (ben, ana):
        for group in (den, other):
            inside = await noted(author, audience=Audience.MEMBERS, group_id=group.id)
            await addressed(inside, cai)
            await boosted(ben, inside)
    for author, audience in product(people, Audience):
        note = await noted(author, audience=audience)
        await addressed(await noted(author, audience=audience), mei)
        await addressed(await noted(author, audience=audience), cai, is_silent=True)
        await noted(author, audience=audience, held_at=now())
        await noted(author, audience=audience, deleted_at=now())
        if author not in (ben, ana):
            for booster in (ben, ana):
                await boosted(booster, note, audience=audience)
    everything = await Note.all().select_related("author", "boost_of__author").order_by("id")

    for viewer in (None, *people):
        condition, values = seen_whole(viewer)
        rows = await sql.rows(
            "SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id"  # noqa: S608
            " LEFT JOIN note b ON b.id = n.boost_of_id LEFT JOIN actor o ON o.id = b.author_id"
            f" WHERE {condition} ORDER BY n.id",
            values,
        )
        seen = await visible_to(viewer, everything)

        assert [row["id"] for row in rows] == [note.id for note in seen]


async def test_a_thread_is_what_stands_above_and_all_below(street):
    mei, ben, cai, ana = street
    root = await noted(ana)
    middle = await noted(ben, answers=root)
    note = await noted(cai, answers=middle)
    answer = await noted(mei, answers=note)
    deep = await noted(ben, answers=answer)
    await noted(cai, answers=root)

    thread = await thread_of(note, None)

    assert [each.id for each in thread.ancestors] == [root.id, middle.id]
    assert [each.id for each in thread.descendants] == [answer.id, deep.id]


async def test_a_thread_leaves_out_what_its_reader_may_not_see(street):
    mei, ben, cai, ana = street
    root = await noted(ben, audience=Audience.FOLLOWERS)
    note = await noted(mei, answers=root)
    secret = await noted(ben, audience=Audience.FOLLOWERS, answers=note)
    taken = await noted(ana, answers=note, deleted_at=now())

    to_stranger, to_follower = await thread_of(note, cai), await thread_of(note, mei)

    assert (to_stranger.ancestors, to_stranger.descendants) == ([], [])
    assert to_stranger.deleted == {taken.id}
    assert [each.id for each in to_follower.ancestors] == [root.id]
    assert [each.id for each in to_follower.descendants] == [secret.id]


async def test_DOS_09_a_ring_of_answers_ends(street):
    _, ben, *_ = street
    one = await noted(ben)
    two = await noted(ben, answers=one)
    await Note.filter(id=one.id).update(in_reply_to_id=two.id, in_reply_to_uri=two.uri)
    one = await Note.get(id=one.id).select_related("author")

    thread = await thread_of(one, None)

    assert [each.id for each in thread.ancestors] == [two.id]
    assert [each.id for each in thread.descendants] == [two.id]


async def test_a_thread_is_bounded_and_costs_the_same_however_long(street):
    _, ben, *_ = street
    note = await noted(ben)
    await noted(ben, answers=note)
    with counted() as few:
        await thread_of(note, ben)
    for _ in range(30):
        await noted(ben, answers=note)
    with counted() as many:
        thread = await thread_of(note, ben)

    assert len(thread.descendants) == 31
    assert len(few) == len(many) <= 10
    assert scans(many) == []
