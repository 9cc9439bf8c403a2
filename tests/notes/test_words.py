"""What a document says."""

import time

import pytest
from hypothesis import given

from notes.words import (
    card_of,
    content_of,
    language_of,
    source_of,
    summary_of,
    title_of,
    without_title,
)
from tests.federation.zoo import anything, documents, unhurried


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<p><strong>Title</strong></p><p>body</p>", "<p>body</p>"),
        ("<h1>Title</h1>body", "body"),
        ("<p>Title</p>\n<p>body</p>", "\n<p>body</p>"),
        ("<p><b>Title</b><br>body</p>", "<p>body</p>"),
        ("<p>Title<br/><br/>body</p>", "<p><br/>body</p>"),
        ("<div><p> Title\n</p><p>body</p></div>", "<div><p>body</p></div>"),
        ("Title<br>body", "body"),
        ("Title", ""),
        ("<p>Title</p>", ""),
        ("<p>Title of another kind</p>", "<p>Title of another kind</p>"),
        ("<p>Title <a href='x'>x</a></p>", "<p>Title <a href='x'>x</a></p>"),
        ("<p><b>Title</b> and more</p>", "<p><b>Title</b> and more</p>"),
        ("<p>body</p><p>Title</p>", "<p>body</p><p>Title</p>"),
        ("<p>title</p>", "<p>title</p>"),
        ("", ""),
    ],
)
def test_a_title_that_the_text_repeats_is_said_once(said, left):
    assert without_title(said, "Title") == left


def test_entities_hide_no_title():
    document = {"name": "Tea &amp; cake", "content": "<p>Tea &amp; cake</p><p>body</p>"}

    assert title_of(document) == "Tea & cake"
    assert content_of(document) == "<p>body</p>"


def test_a_title_is_one_line_and_not_endless():
    assert title_of({"name": " a\n b "}) == "a b"
    assert len(title_of({"name": "x" * 900})) == 200
    assert title_of({"nameMap": {"en": "Tea"}}) == "Tea"
    assert title_of({"name": None}) == title_of({"name": ["x"]}) == ""


def test_text_is_read_from_the_translations_when_there_is_no_other():
    document = {"contentMap": {"en": "tea", "zh-Hant": "茶"}, "language": {"identifier": "zh-Hant"}}

    assert content_of(document) == "茶"
    assert content_of({"contentMap": {"en": None, "zh": "茶"}}) == "茶"


def test_markdown_becomes_html_and_its_html_becomes_text():
    said = content_of({"mediaType": "text/markdown", "content": "**a**\nb <script>x</script>"})

    assert said == "<p><strong>a</strong><br />\nb &lt;script&gt;x&lt;/script&gt;</p>\n"


def test_plain_text_keeps_its_lines_and_its_brackets():
    assert content_of({"mediaType": "text/plain", "content": "a < b\nc"}) == "a &lt; b<br>c"


@pytest.mark.parametrize("mark", ["[", "![[", "*a", "*_", "> [", "- *a ", "[a](b", "`", "<a "])
def test_DOS_01_markdown_that_would_keep_a_parser_busy_is_not_parsed(mark):
    began = time.perf_counter()
    content_of({"mediaType": "text/markdown", "content": mark * 300_000})

    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("mark", ["<", "<p>", "<p", "</p>", "<br>", " <a", "&amp;"])
def test_DOS_05_looking_for_a_title_takes_a_time_that_grows_with_the_text(mark):
    began = time.perf_counter()
    without_title(mark * 200_000, "Title")

    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("document", "kind", "read"),
    [
        ({"summary": "spoilers"}, "Note", ("spoilers", "")),
        ({"summary": "what it is about"}, "Article", ("", "what it is about")),
        ({"summary": "blood", "sensitive": True}, "Article", ("blood", "")),
        ({"summary": "<p>a &amp; b</p><p>c</p>"}, "Page", ("", "a & b c")),
        ({"summary": "Tea", "name": "Tea"}, "Note", ("", "")),
        ({"summary": None}, "Note", ("", "")),
        ({"summary": "x" * 900}, "Note", ("x" * 500, "")),
    ],
)
def test_a_summary_warns_or_sums_up(document, kind, read):
    assert summary_of(document, kind) == read


@pytest.mark.parametrize(
    ("document", "language"),
    [
        ({"language": {"identifier": "fr", "name": "French"}}, "fr"),
        ({"language": "pt_BR"}, "pt-BR"),
        ({"content": "b", "contentMap": {"en": "a", "da": "b"}}, "da"),
        ({"contentMap": {"en": "a"}}, "en"),
        ({"language": {"identifier": "und"}, "contentMap": {"und": "a"}}, ""),
        ({"language": []}, ""),
        ({"language": "not a language"}, ""),
        ({"contentMap": "x"}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_what_is_declared_or_that_of_the_text(document, language):
    assert language_of(document) == language


def test_only_markdown_is_a_source():
    markdown = {"content": "*tea*", "mediaType": "text/markdown"}

    assert source_of({"source": markdown}) == "*tea*"
    assert source_of({"source": markdown | {"mediaType": "text/bbcode"}}) == ""
    assert source_of({"source": "*tea*"}) == ""


def test_a_card_leads_to_the_thing():
    assert card_of({"url": "https://a.example/?a&b"}) == (
        '<p><a href="https://a.example/?a&amp;b">https://a.example/?a&amp;b</a></p>'
    )
    assert card_of({"url": "javascript:x"}) == ""


@unhurried
@given(documents(name=anything, content=anything, contentMap=anything, source=anything))
def test_ORG_22_anything_says_something_or_nothing(document):
    for reader in (title_of, content_of, source_of, language_of, card_of):
        assert isinstance(reader(document), str)
    summary_of(document, "Article")
