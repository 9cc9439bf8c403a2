"""Languages have tags, and names of their own."""

import pytest

from core.languages import OFFERED, language_tag, own_name
from tests.core.language_names import own_names


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        *(("en", "en"), ("EN", "en"), ("zh_tw", "zh-TW"), ("zh-hans-cn", "zh-Hans-CN")),
        *(("es-419", "es-419"), (" de ", "de"), ("yue", "yue")),
        *(
            ("", ""),
            ("und", ""),
            ("english", ""),
            ("e", ""),
            ("en-", ""),
            ("en us", ""),
            ("en\n;", ""),
        ),
    ],
)
def test_tags_are_written_one_way(written: str, tag: str) -> None:
    assert language_tag(written) == tag


def test_languages_say_their_own_names() -> None:
    assert own_name("de") == "Deutsch"
    assert own_name("zh-TW").startswith("中文")
    assert own_name("xx") == "xx"
    assert own_name("not a tag") == "not a tag"


def test_every_language_we_offer_has_a_name() -> None:
    assert all(own_name(tag) != tag for tag in OFFERED)
    assert all(language_tag(tag) == tag for tag in OFFERED)
    assert len(set(OFFERED)) == len(OFFERED)


def test_the_names_written_down_are_those_of_the_library() -> None:
    assert {tag: own_name(tag) for tag in own_names()} == own_names()
