"""Captions: two kinds of file come in, plain words with times go out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.captions import LONGEST_CUE, MOST_CUES, Cue, NotCaptions, clean_captions, read_captions

VTT = """WEBVTT - a title
Kind: captions

STYLE
::cue { background: url(https://evil.example/x) }

NOTE
somebody's --> remark

REGION
id:fred

intro
00:01.000 --> 00:02.500 line:0 position:20% align:start
<v Ann>Good <b>morning</b></v> &amp; <i.loud>welcome</i>

01:00:00.000 --> 01:00:01.000
<00:01.500>later
second line
"""

SRT = """1
00:00:01,000 --> 00:00:02,500
{\\an8}<font color="#ff0000">Good morning</font>

2
00:00:02,000 --> 00:00:03,000
at the same time
"""


def texts(data: bytes) -> list[str]:
    return [each.text for each in read_captions(data)]


def test_webvtt_is_read_without_its_styles_regions_and_remarks():
    assert read_captions(VTT.encode()) == [
        Cue(1000, 2500, "Good morning & welcome"),
        Cue(3_600_000, 3_601_000, "later\nsecond line"),
    ]


def test_subrip_becomes_webvtt_and_cues_may_overlap():
    assert clean_captions(SRT.encode()).decode() == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.500\nGood morning\n\n"
        "00:00:02.000 --> 00:00:03.000\nat the same time\n\n"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_kind_of_line_end_and_mark_of_order_is_read(newline, encoding):
    data = VTT.replace("morning", "早上好").replace("\n", newline).encode(encoding)

    assert texts(data)[0] == "Good 早上好 & welcome"


def test_cues_are_put_in_order():
    text = "00:05.000 --> 00:06.000\nsecond\n\n00:01.000 --> 00:02.000\nfirst\n"

    assert texts(text.encode()) == ["first", "second"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>hello", "hello"),
        ("&lt;script&gt;x&lt;/script&gt;", "&lt;script&gt;x&lt;/script&gt;"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("<b <i>nested</i>>", "&lt;b nested&gt;"),
        ("<scr<b>ipt>x", "&lt;script&gt;x"),
        ("one --&gt; two", "one --&gt; two"),
        ("bell\x07 and\u2028line", "bell andline"),
    ],
)
def test_MED_13_captions_are_plain_words(words, kept):
    cleaned = clean_captions(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}\n".encode()).decode()

    assert cleaned == f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{kept}\n\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no captions"),
        (b"WEBVTT\n\n", "no captions"),
        (b"just a letter\n\nto somebody", "no captions"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "UTF-8"),
        (b"PK\x03\x04\x00\x00", "no text"),
        ("00:01.000 --> 00:02.000\nd\u00e9j\u00e0".encode("latin-1"), "UTF-8"),
        (b"\n" * 2 * 1024 * 1024, "1 MB"),
        (b"WEBVTT\n\n00:01.000 --> soon\nx", "line 3"),
        (b"00:00:02,000 --> 00:00:01,000\nx", "ends before"),
        (b"00:01.000 --> 00:02.000\nx\n\n" * (MOST_CUES + 1), "more than"),
    ],
)
def test_MED_13_what_is_no_captions_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(NotCaptions, match=sentence):
        clean_captions(data)


def test_a_speech_in_one_cue_is_cut():
    (cue,) = read_captions(b"00:01.000 --> 00:02.000\n" + b"word " * 1000)

    assert len(cue.text) <= LONGEST_CUE


@given(st.text(max_size=200))
def test_what_was_cleaned_is_clean(words):
    try:
        once = clean_captions(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}".encode())
    except NotCaptions:
        return
    body = once.decode().split("\n", 3)[3]

    assert "<" not in body
    assert clean_captions(once) == once
