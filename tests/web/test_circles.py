"""Circles by their pages: making them, people, and writing to them."""

import pytest
from aiohttp import FormData

from actors.circles import circle_of, circles_of, in_circle, make_circle, put_in_circle
from actors.domains import Domain, standings
from core.jobs import Job
from core.paging import Page
from notes.drafts import SavedDraft
from notes.mentions import Mention
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import followed, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def runs(host, software):
    """A server said what it runs."""
    await standings([host])
    await Domain.filter(host=host).update(software=software)


async def names(circle):
    """Who is in a circle."""
    return sorted(each.name for each in (await in_circle(circle, Page())).rows)


async def test_a_circle_is_made_filled_renamed_and_deleted(browser, mei, settle):
    ben = await settle("ben")
    empty = await (await browser.get("/circles")).text()
    made = await browser.fill("/circles", "/circles", {"name": "Choir"})
    (circle,) = await circles_of(mei)
    there = await (await browser.get(f"{circle.page}?q={ben.full_handle}")).text()
    await browser.post(f"{circle.page}/add", {"person": str(ben.id)})
    filled = await (await browser.get(circle.page)).text()
    await browser.post(circle.page, {"name": "Singers"})
    listed = await (await browser.get("/circles")).text()
    await browser.post(f"{circle.page}/remove", {"person": str(ben.id)})
    left = await names(circle)
    await browser.get(f"{circle.page}/delete")
    gone = await browser.post(f"{circle.page}/delete", {})

    assert "circles-drawing" in empty
    assert (made.status, made.headers["Location"]) == (303, circle.page)
    assert f'value="{ben.id}"' in there
    assert "@ben" in filled
    assert "Singers" in listed
    assert "People it is for: 1, on this many servers: 1." in listed
    assert (left, gone.headers["Location"], await circles_of(mei)) == ([], "/circles", [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the circle a name."),
        ("x" * 81, "At most 80 characters."),
        ("Choir", "You have a circle of this name."),
    ],
)
async def test_a_name_that_cannot_be_is_refused(browser, mei, name, said):
    await make_circle(mei, "Choir")
    other = await make_circle(mei, "Other")

    made = await browser.fill("/circles", "/circles", {"name": name})
    renamed = await browser.fill(other.page, other.page, {"name": name})

    assert (made.status, renamed.status) == (422, 422)
    assert said in await made.text()
    assert said in await renamed.text()
    assert [each.name for each in await circles_of(mei)] == ["Choir", "Other"]


async def test_a_circle_is_there_for_its_owner_alone(browser, mei, settle):
    ben = await settle("ben")
    theirs = await make_circle(ben, "Theirs")
    await browser.get("/circles")

    for path in (theirs.page, f"{theirs.page}/delete"):
        assert (await browser.get(path)).status == 404
    for path in ("", "/add", "/remove", "/delete"):
        fields = {"name": "Mine", "person": str(mei.id)}
        assert (await browser.post(f"{theirs.page}{path}", fields)).status == 404
    assert (await circle_of(ben, theirs.id)).name == "Theirs"
    assert (await browser.get("/circles/none")).status == 404


async def test_visitors_are_led_to_the_door(browser, settle):
    mei = await settle("mei")
    circle = await make_circle(mei, "Choir")

    for path in ("/circles", circle.page, "/@mei/circles"):
        answer = await browser.get(path)
        assert (answer.status, "/sign-in" in answer.headers["Location"]) == (303, True)


async def test_groups_oneself_and_the_blocked_are_in_no_circle(browser, mei, settle):
    circle = await make_circle(mei, "Choir")
    group = await stranger("den", kind="Group")
    await browser.get("/circles")

    for number in (group.id, 7):
        fields = {"person": str(number)}
        assert (await browser.post(f"{circle.page}/add", fields)).status == 404
    assert (await browser.post(f"{circle.page}/add", {"person": str(mei.id)})).status == 303
    assert "You see your own notes anyway." in await (await browser.get(circle.page)).text()
    assert await names(circle) == []


async def test_the_page_of_a_person_leads_to_ones_circles(browser, mei, settle):
    ben = await settle("ben")
    choir, other = await make_circle(mei, "Choir"), await make_circle(mei, "Other")
    await put_in_circle(other, ben)

    profile = await (await browser.get("/@ben")).text()
    form = await (await browser.get("/@ben/circles")).text()
    fields = {"circle": str(choir.id), "name": "Third"}
    saved = await browser.post("/@ben/circles", fields)
    again = await browser.post("/@ben/circles", {"name": "Third"})

    assert 'href="/@ben/circles"' in profile
    assert form.count(" checked") == 1
    assert saved.headers["Location"] == "/@ben"
    assert again.status == 422
    assert [await names(each) for each in await circles_of(mei)] == [["ben"], [], ["ben"]]
    assert (await browser.get("/@mei/circles")).status == 404


async def test_the_page_says_which_servers_show_such_notes(browser, mei):
    circle = await make_circle(mei, "Choir")
    for host, software in (
        ("m.example", "mastodon"),
        ("g.example", "gotosocial"),
        ("x.example", ""),
    ):
        await runs(host, software)
        await put_in_circle(circle, await stranger("ana", host))

    shown = await (await browser.get(circle.page)).text()

    assert "People it is for: 3, on this many servers: 3." in shown
    assert "1 server will not show it to anyone: GoToSocial." in shown
    assert "Of 1 server it is not known whether it will show it." in shown
    for words in ("follow you (mastodon)", "not shown (gotosocial)", "not known"):
        assert words in shown


async def test_the_server_of_somebody_new_is_asked_what_it_runs(browser, mei):
    circle = await make_circle(mei, "Choir")
    ana, bob = await stranger("ana", "m.example"), await stranger("bob", "m.example")
    await browser.get("/circles")

    await browser.post(f"{circle.page}/add", {"person": str(ana.id)})
    await Domain.filter(host="m.example").delete()
    asked = await Job.filter(name="inbox.ask_server").count()
    await browser.post(f"{circle.page}/add", {"person": str(bob.id)})

    assert asked == 1


async def test_a_note_is_written_to_circles_that_were_ticked(browser, mei, settle):
    ben, cai, dan = [await settle(name) for name in ("ben", "cai", "dan")]
    circles = []
    for name, person in (("One", ben), ("Two", cai), ("Three", dan)):
        circles.append(await make_circle(mei, name))
        await put_in_circle(circles[-1], person)

    form = await (await browser.get(f"/compose?audience=circle&circles={circles[0].id}")).text()
    fields = FormData({"csrf": browser.token, "text": "psst", "audience": "circle"})
    fields.add_field("step", "publish")
    for each in circles[:2]:
        fields.add_field("circles", str(each.id))
    answer = await browser.upload("/compose", fields)

    note = await Note.get()
    shown = await (await browser.get(note.page)).text()
    readers = await Mention.filter(note_id=note.id).values_list("actor_id", flat=True)
    assert f'value="{circles[0].id}" checked' in form
    assert answer.status == 303
    assert (note.audience, sorted(readers)) == (Audience.CIRCLE, sorted([ben.id, cai.id]))
    assert "People it is for: 2, on this many servers: 1." in shown
    assert "A circle" in shown


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("circle", "Choose a circle."),
        ("mutuals", "There is nobody now whom it would be for."),
    ],
)
async def test_without_anybody_the_form_says_so_and_keeps_the_words(browser, mei, audience, said):
    await browser.get("/compose")
    fields = {"text": "psst", "audience": audience, "step": "publish"}

    answer = await browser.post("/compose", fields)

    shown = await answer.text()
    assert answer.status == 422
    assert said in shown
    assert "psst" in shown
    assert not await Note.exists()


async def test_a_draft_keeps_its_circles_and_its_preview_counts(browser, mei, settle):
    ben = await settle("ben")
    circle = await make_circle(mei, "One")
    await put_in_circle(circle, ben)
    await browser.get("/compose")
    fields = {"text": "@ben @nobody psst", "audience": "circle", "circles": str(circle.id)}

    await browser.post("/compose", fields | {"step": "preview"})
    draft = await SavedDraft.get()
    preview = await (await browser.get(draft.page)).text()
    form = await (await browser.get(f"/compose?draft={draft.id}")).text()
    await browser.post(f"{draft.page}/publish", {})

    note = await Note.get()
    assert draft.circles == [circle.id]
    assert "People it is for: 1, on this many servers: 1." in preview
    assert "@nobody" in preview
    assert "@ben" not in preview.partition("not among those")[2].partition("</p>")[0]
    assert f'value="{circle.id}" checked' in form
    assert await Mention.filter(note_id=note.id).values_list("actor_id", flat=True) == [ben.id]


async def test_who_is_named_and_left_out_is_asked_about_once(browser, mei, settle):
    ben, cai = await settle("ben"), await settle("cai")
    circle = await make_circle(mei, "One")
    await put_in_circle(circle, ben)
    await browser.get("/compose")
    fields = {"text": "@cai psst", "audience": "circle", "circles": str(circle.id)}
    fields["step"] = "publish"

    asked = await browser.post("/compose", fields)
    shown = await asked.text()
    sent = await browser.post("/compose", fields | {"nudged": "1"})

    assert (asked.status, sent.status) == (200, 303)
    assert "not among those who will see it: @cai" in shown
    assert f'value="{circle.id}" checked' in shown
    assert await Mention.all().values_list("actor_id", flat=True) == [ben.id]
    assert cai.id not in await Mention.all().values_list("actor_id", flat=True)


async def test_an_answer_in_ones_own_thread_goes_on_to_the_same(browser, mei, settle):
    ben = await settle("ben")
    circle = await make_circle(mei, "One")
    await put_in_circle(circle, ben)
    draft = Draft(text="psst", audience=Audience.CIRCLE, circles=[circle.id])
    note = await publish(mei, draft)

    form = await (await browser.get(f"/compose?reply_to={note.id}")).text()
    fields = {"text": "and", "in_reply_to": str(note.id), "audience": "circle", "step": "publish"}
    answer = await browser.post("/compose", fields)

    fresh = await Note.get(in_reply_to_id=note.id)
    assert answer.status == 303
    assert "Without a choice it is for the same people" in form
    assert 'value="followers"' not in form
    assert await Mention.filter(note_id=fresh.id).values_list("actor_id", flat=True) == [ben.id]


async def test_a_note_is_narrowed_to_a_circle_on_its_page(browser, mei, settle):
    ben, cai = await settle("ben"), await settle("cai")
    await followed(ben, mei)
    circle = await make_circle(mei, "One")
    for person in (ben, cai):
        await put_in_circle(circle, person)
    note = await publish(mei, Draft(text="us", audience=Audience.FOLLOWERS))

    await browser.get(f"{note.page}/audience")
    none = await browser.post(f"{note.page}/audience", {"audience": "circle"})
    fields = {"audience": "circle", "circles": str(circle.id)}
    answer = await browser.post(f"{note.page}/audience", fields)

    fresh = await Note.get(deleted_at=None)
    assert (none.status, answer.status) == (422, 303)
    assert "Choose a circle." in await none.text()
    assert await Mention.filter(note_id=fresh.id).values_list("actor_id", flat=True) == [ben.id]
    assert (await browser.get(f"{fresh.page}/audience")).status == 200
    alone = await browser.post(f"{fresh.page}/audience", {"audience": "self"})
    last = await Note.get(deleted_at=None)
    assert (alone.status, last.audience) == (303, Audience.SELF)
    page = await (await browser.get(last.page)).text()
    assert f"{last.page}/audience" not in page


async def test_a_page_of_circles_asks_as_much_for_many_as_for_few(browser, mei):
    first = await make_circle(mei, "0")
    await put_in_circle(first, await stranger("p0", "s0.example"))
    for path in ("/circles", "/compose", first.page):
        await browser.get(path)
    few = []
    for path in ("/circles", "/compose", first.page):
        with counted() as asked:
            await browser.get(path)
        few.append(len(asked))
    for number in range(1, 9):
        circle = await make_circle(mei, str(number))
        for each in (first, circle):
            person = await stranger(f"p{number}{each.name}", f"s{number}.example")
            await put_in_circle(each, person)

    many = []
    for path in ("/circles", "/compose", first.page):
        with counted() as asked:
            await browser.get(path)
        many.append(len(asked))

    assert many == few
