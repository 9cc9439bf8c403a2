"""Pictures that come with an appeal: through the signed link, for who hears it, and nobody else."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from aiohttp import FormData
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from actors.accounts import Role
from core.clock import now
from moderation import appealing, hearing
from moderation.appeals import Appeal
from moderation.audit import StaffAct
from moderation.exhibits import own_pictures, pictures_of
from moderation.keeping import forget_reports
from moderation.links import token_of
from moderation.policy import put_in_force
from notes.attachments import Attachment, State
from notes.files import sweep
from notes.media_files import MediaFile
from notes.uploads import keep_upload, waiting_uploads
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotValid
from rubric.media_command import report
from tests.conftest import account_of
from tests.moderation.deciding import appeal_of, decided, taken
from tests.moderation.drafts import policy_of

ENGLISH = {"Accept_Language": "en"}
WORDS = "It was a joke, as the pictures show."
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"
FILM = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000


def picture(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, "JPEG")
    return made.getvalue()


def form(browser, *files: bytes, words: str = WORDS) -> FormData:
    made = FormData()
    made.add_field("csrf", browser.token)
    made.add_field("words", words)
    for number, each in enumerate(files):
        kind = "image/jpeg"  # whatever it is, it says so of itself
        made.add_field("pictures", each, filename=f"{number}.jpg", content_type=kind)
    return made


@pytest.fixture
async def house(here, settle):
    """Somebody whose note a moderator hid, and another moderator."""
    put_in_force(policy_of(retention={"reports_days": 30}))
    mod, other = await settle("mod", role=Role.MODERATOR), await settle("other", role=Role.ADMIN)
    mei, jo = await settle("mei"), await settle("jo")
    note = await publish(mei, Draft(text="Buy my watches"))
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    return mei, other, decision


async def test_who_hears_the_appeal_sees_its_pictures_grey_and_nobody_else_sees_them(
    browser, browsers, house
):
    _, other, decision = house
    link = f"/d/{token_of(decision)}"
    opened = LexborHTMLParser(await (await browser.get(link, **ENGLISH)).text())
    assert opened.css_first('form[enctype="multipart/form-data"] [name="pictures"][multiple]')

    filed = await browser.upload(link, form(browser, picture("red"), picture("blue")))

    appeal = await Appeal.get(decision_id=decision.id)
    shown = (await pictures_of([appeal.id]))[appeal.id]
    assert (filed.status, appeal.state, len(shown)) == (303, "filed", 2)
    keys = [file.key for each in shown for file in each.files]
    for key in keys:
        assert (await browsers().get(f"/media/{key}")).status == 404
    reviewer = browsers()
    await reviewer.sign_in(await account_of(other))
    page = await (await reviewer.get(f"/mod/appeals/{appeal.id}", **ENGLISH)).text()
    tree = LexborHTMLParser(page)
    images = tree.css(".evidence > .asked ~ .shown img")
    assert len(images) == 2
    for each in images:
        assert (await browsers().get_raw(each.attributes["src"])).status == 200
    assert await StaffAct.filter(act="appeal.read", actor_id=other.id).count() == 1
    own = await (await browser.get(link, **ENGLISH)).text()
    assert len(re.findall(r'<img[^>]* src="/media/', own)) == 2
    record = await (await browsers().get("/record.json")).text()
    assert not any(key in record for key in keys)
    assert "Pictures of appeals: " in await report()
    assert "Pictures of appeals: 0 files" not in await report()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([picture(), SCRIPT], "This is no picture and no video that can be shown here."),
        ([picture()[:200], picture()], "This is no JPEG, PNG, WebP, AVIF, HEIC or GIF picture."),
        ([FILM], "An appeal takes pictures, no videos."),
        ([picture()] * 5, "At most 4 pictures."),
    ],
)
async def test_MED_04_what_is_no_picture_is_refused_and_no_word_is_lost(
    browser, house, files, said
):
    decision = house[2]
    link = f"/d/{token_of(decision)}"
    await browser.get(link)

    browser.session.headers["Accept-Language"] = "en"
    refused = await browser.upload(link, form(browser, *files))

    tree = LexborHTMLParser(await refused.text())
    assert refused.status == 422
    assert said in tree.css_first("#f-pictures-wrong").text()
    assert WORDS in tree.css_first('[name="words"]').text()
    assert (await appeal_of(decision)).state == "open_window"
    assert not await Attachment.exists()


async def test_MED_01_a_picture_is_not_even_taken_in_without_words_or_with_another_link(
    browser, house
):
    decision = house[2]
    link = f"/d/{token_of(decision)}"
    await browser.get(link)

    wordless = await browser.upload(link, form(browser, picture(), words=" "))
    elsewhere = await browser.upload("/d/1.x", form(browser, picture()))

    assert (wordless.status, elsewhere.status) == (422, 404)
    assert not await Attachment.exists()


async def test_whoever_holds_a_link_uploads_a_few_pictures_and_no_more(browser, house):
    decision = house[2]
    link = f"/d/{token_of(decision)}"
    await browser.get(link)
    browser.session.headers["Accept-Language"] = "en"

    for _ in range(16):
        await browser.upload(link, form(browser, SCRIPT))
    refused = await browser.upload(link, form(browser, picture()))

    assert "You uploaded a lot in half an hour." in await refused.text()
    assert not await Attachment.exists()


async def test_MED_08_what_belongs_to_an_appeal_comes_on_no_note_and_stays(house):
    mei, _, decision = house
    kept = await keep_upload(mei, picture())
    await appealing.file(decision, WORDS, pictures=await own_pictures(mei, [kept.id]))

    with time_machine.travel(now() + timedelta(days=2)):
        await sweep()

    assert await Attachment.exists(id=kept.id)
    assert await waiting_uploads(mei, [kept.id]) == []
    with pytest.raises(NotValid):
        await publish(mei, Draft(text="Look", attachments=[kept.id]))
    with pytest.raises(NotValid):
        await own_pictures(mei, [kept.id])


async def test_nobody_files_with_the_picture_of_somebody_else_or_one_that_is_not_ready(
    house, settle
):
    mei, other, _ = house
    theirs, own = await keep_upload(other, picture()), await keep_upload(mei, picture("blue"))
    await Attachment.filter(id=own.id).update(state=State.WORKING)

    for each in (theirs, own):
        with pytest.raises(NotValid):
            await own_pictures(mei, [each.id])


async def test_the_pictures_go_when_the_case_loses_its_words_and_not_before(house, settle_down):
    mei, other, decision = house
    kept = await keep_upload(mei, picture())
    await appealing.file(decision, WORDS, pictures=[kept])
    with time_machine.travel(now() + timedelta(days=40)):
        await forget_reports()
        assert await Attachment.exists(id=kept.id)  # nobody has answered yet

        await hearing.take_up(await appeal_of(decision), other)
        await hearing.settle(await appeal_of(decision), other, "upheld", "No joke.")
        await forget_reports()
        assert await Attachment.exists(id=kept.id)
    with time_machine.travel(now() + timedelta(days=80)):
        await forget_reports()

    assert not await Attachment.exists()
    assert not await MediaFile.exists()
    assert (await appeal_of(decision)).words == WORDS
