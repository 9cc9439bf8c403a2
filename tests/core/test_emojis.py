"""Emojis in the place of their codes: in words alone, whatever stands around them (XSS-03)."""

import pytest

from core.emojis import named_with_emojis, with_emojis
from core.html import Sanitised, shown

BLOB = {"blob": "/media/emoji/1/x"}
IMG = (
    '<img class="emoji" src="/media/emoji/1/x" alt=":blob:" title=":blob:"'
    ' width="20" height="20" loading="lazy" decoding="async">'
)


@pytest.mark.parametrize(
    ("html", "drawn"),
    [
        ("<p>so :blob: it is</p>", f"<p>so {IMG} it is</p>"),
        ("<p>:blob::blob:</p>", f"<p>{IMG}{IMG}</p>"),
        ("<p>:other: 10:30:15</p>", "<p>:other: 10:30:15</p>"),
        ("<p><code>:blob:</code></p><pre>:blob:</pre>", None),
        ('<p><a href="https://x.example/:blob:">x</a></p>', None),
        ('<p><a href="https://x.example/?a=>:blob:">x</a></p>', None),
    ],
)
def test_XSS_03_only_words_are_drawn(html, drawn):
    assert with_emojis(Sanitised(html), BLOB) == (html if drawn is None else drawn)


def test_XSS_03_a_name_is_escaped_and_drawn():
    assert named_with_emojis('<b>"Mei" :blob:', BLOB) == f"&lt;b&gt;&quot;Mei&quot; {IMG}"
    assert named_with_emojis("<b> :blob:", {}) == "&lt;b&gt; :blob:"


def test_XSS_03_a_path_ends_where_it_should():
    drawn = with_emojis(shown("<p>:a:</p>"), {"a": '/x" onerror="alert(1)'})

    assert "onerror=" in drawn
    assert '" onerror' not in drawn
