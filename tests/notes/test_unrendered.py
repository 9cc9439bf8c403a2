"""HTML of programs that send no source, read back as Markdown."""

import pytest

from notes.text import render
from notes.unrendered import markdown_of


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<p><strong>Loud</strong> and <em>soft</em></p>", "**Loud** and *soft*"),
        ("<h2>Tea</h2><p>x</p>", "**Tea**\n\nx"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n>\n> b\n\nc"),
        ("<pre><code>if a &lt; b:\n  c</code></pre>", "```\nif a < b:\n  c\n```"),
        ('<a href="https://a.example/x_y">https://a.example/x_y</a>', "https://a.example/x_y"),
        ('<a href="https://a.example/">here</a>', "[here](<https://a.example/>)"),
        ('<a href="https://a.example/tags/tea">#<span>tea</span></a>', "#tea"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<script>alert(1)</script><style>p{}</style>safe", "safe"),
        ("2 * 3 * 4 and [x] and `y`", "2 \\* 3 \\* 4 and \\[x\\] and \\`y\\`"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("snake_case and @ana_b", "snake_case and @ana_b"),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert markdown_of(html) == markdown


def test_a_mention_becomes_the_handle_that_a_tag_gives():
    html = '<p>Hi <a href="https://a.example/u/ana" class="u-url mention">@ana</a></p>'

    assert markdown_of(html, {"https://a.example/u/ana": "@ana@a.example"}) == "Hi @ana@a.example"


@pytest.mark.parametrize(
    "html", ["<p>" * 20_000, "<" * 90_000, "<a href='x'" * 9_000, "<a " * 30_000, "<!--" * 25_000]
)
def test_too_much_is_read_in_time(html):
    assert len(markdown_of(html)) <= len(html) * 2


def test_what_is_dangerous_is_words_again_once_it_is_rendered():
    text = markdown_of("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")

    assert "<script" not in render(text, tag_url=lambda _: "")
