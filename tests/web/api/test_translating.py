"""Statuses in another language: only where somebody translates, and only what all may see."""

import pytest

from actors.accounts import Account
from core.clock import now
from core.settings import use
from federation.client import use_client
from inbox import translating
from notes.note import Audience, Note
from rubric.instance import way_out
from tests.conftest import replaced
from tests.factories import boosted, noted
from tests.translator import Translator

LANGUAGES = "/api/v1/instance/translation_languages"


@pytest.fixture
async def translator(here):
    """A translator with a key, which the operator named."""
    async with Translator(key="ours") as service:
        chosen = replaced(here, "translate", endpoint=service.url, key="ours")
        use(chosen)
        async with way_out(chosen) as away:
            use_client(away)
            yield service


@pytest.fixture
async def mei(translator, settle):
    return await settle("mei")


@pytest.fixture
async def app(mei, client):
    return await client(mei)


async def english(author, html="<p>Tea &amp; <em>bread</em></p>", **more):
    return await noted(author, html, **({"language": "en"} | more))


def at(note):
    return f"/api/v1/statuses/{note.id}/translate"


async def test_a_status_is_translated_with_all_that_has_words(app, mei, translator):
    made = await app.post(
        "/api/v1/statuses",
        status="Which *tea*?",
        spoiler_text="A < question",
        language="en",
        poll={"options": ["green & white", "black"], "expires_in": 600},
        rubric={"title": "Tea"},
    )

    found = await app.post(f"/api/v1/statuses/{made['id']}/translate", lang="de")

    assert "<em>TEA</em>" in found["content"]
    assert "<strong>TEA</strong>" in found["content"]
    assert found["spoiler_text"] == "A < QUESTION"
    assert found["poll"]["id"] == made["poll"]["id"]
    assert [each["title"] for each in found["poll"]["options"]] == ["GREEN & WHITE", "BLACK"]
    assert (found["language"], found["detected_source_language"]) == ("de", "en")
    assert (found["provider"], found["media_attachments"]) == ("LibreTranslate", [])
    [asked] = translator.asked
    assert (asked["source"], asked["target"], asked["format"]) == ("en", "de", "html")
    assert asked["api_key"] == "ours"


async def test_it_is_offered_with_its_languages(app, translator, client):
    nobody = await client()

    shown = await nobody.get("/api/v2/instance")

    assert shown["configuration"]["translation"] == {"enabled": True}
    assert await nobody.get(LANGUAGES) == {
        "en": ["de", "zh-Hans"],
        "de": ["en"],
        "zh-Hans": ["en"],
        "und": ["de", "en", "zh-Hans"],
    }


async def test_the_language_is_found_out_and_ones_own_is_meant_where_none_is_named(
    app, mei, translator
):
    await Account.filter(actor_id=mei.id).update(locale="zh-CN")
    note = await english(mei, language="")

    found = await app.post(at(note))

    assert (found["language"], found["detected_source_language"]) == ("zh-Hans", "en")
    assert translator.asked[0]["source"] == "auto"


async def test_what_was_translated_before_is_not_asked_again_until_it_is_edited(
    app, mei, translator
):
    made = await app.post("/api/v1/statuses", status="Tea", language="en")
    path = f"/api/v1/statuses/{made['id']}"

    one = [await app.post(f"{path}/translate", lang="de") for _ in range(2)]
    await app.ask("PUT", path, json={"status": "Coffee"})
    after = await app.post(f"{path}/translate", lang="de")

    assert one[0] == one[1]
    assert len(translator.asked) == 2
    assert "COFFEE" in after["content"]


async def test_a_boost_is_translated_as_what_it_boosts(app, mei, translator):
    boost = await boosted(mei, await english(mei))

    found = await app.post(at(boost), lang="de")

    assert "TEA &amp; <em>BREAD</em>" in found["content"]


@pytest.mark.parametrize(
    "audience", [each for each in Audience if each not in (Audience.PUBLIC, Audience.QUIET)]
)
async def test_PRIV_01_what_not_everyone_may_see_is_brought_to_nobody(
    app, mei, translator, audience
):
    note = await english(mei, audience=audience)

    status, body = await app.ask("POST", at(note), json={"lang": "de"})

    assert status in (403, 404)
    assert isinstance(body["error"], str)
    assert translator.asked == []


async def test_PRIV_01_what_waits_to_be_looked_at_is_brought_to_nobody(app, mei, translator):
    note = await english(mei, held_at=now())

    assert (await app.ask("POST", at(note), json={"lang": "de"}))[0] == 403
    assert translator.asked == []


async def test_what_was_translated_before_is_shown_to_nobody_who_may_not_see_it_now(
    app, mei, settle, translator, client
):
    note = await english(mei)
    cai = await client(await settle("cai"))
    assert "TEA" in (await cai.post(at(note), lang="de"))["content"]

    await Note.filter(id=note.id).update(audience=Audience.FOLLOWERS)

    assert (await cai.ask("POST", at(note), json={"lang": "de"}))[0] == 404
    assert (await app.ask("POST", at(note), json={"lang": "de"}))[0] == 403


async def test_what_changes_within_one_second_is_translated_anew(app, mei, translator):
    """Other servers date their edits in whole seconds, and some not at all."""
    note = await english(mei, edited_at=now())
    await app.post(at(note), lang="de")

    await Note.filter(id=note.id).update(content="<p>Coffee</p>")

    assert "COFFEE" in (await app.post(at(note), lang="de"))["content"]
    assert len(translator.asked) == 2


async def test_PRIV_02_what_one_may_not_see_is_missing(app, mei, settle, translator, client):
    hidden = await english(await settle("ben"), audience=Audience.FOLLOWERS)

    assert (await app.ask("POST", at(hidden), json={"lang": "de"}))[0] == 404
    assert (await app.ask("POST", "/api/v1/statuses/9/translate"))[0] == 404
    assert (await (await client()).ask("POST", at(await english(mei))))[0] == 401
    assert (await (await client(mei, "write")).ask("POST", at(await english(mei))))[0] == 403
    assert translator.asked == []


@pytest.mark.parametrize("lang", ["en", "fr", "xx-!!", "12", "deutsch", ["de"]])
async def test_a_language_it_is_not_translated_into_is_refused(app, mei, translator, lang):
    note = await english(mei)

    status, _ = await app.ask("POST", at(note), json={"lang": lang})

    assert status == 403
    assert translator.asked == []


async def test_a_note_without_words_is_refused(app, mei, translator):
    assert (await app.ask("POST", at(await english(mei, "")), json={"lang": "de"}))[0] == 403


async def test_XSS_01_what_comes_back_is_cleaned(app, mei, translator):
    note = await english(mei)
    translator.answer = {
        "translatedText": ["<p onclick='x()'>Tee<script>alert(1)</script><img src=x></p>"]
    }

    found = await app.post(at(note), lang="de")

    assert found["content"].startswith("<p>Tee")
    assert "script" not in found["content"]
    assert "onclick" not in found["content"]
    assert "<img" not in found["content"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"translatedText": "one"},
        {"translatedText": []},
        {"translatedText": ["one", "two"]},
        {"translatedText": None},
        {"translatedText": [None]},
        {"translatedText": [{"text": "Tee"}]},
    ],
    ids=str,
)
async def test_an_answer_that_is_none_is_503_and_not_kept(app, mei, translator, answer):
    note = await english(mei)
    translator.answer = answer

    status, body = await app.ask("POST", at(note), json={"lang": "de"})
    translator.answer = None
    again = await app.post(at(note), lang="de")

    assert status == 503
    assert "error" in body
    assert "TEA" in again["content"]


async def test_a_service_that_refuses_or_is_away_is_503(app, mei, translator):
    note = await english(mei)
    translator.key = "another"
    refused, _ = await app.ask("POST", at(note), json={"lang": "de"})
    translator.key, translator.answer, translator.status = "ours", {}, 500
    broken, _ = await app.ask("POST", at(note), json={"lang": "de"})
    translating._known.clear()
    translator.languages = {"error": "no"}
    unknown, _ = await app.ask("POST", at(note), json={"lang": "de"})
    languages, _ = await app.ask("GET", LANGUAGES)

    assert (refused, broken, unknown, languages) == (503, 503, 503, 503)


async def test_DOS_one_person_has_so_many_translated_in_an_hour(app, mei, translator, monkeypatch):
    monkeypatch.setattr(translating, "TRANSLATIONS_AN_HOUR", 1)
    first, second = await english(mei), await english(mei, "<p>Coffee</p>")

    told = [
        (await app.ask("POST", at(each), json={"lang": "de"}))[0] for each in (first, first, second)
    ]

    assert told == [200, 200, 429]


async def test_without_a_translator_there_is_none(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    note = await english(mei)

    shown = await app.get("/api/v2/instance")

    assert shown["configuration"]["translation"] == {"enabled": False}
    assert await app.get(LANGUAGES) == {}
    assert (await app.ask("POST", at(note), json={"lang": "de"}))[0] == 404
    assert await Note.exists(id=note.id)
