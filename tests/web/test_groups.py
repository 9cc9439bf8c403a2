"""Groups in a browser: found, made, joined, posted in, and run by those who may."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from actors.actor import Actor, local_actor
from actors.candidacies import Candidacy
from actors.groups import Group, Join, Posting, See, make_group, settings_of
from actors.memberships import Role, State, ban, is_member, membership_of, stand
from actors.remote_groups import RemoteGroup, refused
from core.clock import now
from core.jobs import Job
from core.paging import Page
from inbox.in_groups import of_group, of_groups
from moderation import group_acts, group_offices
from notes.drafts import SavedDraft
from notes.group_posts import GroupPost, Standing
from notes.note import Audience, Note
from notes.removal import remove
from outbox.create import publish
from outbox.draft import Draft
from outbox.sent import Sent
from tests.conftest import account_of
from tests.counting import counted, scans
from tests.factories import stranger

FORM = {"title": "Tea", "join": "open", "see": "everyone", "post": "everyone", "about": "*Leaves*"}


@pytest.fixture
async def mei(settle, browser):
    actor = await settle("mei", title="Mei Lin")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
async def ben(settle):
    return await settle("ben", title="Ben")


@pytest.fixture
async def as_ben(browsers, ben):
    other = browsers()
    await other.sign_in(await account_of(ben))
    return other


async def made(browser, **more):
    await browser.get("/g/new")
    return await browser.post("/g/new", FORM | {"name": "tea"} | more)


async def text_of(browser, path):
    page = await browser.get(path)
    assert page.status == 200, (path, page.status)
    return await page.text()


async def test_a_group_is_made_found_and_changed(browser, mei, browsers):
    answer = await made(browser, rules="Be kind\n\nNo ads")

    assert (answer.status, answer.headers["Location"]) == (303, "/g/tea")
    page = await text_of(browser, "/g/tea")
    assert "<em>Leaves</em>" in page
    assert "No ads" in page
    assert 'href="/g/tea"' in await text_of(browsers(), "/g?q=te")
    assert 'href="/g/tea"' not in await text_of(browsers(), "/g?q=ea.")
    await browser.get("/g/tea/settings")
    await browser.post("/g/tea/settings", FORM | {"title": "Teas", "post": "moderators"})
    tea = await local_actor("tea")
    assert (tea.title, (await settings_of(tea)).post) == ("Teas", Posting.MODERATORS)
    assert (await membership_of(mei, tea)).runs


@pytest.mark.parametrize(
    "wrong",
    [{"name": "mei"}, {"name": "admin"}, {"name": "two words"}, {"title": ""}, {"join": "maybe"}],
)
async def test_what_is_wrong_is_said_and_kept(browser, mei, wrong):
    answer = await made(browser, **wrong)

    assert answer.status == 422
    assert "*Leaves*" in await answer.text()
    assert not await Group.exists()


async def test_what_is_in_a_group_is_not_opened_later(browser, mei):
    await made(browser, see="members")
    await browser.get("/g/tea/settings")

    answer = await browser.post("/g/tea/settings", FORM)

    assert answer.status == 422
    assert (await Group.get()).see is See.MEMBERS


async def test_who_joins_posts_and_leaves(browser, mei, ben, as_ben, settle_down):
    await made(browser)
    tea = await local_actor("tea")
    await as_ben.get("/g/tea")
    await as_ben.post("/g/tea/join")
    await settle_down()
    assert await is_member(ben, tea)

    page = await text_of(as_ben, f"/compose?group={tea.id}")
    assert f'<option value="{tea.id}" selected>' in page
    words = {"text": "A new tea", "audience": "public", "group": str(tea.id), "step": "publish"}
    await as_ben.post("/compose", words)
    await settle_down()

    assert "A new tea" in await text_of(browser, "/g/tea")
    assert "A new tea" in await text_of(as_ben, "/groups")
    assert "A new tea" in await text_of(browser, "/")
    await as_ben.post("/g/tea/leave")
    await settle_down()
    assert (await membership_of(ben, tea)).state is State.LEFT


async def test_a_draft_remembers_its_group(browser, mei, settle_down):
    await made(browser)
    tea = await local_actor("tea")
    await browser.get("/compose")
    words = {"text": "Later", "audience": "public", "group": str(tea.id)}
    await browser.post("/compose", words | {"step": "preview"})
    draft = await SavedDraft.get(text="Later")

    await browser.get(f"/drafts/{draft.id}")
    await browser.post(f"/drafts/{draft.id}/publish")
    await settle_down()

    assert (await Note.get(source="Later")).group_id == tea.id


async def test_the_queue_is_for_those_who_run_the_group(browser, mei, ben, as_ben, settle_down):
    await made(browser, see="members", join="request", post="approval")
    tea = await local_actor("tea")
    await as_ben.get("/g/tea")
    await as_ben.post("/g/tea/join")
    await settle_down()
    assert "Ben" in await text_of(browser, "/g/tea/queue")
    assert (await as_ben.get("/g/tea/queue")).status == 404
    assert (await as_ben.get("/g/tea/settings")).status == 404
    await as_ben.post(f"/g/tea/requests/{ben.id}", {"answer": "accept"})
    assert (await membership_of(ben, tea)).state is State.ASKED

    await browser.get("/g/tea/queue")
    await browser.post(f"/g/tea/requests/{ben.id}", {"answer": "accept"})
    await settle_down()
    note = await publish(ben, Draft(text="May I?", group_id=tea.id))
    await settle_down()
    assert "May I?" in await text_of(browser, "/g/tea/queue")
    assert "May I?" not in await text_of(browser, "/g/tea")
    await browser.post(f"/g/tea/notes/{note.id}", {"answer": "decline", "reason": ""})
    assert (await GroupPost.get()).standing is Standing.PENDING
    await browser.post(f"/g/tea/notes/{note.id}", {"answer": "accept"})
    await settle_down()

    assert "May I?" in await text_of(browser, "/g/tea")
    assert (await Note.get(id=note.id)).held_at is None


async def test_the_banned_read_why(browser, mei, ben, as_ben):
    await made(browser)
    tea = await local_actor("tea")

    await ban(ben, tea, reason="Rule 2", until=None, by_id=mei.id)

    page = await text_of(as_ben, "/g/tea")
    assert "Rule 2" in page
    assert "/g/tea/join" not in page


async def test_what_is_for_members_is_shown_to_them_alone(browser, mei, as_ben, browsers):
    await made(browser, see="members")
    tea = await local_actor("tea")
    note = await publish(mei, Draft(text="Between us", group_id=tea.id))

    assert note.audience == Audience.MEMBERS
    assert "Between us" in await text_of(browser, "/g/tea")
    for other in (as_ben, browsers()):
        assert "Between us" not in await text_of(other, "/g/tea")
        assert (await other.get(note.page)).status == 404
        assert "Between us" not in await text_of(other, "/@mei")


async def test_a_group_of_this_server_is_hidden_from_visitors(browser, mei, as_ben, browsers):
    await made(browser, see="server")

    assert (await browsers().get("/g/tea")).status == 404
    assert "/g/tea" not in await text_of(browsers(), "/g")
    assert "/g/tea" in await text_of(as_ben, "/g")


async def test_the_invited_join_at_once(browser, mei, ben, as_ben, settle_down):
    await made(browser, see="members", join="invite")
    tea = await local_actor("tea")
    await as_ben.get("/g/tea")
    await as_ben.post("/g/tea/join")
    await settle_down()
    assert not await is_member(ben, tea)

    await browser.get("/g/tea/queue")
    await browser.post("/g/tea/invite", {"handle": "@nobody"})
    await browser.post("/g/tea/invite", {"handle": "@ben"})
    await as_ben.get("/g/tea")
    await as_ben.post("/g/tea/join")
    await settle_down()

    assert await is_member(ben, tea)


async def test_groups_elsewhere_are_listed_apart(browser, mei):
    await stranger("books", kind="Group", title="Books")

    assert "Books" not in await text_of(browser, "/g")
    assert "Books" in await text_of(browser, "/g?show=elsewhere")
    assert "Books" in await text_of(browser, "/g/books@elsewhere.example")
    assert (await browser.get("/g/mei")).status == 404


async def test_a_page_of_a_group_costs_the_same_however_much_is_in_it(mei, ben):
    tea = await make_group(mei, "tea", title="Tea", join=Join.OPEN)

    async def cost():
        with counted() as statements:
            await of_group(tea, ben, Page(limit=40))
            await of_group(tea, ben, Page(limit=40), by_activity=True)
            await of_groups(mei, Page(limit=40))
        assert scans(statements) == []
        return len(statements)

    await publish(mei, Draft(text="one", group_id=tea.id))
    before = await cost()
    for number in range(12):
        await publish(mei, Draft(text=f"more {number}", group_id=tea.id))

    assert await cost() == before


async def test_the_newest_comment_brings_a_thread_up(mei, ben, settle_down):
    tea = await make_group(mei, "tea", title="Tea")
    old = await publish(mei, Draft(text="old", group_id=tea.id))
    new = await publish(mei, Draft(text="new", group_id=tea.id))
    await publish(ben, Draft(text="me too", in_reply_to=old))
    await settle_down()

    by_age = await of_group(tea, ben, Page())
    by_activity = await of_group(tea, ben, Page(), by_activity=True)

    assert [each.id for each in by_age.rows] == [new.id, old.id]
    assert [each.id for each in by_activity.rows] == [old.id, new.id]


async def test_a_group_elsewhere_is_looked_through_when_a_member_here_opens_it(browser, settle):
    mei = await settle("mei")
    tea = await Actor.get(id=(await stranger("tea", kind="Group")).id)
    await RemoteGroup.create(actor_id=tea.id)
    await browser.get(tea.page)
    before = await Job.filter(name="inbox.fill_group").count()
    await browser.sign_in(await account_of(mei))
    for _ in range(2):
        page = await browser.get(tea.page)

    assert page.status == 200
    assert (before, await Job.filter(name="inbox.fill_group").count()) == (0, 1)


async def test_a_group_elsewhere_that_takes_nobody_says_so(browser, settle):
    mei = await settle("mei")
    tea = await Actor.get(id=(await stranger("tea", kind="Group")).id)
    await refused(mei, tea, "")
    await browser.sign_in(await account_of(mei))

    text = await (await browser.get(tea.page)).text()

    assert "The group did not take you as a member." in text


async def inside(as_ben, ben, settle_down, **more):
    """Have Ben join tea and post there; return the group and his note."""
    tea = await local_actor("tea")
    await as_ben.get("/g/tea")
    await as_ben.post("/g/tea/join")
    await settle_down()
    note = await publish(ben, Draft(text="Which pot?\n\nI have two.", group_id=tea.id, **more))
    await settle_down()
    return tea, note


async def act_on(browser, path, act, **more):
    await browser.get(path)
    return await browser.post(path, {"act": act} | more)


async def test_making_one_prepares_its_first_note(browser, mei):
    await made(browser, rules="Be kind\nNo ads", language="en")

    draft = await SavedDraft.get()
    assert (draft.title, draft.text) == ("Welcome to Tea", "*Leaves*\n\n1. Be kind\n\n2. No ads")
    assert f'href="/drafts/{draft.id}"' in await text_of(browser, "/g/tea")


async def test_flair_is_chosen_shown_and_narrows_the_list(
    browser, mei, ben, as_ben, browsers, settle_down
):
    await made(browser, **{"flair-1": "Question", "colour-1": "#1f4e8c", "flair-2": "<b>Find"})
    _, note = await inside(as_ben, ben, settle_down)
    desk = f"/g/tea/threads/{note.id}"

    await act_on(as_ben, desk, "flair", flair="Question")

    page = await text_of(browser, "/g/tea")
    assert 'fill="#1f4e8c"' in page
    assert "&lt;b&gt;Find" in page
    assert "Which pot?" in await text_of(browser, "/g/tea?flair=Question")
    assert "Which pot?" not in await text_of(browser, "/g/tea?flair=Find")
    assert "Question" in await text_of(browsers(), f"/n/{note.id}")
    for sort in ("active", "top-day", "top-week", "top-month", "nonsense"):
        await text_of(browser, f"/g/tea?sort={sort}")
    assert (await act_on(as_ben, desk, "pin")).status == 422
    assert (await browsers().get(desk)).status in (303, 404)


async def test_those_who_run_it_pin_lock_and_remove_with_a_reason(
    browser, mei, ben, as_ben, browsers, settle_down
):
    await made(browser, rules="Be kind")
    tea, note = await inside(as_ben, ben, settle_down)
    desk = f"/g/tea/threads/{note.id}"
    newer = await publish(ben, Draft(text="Newer", group_id=tea.id))
    await settle_down()

    await act_on(browser, desk, "pin")
    page = await text_of(browsers(), "/g/tea")
    assert page.index("Which pot?") < page.index("Newer")
    assert page.count(f'href="/n/{note.id}"') == 1
    await act_on(browser, desk, "lock", reason="Said enough")
    assert "Said enough" in await text_of(as_ben, f"/n/{note.id}")
    bare = await act_on(browser, desk, "remove", reason="")
    assert bare.status == 422
    assert (await act_on(browser, desk, "remove", reason="Rude", rule="1")).status == 303
    await settle_down()
    assert "Which pot?" not in await text_of(browsers(), "/g/tea")
    assert "Newer" in await text_of(browsers(), "/g/tea")
    record = await text_of(browsers(), f"/record?group={tea.id}")
    assert "/record/" in record
    assert "chain=group%3A" in record
    answer = await browsers().get("/g/tea/record")
    assert answer.headers["Location"] == f"/record?group={tea.id}"
    await act_on(browser, desk, "restore", reason="A slip")
    await settle_down()
    assert "Which pot?" in await text_of(browsers(), "/g/tea")
    assert (await browser.get(f"/g/tea/threads/{newer.id + 1}")).status == 404


async def test_members_are_listed_made_moderators_and_banned(
    browser, mei, ben, as_ben, browsers, settle_down
):
    await made(browser, rules="Be kind")
    assert (await as_ben.get("/g/tea/members")).status == 404
    tea, _ = await inside(as_ben, ben, settle_down)
    desk = f"/g/tea/members/{ben.id}"

    page = await text_of(as_ben, "/g/tea/members")
    assert "Mei Lin" in page
    assert desk not in page
    assert (await as_ben.get(desk)).status == 404
    assert desk in await text_of(browser, "/g/tea/members")
    await act_on(browser, desk, "moderator", until="2099-01-01")
    row = await membership_of(ben, tea)
    assert (row.runs, row.until.year) == (True, 2099)
    assert "Ben" in await text_of(browsers(), "/g/tea")
    assert (await act_on(browser, desk, "moderator", until="soon")).status == 422
    await act_on(browser, desk, "member")
    assert not (await membership_of(ben, tea)).runs
    assert (await act_on(browser, desk, "ban", reason="")).status == 422
    assert (await act_on(browser, desk, "nothing")).status == 422
    await act_on(browser, desk, "ban", reason="Spam", rule="1", with_notes="1")
    await settle_down()
    assert (await membership_of(ben, tea)).is_banned
    assert "Which pot?" not in await text_of(browser, "/g/tea")
    assert "Spam" in await text_of(browser, "/g/tea/members?show=banned")
    await act_on(browser, desk, "unban")
    assert not (await membership_of(ben, tea)).is_banned


async def test_groups_stand_on_the_first_page_and_in_a_tab_of_ones_own(browser, mei, browsers):
    await made(browser)

    assert 'href="/g/tea"' in await text_of(browser, "/groups")
    assert 'href="/g/tea"' in await text_of(browsers(), "/")


async def test_a_group_is_handed_on_and_closes_after_a_notice(
    browser, mei, ben, as_ben, settle_down
):
    await made(browser)
    tea, _ = await inside(as_ben, ben, settle_down)
    day = (now() + timedelta(days=20)).strftime("%Y-%m-%d")
    assert (await as_ben.get("/g/tea/end")).status == 404

    assert (await act_on(browser, "/g/tea/end", "close", day="soon", reason="x")).status == 422
    assert (await act_on(browser, "/g/tea/end", "close", day=day, reason="")).status == 422
    assert (await act_on(browser, "/g/tea/end", "close", day=day, reason="Over")).status == 303
    assert (await settings_of(tea)).closes_at is not None
    await act_on(browser, "/g/tea/end", "stay")
    assert (await settings_of(tea)).closes_at is None
    nobody = await act_on(browser, "/g/tea/end", "transfer", handle="@zoe")
    assert nobody.status == 422
    await act_on(browser, "/g/tea/end", "transfer", handle="@ben")
    assert (await membership_of(ben, tea)).role is Role.OWNER
    assert (await browser.get("/g/tea/end")).status == 404


async def test_members_offer_to_run_what_nobody_runs(browser, mei, ben, as_ben, settle_down):
    await made(browser)
    tea, _ = await inside(as_ben, ben, settle_down)
    await Group.filter(actor_id=tea.id).update(asleep_at=now())

    assert 'href="/g/tea/end"' in await text_of(as_ben, "/g/tea")
    assert (await act_on(as_ben, "/g/tea/end", "offer", words="")).status == 422
    assert (await act_on(as_ben, "/g/tea/end", "offer", words="I bake")).status == 303

    assert [each.person_id for each in await Candidacy.all()] == [ben.id]


def kind_of(sent):
    """What a group passed on, if it is a whole activity."""
    about = sent.document()["object"]
    return about["type"] if isinstance(about, dict) else ""


async def test_what_was_decided_in_a_group_is_there_as_a_document(
    browser, mei, ben, remote, settle_down
):
    await made(browser)
    tea = await local_actor("tea")
    await stand(ben.id, tea.id, State.MEMBER)
    note = await publish(ben, Draft(text="Rude", group_id=tea.id))
    await settle_down()
    note = await Note.get(id=note.id).select_related("author")
    await group_acts.remove(mei, tea, note, reason="Insults")
    await group_offices.ban(mei, tea, ben, reason="Insults")
    await group_offices.unban(mei, tea, ben)
    created = [
        each.uri
        for each in await Sent.filter(actor_id=tea.id, kind="Announce")
        if kind_of(each) == "Create"
    ]
    await remove(note)

    ana, rulings = remote.person("ana"), {}
    for each in await Sent.filter(actor_id=tea.id, kind="Announce"):
        if kind := kind_of(each):
            rulings[kind] = (await remote.get(each.uri, ana))[0]
    (gone,) = created

    assert rulings == {"Create": 404, "Delete": 200, "Block": 200, "Undo": 200}
    assert urlsplit(gone).path.startswith("/g/tea/a/")


async def test_what_was_decided_in_a_closed_group_is_nobodys_document(
    browser, mei, ben, remote, settle_down
):
    await made(browser, see="members", remote_members="any")
    tea = await local_actor("tea")
    await stand(ben.id, tea.id, State.MEMBER)
    await group_offices.ban(mei, tea, ben, reason="Insults")

    ana = remote.person("ana")
    passed = await Sent.filter(actor_id=tea.id, kind="Announce")
    assert [(await remote.get(each.uri, ana))[0] for each in passed] == [404] * len(passed)
    assert passed
