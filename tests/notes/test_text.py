"""What a person types, and the HTML that becomes of it."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.html import clean, to_text
from notes import text as writing
from notes.text import (
    MOST_NAMED,
    MOST_TAGS,
    length_of,
    more_pictures_line,
    named_in,
    render,
    tags_in,
    with_title,
)

OURS = ' target="_blank" rel="nofollow noopener noreferrer ugc"'
TAGGED = ' target="_blank" rel="tag nofollow noopener noreferrer ugc"'
KNOWN = {
    "mei": ("https://here.example/@mei", "mei"),
    "ana@there.example": ("https://there.example/@ana", "ana"),
}


def html_of(text: str, known: Mapping[str, tuple[str, str]] = KNOWN) -> str:
    return render(text, known=known, tag_url=lambda tag: f"https://here.example/tags/{tag.lower()}")


def mention(href: str, name: str) -> str:
    return (
        f'<span class="h-card" translate="no"><a href="{href}" class="u-url mention"{OURS}>'
        f"@<span>{name}</span></a></span>"
    )


def hashtag(tag: str) -> str:
    return (
        f'<a href="https://here.example/tags/{tag.lower()}" class="mention hashtag"{TAGGED}>'
        f"#<span>{tag}</span></a>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        (
            "**bold** *it* ~~no~~ `x < y`",
            "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>x &lt; y</code></p>",
        ),
        ("```py\na\n\nb\n```", "<pre><code>a\n\nb</code></pre>"),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("# no heading\n---\n===", "<p># no heading<br>---<br>===</p>"),
        ("    no code", "<p>no code</p>"),
        ("<b>&amp;\"'", "<p>&lt;b&gt;&amp;amp;\"'</p>"),
        ("| a | b |\n|---|---|\n| c | d |", "<p>| a | b |<br>|---|---|<br>| c | d |</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("{{7*7}} {% x %}", "<p>{{7*7}} {% x %}</p>"),
        ("", ""),
    ],
)
def test_a_little_markdown(text: str, html: str) -> None:
    assert html_of(text) == html


def test_links_go_where_they_say() -> None:
    assert html_of("[tea](https://a.example/?b=1&c=2 'title')") == (
        f'<p><a href="https://a.example/?b=1&amp;c=2"{OURS}>tea</a></p>'
    )


@pytest.mark.parametrize(
    "target",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil"),
        *("/logout", "<javascript:alert(1)>", "&#106;avascript:alert(1)", "mailto:a@b.example"),
        *("https:evil.example", "https://good.example@evil.example", "\\javascript:alert(1)"),
    ],
)
def test_XSS_02_other_links_are_none(target: str) -> None:
    html = html_of(f"[x]({target}) <{target}>")

    assert re.findall(r'href="([^"]*)', html) in ([], ["https://good.example"])
    assert html.startswith(("<p>x ", "<p>[x]"))


def test_a_bare_address_is_shortened_for_the_eye() -> None:
    url = "https://www.example.org/a/very/long/way/to/go?x=1&y=2"

    assert html_of(f"see {url}.") == (
        f'<p>see <a href="{url.replace("&", "&amp;")}" translate="no"{OURS}>'
        '<span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.org/a/very/long/way/to</span>'
        '<span class="invisible">/go?x=1&amp;y=2</span></a>.</p>'
    )
    assert to_text(html_of(url)) == url


def test_people_who_are_known_become_links() -> None:
    assert html_of("@mei, @Ana@There.example. @nobody @x@y.example") == (
        f"<p>{mention('https://here.example/@mei', 'mei')}, "
        f"{mention('https://there.example/@ana', 'ana')}. @nobody @x@y.example</p>"
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@mei and @ana@there.example", ["mei", "ana@there.example"]),
        ("@mei @MEI @mei@there.example", ["mei", "mei@there.example"]),
        ("mail mei@there.example or x/@mei or https://a.example/@mei", []),
        ("`@mei` [@mei](https://a.example) \\@mei", []),
        ("```\n@mei\n```", []),
        ("你好@mei，再见", ["mei"]),
        ("(@mei) @mei. @mei: **@ana** > @b", ["mei", "ana", "b"]),
        ("@mei@localhost:8001!", ["mei@localhost:8001"]),
        ("@mei@例え.jp。", ["mei@例え.jp"]),
        ("@mei@there.example你好", ["mei@there.example"]),
        ("@a.b-c_d@e.example", ["a.b-c_d@e.example"]),
        ("@ @@ @- @@mei @" + "a" * 65, []),
    ],
)
def test_who_is_named(text: str, named: list[str]) -> None:
    assert [str(each) for each in named_in(text)] == named


def test_a_name_keeps_its_host_apart() -> None:
    found = named_in("@Mei@There.example @ana")

    assert [(each.name, each.host) for each in found] == [("Mei", "There.example"), ("ana", None)]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#tea #Tea #TEA #茶馆", ["tea", "茶馆"]),
        ("#茶，#馆。#日本語ー！#한국어？", ["茶", "馆", "日本語ー", "한국어"]),
        ("喝#茶 ＃全角", ["茶", "全角"]),
        ("#2024 #2024年 #1a #_", ["2024年", "1a"]),
        ("#हिन्दी #ไทยแลนด์ #été #a·b·", ["हिन्दी", "ไทยแลนด์", "été", "a·b"]),
        ("a#b /#c &#100; x=#d ##e", []),
        ("`#a` [#b](https://a.example) \\#c https://a.example/#d", []),
        ("# heading\n#tag", ["tag"]),
        ("**#a** *#b* (#c) #d-e", ["a", "b", "c", "d"]),
        ("#" + "a" * 100 + " #" + "b" * 101, ["a" * 100]),
    ],
)
def test_which_tags_there_are(text: str, tags: list[str]) -> None:
    assert tags_in(text) == tags


def test_hashtags_become_links() -> None:
    assert html_of("#Tea #茶，") == f"<p>{hashtag('Tea')} {hashtag('茶')}，</p>"


def test_names_and_tags_have_an_end() -> None:
    assert len(named_in(" ".join(f"@a{n}" for n in range(200)))) == MOST_NAMED
    assert len(tags_in(" ".join(f"#a{n}" for n in range(200)))) == MOST_TAGS


@pytest.mark.parametrize("unit", ["@a.a.a.", "@a@a.a.", "#a", "@", "#·", "@a@", "茶#", "https://"])
def test_DOS_05_endless_text_is_read_to_a_limit_only(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    parsed = writing.parsed
    monkeypatch.setattr(writing, "parsed", lambda text: read.append(len(text)) or parsed(text))
    endless = unit * (100_000 // len(unit) + 1)

    named_in(endless)
    tags_in(endless)
    html_of(endless)

    assert read == [20_000] * 3
    assert length_of(endless) == len(endless)


@given(st.text(alphabet="ab1@#.:/ \n*_`~[]()<>&\"'-!\\茶，https", max_size=120))
@settings(deadline=None, max_examples=500)
def test_XSS_01_what_is_written_is_clean(text: str) -> None:
    html = html_of(text)

    assert clean(html) == html
    assert not re.search(
        r"<(?!/?(?:p|br|a|span|strong|em|s|code|pre|blockquote|[uo]l|li)[ >])", html
    )


def test_XSS_07_markup_that_is_typed_is_shown_as_typed() -> None:
    typed = "<script>alert(1)</script> <img src=x onerror=alert(1)>"

    assert to_text(html_of(typed)) == typed


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("abc", 3),
        ("茶馆", 2),
        ("👩‍👩‍👧 e\u0301", 3),
        ("https://a.example/" + "x" * 100, 23),
        ("see https://a.example/ now", 4 + 23 + 4),
        ("@ana@there.example!", 6),
        ("@ana!", 5),
    ],
)
def test_length_is_what_client_apps_count(text: str, length: int) -> None:
    assert length_of(text) == length


def test_a_title_stands_above_the_text_once() -> None:
    html = with_title("Tea & <b>", "<p>x</p>")

    assert html == "<p><strong>Tea &amp; &lt;b&gt;</strong></p><p>x</p>"
    assert clean(html) == html
    assert with_title("", "<p>x</p>") == "<p>x</p>"


def test_more_pictures_are_told_without_words() -> None:
    html = more_pictures_line(3, "https://here.example/n/1")

    assert html == (
        f'<p>🖼️ +3 <a href="https://here.example/n/1"{OURS}>https://here.example/n/1</a></p>'
    )
    assert clean(html) == html
