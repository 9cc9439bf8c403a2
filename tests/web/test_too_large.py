"""Forms with more in their files than they may have: no word is lost, and nothing else is kept."""

import io
import resource

import pytest
from aiohttp import FormData
from selectolax.lexbor import LexborHTMLParser

from core.settings import settings, use
from notes.attachments import Attachment
from notes.doorstep import Doorstep
from notes.drafts import SavedDraft
from tests.conftest import account_of, replaced
from tests.web.test_compose import picture
from web import parts
from web.pages import compose

MEGABYTE = 1024 * 1024
SAID = "came at once, so this file was let go. What you wrote is kept; choose a smaller file."


@pytest.fixture(autouse=True)
def small(here):
    """An instance where a note has one picture of a megabyte: its form has at most 11."""
    use(replaced(here, "media", max_images=3, max_image_mb=1, max_video_mb=1))


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser, before the empty form."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    browser.session.headers["Accept-Language"] = "en"
    await browser.get("/compose")
    return actor


def form(browser, *files, field="files", **fields):
    """A form as a browser sends it: in the order of the page, so the words come last."""
    made = FormData(default_to_multipart=True)
    made.add_field("csrf", browser.token)
    for data in files:
        made.add_field(field, io.BytesIO(data), filename="p.png", content_type="image/png")
    for name, value in fields.items():
        made.add_field(name, value)
    return made


def arriving():
    """What lies in the folder where files arrive."""
    return [each for each in settings().data("media").rglob("*") if each.is_file()]


async def test_the_words_of_a_note_are_shown_again_and_the_files_that_fit_are_kept(browser, mei):
    large = bytes(20 * MEGABYTE)
    sent = form(
        browser,
        picture(),
        large,
        picture("blue"),
        text="Kept words",
        title="Kept title",
        audience="followers",
        step="preview",
    )

    answer = await browser.upload("/compose", sent)

    tree = LexborHTMLParser(await answer.text())
    assert answer.status == 422
    assert f"More than 13 MB {SAID}" in tree.css_first("#f-media-wrong").text()
    assert tree.css_first('[name="text"]').text() == "Kept words"
    assert tree.css_first('[name="title"]').attributes["value"] == "Kept title"
    assert "checked" in tree.css_first("#audience-followers").attributes
    assert len(tree.css('[data-items] > li [name="media"]')) == 2
    assert await Attachment.filter(owner_id=mei.id).count() == 2


async def test_many_that_are_too_much_together_are_let_go_one_by_one(browser, mei):
    sent = form(browser, *[bytes(6 * MEGABYTE)] * 4, text="Kept words", step="publish")

    answer = await browser.upload("/compose", sent)

    assert answer.status == 422
    assert "Kept words" in (text := await answer.text())
    assert SAID in text
    assert await Attachment.all().count() == 0
    assert arriving() == []


async def test_it_costs_no_memory_and_no_disk(browser, mei):
    async def pieces():
        for _ in range(80):
            yield bytes(MEGABYTE)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = form(browser, text="Kept words", step="save")
    made.add_field("files", pieces(), filename="film.mp4", content_type="video/mp4")

    answer = await browser.upload("/compose", made)

    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.status == 422
    assert "Kept words" in await answer.text()
    assert more < 24 * 1024  # kB, of 80 MB
    assert arriving() == []


async def test_reading_past_has_an_end_and_one_that_says_so_is_not_read_at_all(browser, mei):
    async def pieces():
        for _ in range(200):
            yield bytes(MEGABYTE)

    unsaid = form(browser, text="Words")
    unsaid.add_field("files", pieces(), filename="film.mp4", content_type="video/mp4")
    unsaid = (await browser.upload("/compose", unsaid)).status
    head = {"Content_Length": str((parts.READ_PAST + 1) * 14 * MEGABYTE)}
    said = (await browser.send("/compose", b"", "multipart/form-data; boundary=x", **head)).status

    assert (unsaid, said) == (413, 413)
    assert arriving() == []


async def test_who_is_signed_out_finds_their_words_again(browser, monkeypatch, mei):
    monkeypatch.setattr(compose, "MOST_OUTSIDE", 2 * MEGABYTE)
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    browser.session.headers["Sec-Fetch-Site"] = "same-origin"

    answer = await browser.upload(
        "/compose", form(browser, bytes(3 * MEGABYTE), picture(), text="Kept words")
    )

    [left] = await Doorstep.all()
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=/compose")
    assert left.written["text"] == "Kept words"
    assert "not all of its files are kept" in await (await browser.get("/sign-in")).text()


async def test_who_signed_in_anew_meanwhile_finds_a_draft_and_reads_what_is_not_kept(browser, mei):
    browser.session.headers["Sec-Fetch-Site"] = "same-origin"
    old = form(browser, bytes(20 * MEGABYTE), text="Kept words")
    await browser.sign_in(await account_of(mei))

    answer = await browser.upload("/compose", old)
    page = await (await browser.get(answer.headers["Location"])).text()

    assert answer.status == 303
    assert (await SavedDraft.get()).text == "Kept words"
    assert SAID in page


async def test_a_portrait_that_is_too_large_keeps_the_words_of_a_profile(browser, mei):
    await browser.get("/settings/profile")

    answer = await browser.upload(
        "/settings/profile",
        form(browser, bytes(5 * MEGABYTE), field="avatar", name="Mei", about="Kept words"),
    )

    tree = LexborHTMLParser(await answer.text())
    assert answer.status == 422
    assert SAID in tree.text()
    assert tree.css_first('[name="about"]').text() == "Kept words"


async def test_the_words_of_a_new_group_are_kept(browser, mei):
    await browser.get("/g/new")

    answer = await browser.upload(
        "/g/new",
        form(
            browser,
            bytes(5 * MEGABYTE),
            field="avatar",
            name="tea",
            title="Tea",
            about="Kept words",
        ),
    )

    assert (answer.status, SAID in (text := await answer.text())) == (422, True)
    assert "Kept words" in text
