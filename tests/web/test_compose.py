"""Writing: words, pictures, polls, answers, changes; what fails keeps everything."""

import asyncio
import io
import re
from datetime import timedelta

import pytest
import time_machine
from aiohttp import FormData
from msgspec.structs import replace
from PIL import Image

from actors.accounts import Account
from actors.sessions import Session
from core.clock import now
from core.ids import new_id
from core.settings import settings, use
from core.storage import storage
from moderation.filters import Filter, When
from moderation.policy import current, put_in_force
from moderation.rules import Rule
from moderation.sections import Content
from moderation.vocabulary import AltText, Then, Where
from notes import doorstep
from notes.attachments import Attachment, Media, State, load_media
from notes.doorstep import Doorstep
from notes.drafts import SavedDraft, keep_draft, media_of, think_over
from notes.media_files import MediaFile
from notes.mentions import Mention
from notes.note import Audience, Edit, Note
from notes.polls import Poll
from notes.scheduled import publish_when_ready, queue_due
from notes.uploads import keep_upload, take_in
from rubric.worker import work_others
from tests.conftest import PASSWORD, account_of, replaced
from tests.factories import addressed, followed, noted, stranger
from web.building.drafts import loaded
from web.pages import compose_media
from web.parts import MOST_IN_MEMORY, Upload


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
    for data in files:
        form.add_field("files", data, filename="p.png", content_type="image/png")
    return form


async def draft_with(browser, files, fields=()):
    """Upload files into a draft, as without scripts; return it, and its uploads when done."""
    fields = {"text": "Draft", "audience": "public", "step": "again"} | dict(fields)
    answer = await browser.upload("/compose", filled(browser, fields, files))
    assert answer.status == 303, await answer.text()
    draft = await SavedDraft.all().order_by("-id").first()
    return draft, await finished(draft)


async def finished(draft):
    """Do the work on the uploads of a draft."""
    await work_others()
    return await loaded((await media_of([draft]))[draft.id])


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


async def test_a_form_that_is_sent_twice_is_one_note_and_changed_words_are_another(browser, mei):
    fields = {"text": "春天的茶", "audience": "public"}

    both = await asyncio.gather(*(browser.post("/compose", fields) for _ in range(2)))
    later = await browser.post("/compose", fields)
    other = await browser.post("/compose", fields | {"text": "夏天的茶"})

    places = [answer.headers["Location"] for answer in (*both, later)]
    assert len(set(places)) == 1
    assert other.headers["Location"] not in places
    assert sorted(await Note.all().values_list("source", flat=True)) == ["夏天的茶", "春天的茶"]


async def test_a_form_that_was_shown_anew_may_say_the_same_once_more(browser, mei):
    fields = {"text": "Good morning", "audience": "public"}

    await browser.post("/compose", fields)
    await browser.get("/compose")
    await browser.post("/compose", fields)

    assert await Note.filter(source="Good morning").count() == 2


async def test_eighteen_pictures_with_their_descriptions_in_their_order(browser, mei):
    files = [picture(size=(20 + n, 20)) for n in range(1, 20)]
    answer = await browser.upload("/compose", filled(browser, {"step": "again"}, files[:18]))
    draft = await SavedDraft.get()
    media = await finished(draft)
    fields = {"draft": str(draft.id), "text": "Many", "audience": "public", "step": "publish"}
    for place, each in enumerate(media, 1):
        # The last comes first, as the number fields say.
        fields |= {f"alt-{each.id}": f"p{place}", f"order-{each.id}": str(19 - place)}
    form = filled(browser, fields)
    for each in media:
        form.add_field("media", str(each.id))

    published = await browser.upload("/compose", form)

    assert answer.headers["Location"] == f"/compose?draft={draft.id}#media"
    assert published.status == 303
    kept = await Attachment.all().order_by("position")
    assert [each.alt for each in kept] == [f"p{n}" for n in range(18, 0, -1)]
    assert [each.width for each in kept] == [20 + n for n in range(18, 0, -1)]
    assert not await SavedDraft.exists()


@pytest.mark.parametrize(
    ("images", "image_mb", "video_mb", "most"),
    [(18, 16, 100, 298), (4, 2, 100, 110), (2, 3, 0, 16)],
)
def test_without_scripts_all_pictures_of_a_note_may_come_at_once(
    here, images, image_mb, video_mb, most
):
    use(replaced(here, "media", max_images=images, max_image_mb=image_mb, max_video_mb=video_mb))

    assert compose_media.most_bytes() == most * 1024 * 1024


async def test_a_nineteenth_picture_is_refused_and_the_others_stay(browser, mei):
    files = [picture(size=(20 + n, 20)) for n in range(19)]

    answer = await browser.upload("/compose", filled(browser, {"text": "x"}, files))

    assert answer.status == 422
    assert "There is no room for more pictures." in await answer.text()
    assert (await answer.text()).count('name="media"') == 18 + 1  # and one that scripts copy


async def test_what_fails_keeps_words_and_pictures(browser, mei):
    draft, (one,) = await draft_with(browser, [picture()])
    fields = {
        "title": "x" * 81,
        "text": "Kept words",
        "tags": "kept, topics",
        "media": str(one.id),
        f"alt-{one.id}": "Kept alt",
        "audience": "public",
        "draft": str(draft.id),
    }
    first = await browser.post("/compose", fields)
    text = await first.text()

    second = await browser.post("/compose", fields | {"title": "ok", f"alt-{one.id}": "Better"})

    assert first.status == 422
    for kept in ("Kept words", "Kept alt", "kept, topics", "At most 80 characters."):
        assert kept in text
    assert second.status == 303
    note = await Note.get(author_id=mei.id)
    assert note.source == "Kept words\n\n#kept #topics"
    assert [(each.id, each.alt) for each in await Attachment.filter(note_id=note.id)] == [
        (one.id, "Better")
    ]


async def test_a_file_that_is_no_picture_is_named_and_the_others_stay(browser, mei):
    files = [b"%PDF-1.7 not at all", picture()]

    answer = await browser.upload("/compose", filled(browser, {"text": "Hm"}, files))
    text = await answer.text()

    assert answer.status == 422
    assert "This is no picture and no video that can be shown here." in text
    assert text.count('name="media"') == 1 + 1
    assert not await Note.exists()


async def test_a_picture_is_turned_cut_and_given_a_middle_without_scripts(browser, mei):
    draft, (one,) = await draft_with(browser, [picture(size=(400, 200))])
    fields = {"draft": str(draft.id), "media": str(one.id), "step": "again", "text": "x"}
    looks = {"turn": "90", "shape": "1:1", "focus": "3"}

    await browser.post("/compose", fields | {f"{key}-{one.id}": v for key, v in looks.items()})
    (changed,) = await finished(draft)
    page = await (await browser.get(f"/compose?draft={draft.id}")).text()
    await browser.post("/compose", fields | {f"turn-{one.id}": "90", f"shape-{one.id}": "kept"})
    (kept,) = await finished(draft)

    assert (changed.turn, changed.width, changed.height) == (90, 200, 200)
    assert (changed.focus_x, changed.focus_y) == (0.66, 0.66)
    assert 'value="kept" selected' in page
    assert (kept.turn, kept.crop) == (90, changed.crop)


async def test_without_scripts_what_was_uploaded_is_shown_at_once(browser, mei):
    files = [picture(), picture("blue")]
    answer = await browser.upload(
        "/compose", filled(browser, {"text": "x", "step": "again"}, files)
    )
    page = await (await browser.get(answer.headers["Location"].partition("#")[0])).text()

    assert page.count('data-state="ready"') == 2
    assert len(re.findall(r'<img [^>]*src="/media/', page)) == 2


async def test_looks_that_are_chosen_while_a_picture_is_being_made_ready_are_not_lost(browser, mei):
    one = await take_in(mei, picture(size=(400, 200)))
    fields = {"media": str(one.id), "step": "preview", "text": "x"}
    looks = {"turn": "90", "shape": "1:1"}

    await browser.post("/compose", fields | {f"{key}-{one.id}": v for key, v in looks.items()})

    (made,) = await load_media("id = ?", [one.id])
    assert (made.state, made.turn) == (State.READY, 90)
    assert (made.width, made.height) == (200, 200)


async def test_looks_of_what_takes_long_are_asked_for_again(browser, mei, monkeypatch):
    monkeypatch.setattr(compose_media, "WAIT_S", 0)
    one = await take_in(mei, picture(size=(400, 200)))
    fields = {"media": str(one.id), "step": "preview", "text": "x"}

    answer = await browser.post("/compose", fields | {f"turn-{one.id}": "90"})
    page = await answer.text()

    assert answer.status == 422
    assert "It is still being made ready. Choose once more how it should look." in page
    assert "Not all is ready yet; press this again to see it." in page
    assert (await Attachment.get(id=one.id)).turn == 0


async def test_MED_13_a_picture_takes_no_captions_and_captions_no_markup(browser, mei):
    draft, (one,) = await draft_with(browser, [picture()])
    form = filled(browser, {"media": str(one.id), f"captions-language-{one.id}": "en"})
    form.add_field(f"captions-{one.id}", b"WEBVTT\n", filename="a.vtt")
    refused = await browser.upload("/compose", form)
    await Attachment.all().update(media=Media.VIDEO)
    form = filled(
        browser, {"media": str(one.id), f"captions-language-{one.id}": "en", "step": "save"}
    )
    said = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script>Hello\n"
    form.add_field(f"captions-{one.id}", said, filename="a.vtt")
    taken = await browser.upload("/compose", form)

    kept = await MediaFile.get(role="captions")
    assert "Captions belong to a video" in await refused.text()
    assert taken.status == 303
    assert kept.language == "en"
    assert b"<script" not in await storage().read(kept.key)
    assert draft.id


async def test_a_cut_that_cannot_be_read_is_refused(browser, mei):
    draft, (one,) = await draft_with(browser, [picture()])
    fields = {"media": str(one.id), f"turn-{one.id}": "0", f"shape-{one.id}": "free"}

    for crop in ("", "1,2", "0.5,0.5,0.9,0.9", "0,0,nan,1", "0,0,0.001,1", "-1,0,1,1"):
        answer = await browser.post("/compose", fields | {f"crop-{one.id}": crop, "text": "x"})
        assert answer.status == 422, crop
        assert "This cut cannot be read." in await answer.text()

    assert (await Attachment.get()).crop is None
    assert draft.id


async def test_a_picture_is_removed_before_publishing(browser, mei):
    draft, (one,) = await draft_with(browser, [picture()])

    await browser.post(
        "/compose",
        {
            "text": "x",
            "draft": str(draft.id),
            "media": str(one.id),
            f"remove-{one.id}": "1",
            "audience": "public",
        },
    )

    assert not (await Note.get(author_id=mei.id)).has_media


async def test_a_note_whose_pictures_are_not_ready_goes_out_when_they_are(browser, mei):
    answer = await browser.upload(
        "/compose", filled(browser, {"text": "Soon", "audience": "quiet"}, [picture()])
    )
    before = await Note.exists()
    page = await (await browser.get("/scheduled")).text()
    await work_others()
    await queue_due()
    await work_others()

    assert answer.headers["Location"] == "/scheduled"
    assert not before
    assert "As soon as its pictures and videos are ready" in page
    note = await Note.get()
    assert (note.source, note.audience, note.has_media) == ("Soon", Audience.QUIET, True)


async def test_the_preview_shows_a_draft_to_its_author_alone(browser, browsers, mei, settle):
    ben = browsers()
    await ben.sign_in(await account_of(await settle("ben")))
    await browser.get("/compose")
    answer = await browser.post(
        "/compose", {"text": "**Loud** #tea", "title": "T", "audience": "public", "step": "preview"}
    )
    path = answer.headers["Location"]

    page = await (await browser.get(path)).text()
    foreign = [(await ben.get(path)).status, (await ben.post(f"{path}/publish")).status]
    published = await browser.post(f"{path}/publish")

    assert "<strong>Loud</strong>" in page
    assert foreign == [404, 404]
    assert published.headers["Location"] == (await Note.get()).page


async def test_a_draft_is_saved_listed_opened_and_deleted(browser, mei):
    await browser.post(
        "/compose", {"text": "Half a thought", "audience": "followers", "step": "save"}
    )
    draft = await SavedDraft.get()

    listed = await (await browser.get("/drafts")).text()
    first = await (await browser.get("/compose")).text()
    opened = await (await browser.get(f"/compose?draft={draft.id}")).text()
    gone = await browser.post(f"/drafts/{draft.id}/delete")

    for page in (listed, first, opened):
        assert "Half a thought" in page
    assert re.search(r'value="followers" checked', opened)
    assert gone.headers["Location"] == "/drafts"
    assert (await browser.get(f"/compose?draft={draft.id}")).status == 404


async def test_a_script_saves_a_draft_again_and_again_in_one_place(browser, mei):
    form = {"text": "One", "audience": "public", "draft": ""}
    token = {"X_CSRF_Token": browser.token}

    first = await (await browser.post("/drafts", form, **token)).json()
    second = await browser.post("/drafts", form | {"text": "Two", "draft": first["id"]}, **token)
    await SavedDraft.all().delete()
    third = await browser.post("/drafts", form | {"draft": first["id"]}, **token)
    bare = await browser.post("/drafts", form, X_CSRF_Token="made up")

    assert await second.json() == first
    assert (third.status, bare.status) == (404, 403)
    assert not await SavedDraft.exists()


async def test_a_note_is_scheduled_put_off_called_back_and_published_early(browser, mei):
    at = {"publish_at": "2099-01-01T10:00", "zone": "UTC", "step": "schedule"}
    soon = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "Later", "audience": "public"}

    too_far = await browser.post("/compose", form | at)
    unknown = await browser.post("/compose", form | at | {"publish_at": soon, "zone": "Mars/Base"})
    good = await browser.post("/compose", form | at | {"publish_at": soon, "zone": "Asia/Shanghai"})
    draft = await SavedDraft.filter(publish_at__not_isnull=True).get()
    page = await (await browser.get("/scheduled")).text()
    past = await browser.post(f"/scheduled/{draft.id}/time", {"publish_at": "2020-01-01T10:00"})
    again = await (await browser.get("/scheduled")).text()
    back = await browser.post(f"/scheduled/{draft.id}/cancel")
    early = await browser.post(f"/drafts/{draft.id}/publish")

    assert "Choose a time within a year." in await too_far.text()
    assert "Choose a day, a time and a time zone." in await unknown.text()
    assert good.headers["Location"] == "/scheduled"
    assert "(Asia/Shanghai)" in page
    assert f'value="{soon}"' in page
    assert past.status == 303
    assert "at least five minutes" in again
    assert back.headers["Location"] == "/drafts"
    assert early.headers["Location"] == (await Note.get()).page
    assert (await account_of(mei)).preferences["zone"] == "Asia/Shanghai"


async def test_words_and_files_outlive_a_session(browser, mei):
    form = filled(browser, {"text": "So much work", "audience": "quiet"}, [picture()])
    await Session.all().delete()

    sent = await browser._ask(
        "POST", "/compose", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    said = await (await browser.get(sent.headers["Location"])).text()
    signed = await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})
    page = await (await browser.get(signed.headers["Location"])).text()

    assert sent.headers["Location"].startswith("/sign-in")
    assert "What you wrote is kept" in said
    assert signed.headers["Location"].startswith("/compose?draft=")
    assert "So much work" in page
    assert len(await finished(await SavedDraft.get())) == 1
    assert list(settings().data("doorstep").iterdir()) == []


async def test_a_large_file_left_outside_goes_from_disk_to_disk(browser, mei, monkeypatch):
    large = io.BytesIO()
    Image.effect_noise((1400, 1000), 90).save(large, "PNG")
    size = large.tell()
    form = filled(browser, {"text": "Noise", "audience": "quiet"})
    form.add_field("files", io.BytesIO(large.getvalue()), filename="p.png")
    await Session.all().delete()
    monkeypatch.delattr(Upload, "data")  # where it is read as a whole

    sent = await browser._ask(
        "POST", "/compose", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    (left,) = await Doorstep.all()
    await browser.get(sent.headers["Location"])
    await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})

    assert left.size == size > MOST_IN_MEMORY
    assert len(await finished(await SavedDraft.get())) == 1


async def test_MED_08_what_is_brought_in_takes_nothing_of_others(browser, mei, settle):
    theirs = await keep_upload(await settle("ben"), picture(), alt="Theirs")
    mine = await keep_upload(mei, picture("blue"))
    form = filled(browser, {f"alt-{theirs.id}": "Mine", f"alt-{mine.id}": "Mine", "text": "x"})
    for each in (theirs, mine):
        form.add_field("media", str(each.id))
    await Session.all().delete()

    await browser._ask("POST", "/compose", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    await browser.get("/sign-in")
    await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})

    draft = await SavedDraft.get()
    assert (await media_of([draft]))[draft.id] == [mine.id]
    assert (await Attachment.get(id=theirs.id)).alt == "Theirs"
    assert (await Attachment.get(id=mine.id)).alt == "Mine"


async def test_a_form_of_an_older_session_becomes_a_draft(browser, mei):
    old = browser.token
    await Session.all().delete()
    await browser.sign_in(await account_of(mei))

    sent = await browser.post(
        "/compose", {"text": "Kept", "csrf": old}, Sec_Fetch_Site="same-origin"
    )

    assert sent.headers["Location"] == f"/compose?draft={(await SavedDraft.get()).id}"
    assert not await Note.exists()


@pytest.mark.parametrize(
    "header", [{}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://e.example"}]
)
async def test_WEB_01_other_sites_leave_nothing(browser, mei, header):
    signed_in = await browser.post("/compose", {"text": "x", "csrf": "made up"}, **header)
    shared = await browser.post("/share", {"text": "x"}, **header)
    await Session.all().delete()
    outside = await browser.post("/compose", {"text": "x"}, **header)

    assert (signed_in.status, shared.status, outside.status) == (403, 403, 403)
    assert not await SavedDraft.exists()
    assert not await Doorstep.exists()


async def test_what_a_phone_shares_waits_in_a_draft(browser, browsers, mei):
    form = FormData(default_to_multipart=True)
    for name, value in (("title", "Bread"), ("text", "Look"), ("url", "https://b.example/")):
        form.add_field(name, value)
    form.add_field("files", picture(), filename="p.png", content_type="image/png")

    answer = await browser._ask("POST", "/share", data=form, headers={"Sec-Fetch-Site": "none"})

    draft = await SavedDraft.get()
    assert answer.headers["Location"] == f"/compose?draft={draft.id}"
    assert (draft.title, draft.text) == ("Bread", "Look\n\nhttps://b.example/")
    assert len(await finished(draft)) == 1


async def test_what_nobody_came_back_for_is_dropped(browser, mei):
    await Session.all().delete()
    await browser.post("/compose", {"text": "x"}, Sec_Fetch_Site="same-origin")

    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        await doorstep.sweep()

    assert not await Doorstep.exists()


async def test_a_small_file_is_sent_ahead_and_looked_after(browser, browsers, mei, settle):
    ben = browsers()
    await ben.sign_in(await account_of(await settle("ben")))
    await browser.get("/compose")
    form = filled(browser)
    form.add_field("file", picture(size=(300, 200)), filename="p.png")
    token = {"X-CSRF-Token": browser.token}

    sent = await browser._ask("POST", "/compose/media", data=form, headers=token)
    said = await sent.json()
    path = f"/compose/media/{said['id']}"
    foreign = await ben.get(path)
    await work_others()
    ready = await (await browser.get(path)).json()

    assert (sent.status, foreign.status) == (202, 404)
    assert said["state"] == "waiting"
    assert (ready["state"], ready["width"], ready["height"]) == ("ready", 300, 200)
    assert ready["preview"].startswith("/media/")


async def test_MED_08_nobody_uses_the_uploads_of_others_or_used_ones(browser, mei, settle):
    theirs = await keep_upload(await settle("ben"), picture())
    used = await keep_upload(mei, picture("blue"))
    old = await noted(mei)
    await Attachment.filter(id=used.id).update(note_id=old.id)
    form = filled(browser, {"text": "x", f"alt-{theirs.id}": "mine now", "audience": "public"})
    for each in (theirs, used):
        form.add_field("media", str(each.id))

    await browser.upload("/compose", form)

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
    draft, (one,) = await draft_with(browser, [picture()])
    form = {"text": "x", "audience": "public", "media": str(one.id), "draft": str(draft.id)}

    bare = await browser.post("/compose", form)
    plain = await browser.post("/compose", form | {f"decorative-{one.id}": "1"})

    assert bare.status == 422
    assert "This picture needs a description." in await bare.text()
    assert "Describe your pictures first" in await bare.text()
    assert plain.status == 303
    assert (await Note.get()).has_media


async def test_a_description_that_the_policy_requires_cannot_be_taken_away(browser, mei):
    upload = await keep_upload(mei, picture())
    form = {"text": "x", "audience": "quiet", "media": str(upload.id), f"alt-{upload.id}": "Tea"}
    await browser.post("/compose", form)
    note = await Note.get()
    with_policy(content=Content(alt_text=AltText.REQUIRE))
    form = {"text": "y", f"alt-{upload.id}": " "}

    answer = await browser.post(f"{note.page}/edit", form)
    page = await answer.text()
    described = await browser.post(f"{note.page}/edit", form | {f"alt-{upload.id}": "A cup"})

    assert answer.status == 422
    assert "This picture needs a description." in page
    assert described.status == 303
    assert (await Attachment.get()).alt == "A cup"


async def test_what_was_published_without_a_description_may_be_changed_without(browser, mei):
    upload = await keep_upload(mei, picture())
    await browser.post("/compose", {"text": "x", "audience": "quiet", "media": str(upload.id)})
    note = await Note.get()
    with_policy(content=Content(alt_text=AltText.REQUIRE))

    answer = await browser.post(f"{note.page}/edit", {"text": "y", f"alt-{upload.id}": ""})

    assert answer.status == 303


async def test_the_policy_may_remind_of_descriptions(browser, mei):
    with_policy(content=Content(alt_text=AltText.REMIND))
    draft, (one,) = await draft_with(browser, [picture()])

    answer = await browser.post(
        "/compose",
        {"text": "x", "audience": "public", "media": str(one.id), "draft": str(draft.id)},
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


async def test_a_nudge_comes_when_a_note_is_scheduled_and_not_again(browser, mei):
    with_policy(rules=(RULE,), filters=(a_filter(Then.NUDGE),))
    later = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "a spoon", "step": "schedule", "publish_at": later, "zone": "UTC"}

    first = await browser.post("/compose", form)
    kept = await SavedDraft.exists()
    second = await browser.post("/compose", form | {"nudged": "1"})
    with time_machine.travel(now() + timedelta(days=3)):
        await queue_due()
        await work_others()

    assert "Please think about spoons." in await first.text()
    assert not kept
    assert second.headers["Location"] == "/scheduled"
    assert (await Note.get()).source == "a spoon"


async def test_a_nudge_of_a_later_policy_is_gone_over_among_the_drafts(browser, mei):
    draft = await keep_draft(mei, {"text": "a spoon"}, [])
    await publish_when_ready(draft)
    with_policy(rules=(RULE,), filters=(a_filter(Then.NUDGE),))
    await queue_due()
    await work_others()

    listed = await (await browser.get("/drafts")).text()
    unsure = await browser.post(f"{draft.page}/publish")
    preview = await (await browser.get(draft.page)).text()
    sure = await browser.post(f"{draft.page}/publish", {"nudged": "1"})

    assert "Please think about spoons." in listed
    assert unsure.headers["Location"] == draft.page
    assert "Please think about spoons." in preview
    assert 'name="nudged"' in preview
    assert sure.headers["Location"] == (await Note.get()).page


async def test_changed_words_are_thought_over_anew(browser, mei):
    with_policy(rules=(RULE,), filters=(a_filter(Then.NUDGE),))
    draft = await keep_draft(mei, {"text": "a spoon"}, [])
    await think_over(draft, "Please think about spoons.")

    await keep_draft(mei, {"text": "two spoons, a spoon"}, [], draft=draft)
    answer = await browser.post(f"{draft.page}/publish")

    assert answer.headers["Location"] == draft.page
    assert not await Note.exists()


async def test_what_the_policy_refuses_is_told_when_it_is_scheduled(browser, mei):
    with_policy(content=Content(max_tags=1))
    later = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "#a #b", "step": "schedule", "publish_at": later, "zone": "UTC"}

    answer = await browser.post("/compose", form)

    assert answer.status == 422
    assert "At most 1 tags in a note." in await answer.text()
    assert not await SavedDraft.exists()


async def test_a_time_that_cannot_be_keeps_one_draft_however_often_it_is_tried(browser, mei):
    form = {"text": "x", "step": "schedule", "publish_at": "2001-01-01T00:00", "zone": "UTC"}

    page = await (await browser.post("/compose", form)).text()
    kept = re.search(r'name="draft" value="([0-9]+)"', page)[1]
    again = await browser.post("/compose", form | {"draft": kept})

    assert again.status == 422
    assert str((await SavedDraft.get()).id) == kept


async def test_too_many_tags_are_sent_back_wherever_they_are_written(browser, mei):
    with_policy(content=Content(max_tags=1))

    texts = await browser.post("/compose", {"text": "#a #b", "audience": "public"})
    topics = await browser.post("/compose", {"text": "#a", "tags": "b, c", "audience": "public"})
    await Account.filter(actor_id=mei.id).update(locale="zh-Hans")
    chinese = await browser.post("/compose", {"text": "#a #b", "audience": "public"})
    note = await noted(mei, "<p>x</p>")
    edited = await browser.post(f"{note.page}/edit", {"text": "#a #b"})
    fine = await browser.post("/compose", {"text": "#a", "audience": "public"})

    for answer in (texts, topics):
        assert answer.status == 422
        assert "At most 1 tags in a note." in await answer.text()
    assert "一篇笔记最多 1 个标签。" in await chinese.text()
    assert edited.status == 422
    assert fine.status == 303


async def test_a_note_is_changed_and_what_it_said_is_kept(browser, mei):
    upload = await keep_upload(mei, picture())
    await browser.post("/compose", {"text": "Old", "audience": "quiet", "media": str(upload.id)})
    note = await Note.get()

    form = await (await browser.get(f"{note.page}/edit")).text()
    answer = await browser.post(
        f"{note.page}/edit",
        {"text": "New", "audience": "public", f"alt-{upload.id}": "A red field"},
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
