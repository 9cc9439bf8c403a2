"""Names that try to be more than a name."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.names import characters_in, quiet_name, shortened


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("mei \u202enimda\u202c", "mei nimda"),
        ("\u2066mei\u2069\u200f\u061c", "mei"),
        ("a\u200bd\u2060m\ufeffi\u00adn", "admin"),
        ("  Mei\n\t Lin\u3000\xa0 ", "Mei Lin"),
        ("\x00a\x07b\x85c", "a b c"),
        ("\u3164\u2800\u115f", ""),
        ("\u0301mei", "mei"),
        ("\u200d\u200d", ""),
        ("x\U000e0061\U000e0062", "x"),
        ("a\ud800b", "ab"),
        ("e\u0301", "é"),
    ],
)
def test_XSS_06_direction_and_unseen_characters_are_taken_out(written: str, shown: str) -> None:
    assert quiet_name(written) == shown


def test_XSS_06_towers_of_marks_are_capped() -> None:
    assert quiet_name("z" + "\u0321" * 50 + "o") == "z" + "\u0321" * 4 + "o"


@pytest.mark.parametrize(
    "name",
    [
        "林梅",
        "שָׁלוֹם",
        "नमस्ते",
        "สวัสดี",
        "Zoë",
        "می‌خواهم",
        "👩‍👩‍👧‍👦 mum",
        "👍🏽",
        "🇫🇷",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "葛\U000e0100城",
    ],
)
def test_honest_names_stay_as_they_are(name: str) -> None:
    assert quiet_name(name) == unicodedata.normalize("NFC", name)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_a_quiet_name_is_quiet(name: str) -> None:
    once = quiet_name(name, 20)

    assert len(once) <= 20
    assert once == once.strip()
    assert not any("\u202a" <= each <= "\u202e" for each in once)


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "abc"),
        ("abe\u0301", 3, "ab"),
        ("a👩‍👩‍👧", 4, "a"),
        ("👍🏽", 1, "👍"),
        ("a🇫🇷🇩🇪", 4, "a🇫🇷"),
        ("a🇫🇷🇩🇪", 3, "a🇫🇷"),
        ("a🇫🇷🇩🇪", 2, "a"),
        ("\u1100\u1161\u11a8\u1100\u1161\u11a8", 4, "\u1100\u1161\u11a8"),
        ("a\r\nb", 2, "a"),
        ("茶馆", 1, "茶"),
    ],
)
def test_text_is_cut_between_characters_as_they_are_seen(text: str, most: int, kept: str) -> None:
    assert shortened(text, most) == kept


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("e\u0301", 1), ("👩‍👩‍👧", 1), ("🇫🇷🇩🇪", 2), ("茶馆", 2), ("", 0), ("👍🏽", 1)],
)
def test_characters_are_counted_as_they_are_seen(text: str, count: int) -> None:
    assert characters_in(text) == count
