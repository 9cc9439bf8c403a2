"""Writing: words, pictures, polls, answers, changes; what fails keeps everything."""

import io
import re

import pytest
from aiohttp import FormData
from msgspec.structs import replace
from PIL import Image

from actors.accounts import Account
from core.ids import new_id
from core.settings import settings
from core.storage import storage
from moderation.filters import Filter, When
from moderation.policy import current, put_in_force
from moderation.rules import Rule
from moderation.sections import Content
from moderation.vocabulary import AltText, Then, Where
from notes.attachments import Attachment, load_files
from notes.media_files import small_file
from notes.mentions import Mention
from notes.note import Audience, Edit, Note
from notes.polls import Poll
from notes.uploads import keep_upload
from tests.conftest import account_of
from tests.factories import addressed, followed, noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser, before the empty form."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    await browser.get("/compose")
    return actor


def picture(colour="red", size=(60, 40)):
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def filled(browser, fields=(), files=()):
    """A form as a browser sends it: the token first, then what was typed, then the files."""
    form = FormData(default_to_multipart=True)
    form.add_field("csrf", browser.token)
    for name, value in dict(fields).items():
        form.add_field(name, value)
    for name, data in files:
        form.add_field(name, data, filename="p.png", content_type="image/png")
    return form


def with_policy(**sections):
    """Let another policy be in force."""
    policy = current()
    put_in_force(
        replace(policy, sections=replace(policy.sections, **sections), sha256=str(new_id()))
    )


async def test_a_note_is_published_with_all_it_has(browser, mei):
    answer = await browser.post(
        "/compose",
        {
            "title": "Tea",
            "text": "春天的茶 #tea",
            "content_note": "Caffeine",
            "sensitive": "1",
            "language": "zh-CN",
            "audience": "quiet",
        },
    )

    note = await Note.get(author_id=mei.id)
    assert (answer.status, answer.headers["Location"]) == (303, note.page)
    assert (note.title, note.summary, note.language) == ("Tea", "Caffeine", "zh-CN")
    assert note.audience == Audience.QUIET
    assert note.is_sensitive
    assert "Published." in await (await browser.get(note.page)).text()


async def test_eighteen_pictures_with_their_descriptions_in_order(browser, mei):
    files = [(f"file-{n}", picture(size=(20 + n, 20))) for n in range(1, 20)]
    fields = {"text": "Many", "audience": "public"} | {f"alt-{n}": f"p{n}" for n in range(1, 20)}

    answer = await browser.upload("/compose", filled(browser, fields, files))

    kept = await Attachment.all().order_by("position")
    assert answer.status == 303
    assert [each.alt for each in kept] == [f"p{n}" for n in range(1, 19)]
    assert [each.width for each in kept] == [20 + n for n in range(1, 19)]
    small = small_file((await load_files(kept))[0].files)
    assert len(await storage().read(small.key)) == small.size > 0


async def test_what_fails_keeps_words_and_pictures(browser, mei):
    fields = {"title": "x" * 81, "text": "Kept words", "alt-1": "Kept alt", "audience": "public"}
    first = await browser.upload("/compose", filled(browser, fields, [("file-1", picture())]))
    text = await first.text()
    number = re.search(r'name="media-1" value="(\d+)"', text)[1]

    second = await browser.post(
        "/compose",
        {
            "title": "ok",
            "text": "Kept words",
            "media-1": number,
            "alt-1": "Better",
            "audience": "public",
        },
    )

    assert first.status == 422
    assert "Kept words" in text
    assert "Kept alt" in text
    assert "At most 80 characters." in text
    assert second.status == 303
    note = await Note.get(author_id=mei.id)
    assert [(each.id, each.alt) for each in await Attachment.filter(note_id=note.id)] == [
        (int(number), "Better")
    ]


async def test_a_file_that_is_no_picture_is_named_and_the_others_stay(browser, mei):
    files = [("file-1", b"%PDF-1.7 not at all"), ("file-2", picture())]

    answer = await browser.upload("/compose", filled(browser, {"text": "Hm"}, files))
    text = await answer.text()

    assert answer.status == 422
    assert "This is no picture and no video that can be shown here." in text
    assert 'name="media-2"' in text
    assert not await Note.exists()


async def test_pictures_are_kept_and_more_places_made_without_publishing(browser, mei):
    fields = {"text": "Not yet", "step": "again"}
    answer = await browser.upload("/compose", filled(browser, fields, [("file-1", picture())]))
    text = await answer.text()

    assert answer.status == 200
    assert "Not yet" in text
    assert 'name="focus-1"' in text
    assert 'name="file-5"' in text
    assert not await Note.exists()


async def test_a_cut_is_around_the_cell_that_was_chosen(browser, mei):
    upload = await keep_upload(mei, picture())

    await browser.post(
        "/compose", {"text": "x", "audience": "public", "media-1": str(upload.id), "focus-1": "3"}
    )

    kept = await Attachment.get(id=upload.id)
    assert (kept.focus_x, kept.focus_y) == (0.66, 0.66)


async def test_a_picture_is_removed_before_publishing(browser, mei):
    upload = await keep_upload(mei, picture())

    await browser.post(
        "/compose", {"text": "x", "media-1": str(upload.id), "remove-1": "1", "audience": "public"}
    )

    assert not (await Note.get(author_id=mei.id)).has_media


async def test_MED_08_nobody_uses_the_uploads_of_others_or_used_ones(browser, mei, settle):
    theirs = await keep_upload(await settle("ben"), picture())
    used = await keep_upload(mei, picture("blue"))
    old = await noted(mei)
    await Attachment.filter(id=used.id).update(note_id=old.id)

    await browser.post(
        "/compose",
        {
            "text": "x",
            "media-1": str(theirs.id),
            "media-2": str(used.id),
            "alt-1": "mine now",
            "audience": "public",
        },
    )

    note = await Note.get(source="x")
    assert not await Attachment.exists(note_id=note.id)
    assert (await Attachment.get(id=theirs.id)).alt == ""


async def test_a_poll_is_asked(browser, mei):
    form = filled(
        browser,
        {"text": "Tea?", "audience": "public", "poll_seconds": "3600", "poll_multiple": "1"},
    )
    for option in ("Green", "Black", ""):
        form.add_field("option", option)

    answer = await browser.upload("/compose", form)

    poll = await Poll.get()
    assert answer.status == 303
    assert [each["title"] for each in poll.options] == ["Green", "Black"]
    assert poll.is_multiple


async def test_a_poll_that_cannot_be_keeps_its_answers(browser, mei):
    form = filled(browser, {"text": "Tea?", "audience": "public", "poll_seconds": "3600"})
    for option in ("Green", "Green"):
        form.add_field("option", option)

    text = await (await browser.upload("/compose", form)).text()

    assert "be different from the others" in text
    assert text.count('value="Green"') == 2


async def test_a_private_note_names_someone(browser, mei, settle):
    await settle("ben")
    empty = await browser.post("/compose", {"text": "hello", "audience": "people"})
    named = await browser.post("/compose", {"text": "hello @ben", "audience": "people"})

    assert empty.status == 422
    assert "Name the people" in await empty.text()
    assert named.status == 303
    assert (await Note.get()).audience == Audience.PEOPLE


async def test_PRIV_06_an_audience_nobody_knows_is_not_public(browser, mei, settle):
    answer = await browser.post("/compose", {"text": "hello", "audience": "everyone!"})

    assert answer.status == 422
    assert not await Note.exists()


async def test_an_answer_names_everyone_and_is_never_wider(browser, mei, settle):
    ben, cai = await settle("ben"), await settle("cai")
    asked = await noted(ben, audience=Audience.FOLLOWERS)
    await addressed(asked, mei)
    await addressed(asked, cai)

    form = await (await browser.get(f"/compose?reply_to={asked.id}")).text()
    answer = await browser.post(
        "/compose", {"text": "@ben @cai yes", "audience": "public", "in_reply_to": str(asked.id)}
    )

    assert "@ben @cai " in form
    assert 'value="public"' not in form
    note = await Note.get(author_id=mei.id)
    assert note.audience == Audience.FOLLOWERS
    assert answer.headers["Location"] == f"{asked.page}#n{note.id}"
    assert {each.actor_id for each in await Mention.filter(note_id=note.id)} == {ben.id, cai.id}


async def test_PRIV_02_what_one_may_not_see_one_cannot_answer(browser, mei, settle):
    hidden = await noted(await settle("ben"), audience=Audience.FOLLOWERS)

    form = await browser.get(f"/compose?reply_to={hidden.id}")
    answer = await browser.post("/compose", {"text": "x", "in_reply_to": str(hidden.id)})

    assert (form.status, answer.status) == (404, 404)


async def test_the_policy_may_want_descriptions(browser, mei):
    with_policy(content=Content(alt_text=AltText.REQUIRE))

    bare = await browser.upload(
        "/compose", filled(browser, {"text": "x", "audience": "public"}, [("file-1", picture())])
    )
    said = await browser.upload(
        "/compose",
        filled(
            browser, {"text": "x", "audience": "public", "alt-1": "Red"}, [("file-1", picture())]
        ),
    )

    assert bare.status == 422
    assert "This picture needs a description." in await bare.text()
    assert said.status == 303


async def test_the_policy_may_remind_of_descriptions(browser, mei):
    with_policy(content=Content(alt_text=AltText.REMIND))

    answer = await browser.upload(
        "/compose", filled(browser, {"text": "x", "audience": "public"}, [("file-1", picture())])
    )

    page = await browser.get(answer.headers["Location"])
    assert "1 picture has no description" in await page.text()


RULE = Rule(id="spoons", title={"en": "Spoons"})


def a_filter(then):
    words = {"en": "Please think about spoons."}
    return Filter(
        id="spoons",
        rule="spoons",
        when=When(words=("spoon",)),
        then=then,
        where=Where.LOCAL,
        explanation=words,
    )


async def test_a_filter_explains_why_a_note_cannot_be_posted(browser, mei):
    with_policy(rules=(RULE,), filters=(a_filter(Then.REJECT),))

    answer = await browser.post("/compose", {"text": "a spoon", "audience": "public"})
    text = await answer.text()

    assert answer.status == 422
    assert "Please think about spoons." in text
    assert "a spoon" in text
    assert not await Note.exists()


async def test_a_nudge_is_shown_once_and_then_lets_go_on(browser, mei):
    with_policy(rules=(RULE,), filters=(a_filter(Then.NUDGE),))

    first = await browser.post("/compose", {"text": "a spoon", "audience": "public"})
    second = await browser.post(
        "/compose", {"text": "a spoon", "audience": "public", "nudged": "1"}
    )

    assert "Please think about spoons." in await first.text()
    assert second.status == 303


async def test_a_note_is_changed_and_what_it_said_is_kept(browser, mei):
    upload = await keep_upload(mei, picture())
    await browser.post("/compose", {"text": "Old", "audience": "quiet", "media-1": str(upload.id)})
    note = await Note.get()

    form = await (await browser.get(f"{note.page}/edit")).text()
    answer = await browser.post(
        f"{note.page}/edit", {"text": "New", "audience": "public", "alt-1": "A red field"}
    )

    assert ">\nOld</textarea>" in form
    assert answer.headers["Location"] == note.page
    changed = await Note.get()
    assert (changed.source, changed.audience) == ("New", Audience.QUIET)
    assert (await Attachment.get()).alt == "A red field"
    assert (await Edit.get()).source == "Old"


async def test_only_the_author_changes_a_note(browser, mei, settle):
    note = await noted(await settle("ben"))

    assert (await browser.get(f"{note.page}/edit")).status == 404
    assert (await browser.post(f"{note.page}/edit", {"text": "Mine"})).status == 404


async def test_who_is_not_confirmed_keeps_what_they_wrote(browser, mei):
    await Account.filter(actor_id=mei.id).update(confirmed_at=None)

    answer = await browser.post("/compose", {"text": "So much work", "audience": "public"})
    text = await answer.text()

    assert answer.status == 422
    assert "So much work" in text
    assert not await Note.exists()


async def test_the_form_begins_as_it_was_asked(browser, mei):
    private = await (await browser.get("/compose?to=@ben")).text()
    shared = await (await browser.get("/compose?text=Look%20here")).text()

    assert ">\n@ben </textarea>" in private
    assert re.search(r'value="people" checked', private)
    assert "Look here</textarea>" in shared
    assert settings().media.max_images == 18


async def test_PRIV_10_the_author_is_told_whom_a_narrow_note_goes_to(browser, mei, settle):
    for name, host in (("ana", "one.example"), ("bea", "one.example"), ("cem", "two.example")):
        await followed(await stranger(name, host=host), mei)

    before = await (await browser.get("/compose")).text()
    answer = await browser.post("/compose", {"text": "Narrow", "audience": "followers"})
    after = await (await browser.get(answer.headers["Location"])).text()

    assert "goes to: 3, on this many servers: 2." in before
    assert "People it is for: 3, on this many servers: 2." in after


async def test_visitors_sign_in_first(browser, here):
    answer = await browser.get("/compose?reply_to=1")

    assert answer.status == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")
