"""The words: every one translated, and the right language for whoever reads."""

import re

import pytest
from babel.messages.pofile import read_po

from core.settings import use
from tests.web import samples
from web.extract import all_said, gathered, path_of
from web.mails import mail
from web.texts import LOCALES, SOURCE, _, choose, lazy, locale, ngettext, speaking, use_locale

PLACEHOLDER = re.compile(r"%\(\w+\)s")
OTHERS = [tag for tag in LOCALES if tag != SOURCE]


@pytest.fixture
def house():
    """Be the sample instance."""
    use(samples.SETTINGS)


@pytest.fixture
def catalogues():
    return {tag: catalogue_of(tag) for tag in OTHERS}


def catalogue_of(tag):
    with path_of(tag).open("rb") as file:
        return read_po(file, locale=tag.replace("-", "_"))


def test_every_message_of_the_pages_is_translated_into_every_language(catalogues):
    source = gathered()

    for tag, catalogue in catalogues.items():
        untold = [each.id for each in source if each.id and not told(catalogue, each.id)]
        assert untold == [], f"{tag}: run python -m web.extract and translate these"


def told(catalogue, message):
    found = catalogue.get(message[0] if isinstance(message, tuple) else message)
    return found is not None and all_said(found.string) and not found.fuzzy


def test_a_translation_has_the_placeholders_of_its_message(catalogues):
    for catalogue in catalogues.values():
        for each in catalogue:
            if each.id:
                assert placeholders(each.string) <= placeholders(each.id), each.id
                assert needed(each.id) <= placeholders(each.string), each.id


def placeholders(message):
    texts = message if isinstance(message, tuple | list) else (message,)
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


def needed(message):
    """Every placeholder but a number that the singular may leave out in words."""
    return placeholders(message[1] if isinstance(message, tuple) else message)


def test_the_house_does_not_shout():
    for each in gathered():
        text = " ".join(each.id) if isinstance(each.id, tuple) else each.id
        assert "!" not in text
        assert "oops" not in text.lower()


@pytest.mark.parametrize(
    ("account", "cookie", "accept", "chosen"),
    [
        ("", "", "", "en"),
        ("", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "", "en;q=0.3, zh;q=0.7", "zh-Hans"),
        ("", "", "fr, de;q=0.5", "en"),
        ("", "", "zh;q=0, en", "en"),
        ("", "zh-Hans", "en", "zh-Hans"),
        ("en", "zh-Hans", "zh", "en"),
        ("xx", "", "zh-hant-TW", "zh-Hans"),
        ("", "", "zh;q=nonsense,,;;q=", "en"),
    ],
)
def test_the_account_goes_before_the_cookie_and_the_cookie_before_the_browser(
    account, cookie, accept, chosen
):
    assert choose(account, cookie, accept) == chosen


def test_a_message_is_said_in_the_language_of_the_request():
    word = lazy("Sign in")

    with speaking("zh-Hans"):
        assert _("Sign in") == str(word) == "登录"
        assert ngettext("%(num)s hour", "%(num)s hours", 2) == "2 小时"
        assert _("About %(name)s", name="灯街") == "关于灯街"

    assert str(word) == "Sign in"
    assert ngettext("%(num)s hour", "%(num)s hours", 1) == "1 hour"


def test_an_unknown_language_is_spoken_in_english():
    with speaking("zh-Hans"):
        use_locale("tlh")

        assert locale() == "en"


def test_a_mail_is_written_in_the_language_of_its_reader(house):
    english = mail("confirm", handle="mei", url="https://lantern.example/c/1", days=3)
    chinese = mail("confirm", "zh-Hans", handle="mei", url="https://lantern.example/c/1", days=3)

    assert english.subject == "Confirm your e-mail address for Lantern Street"
    assert "https://lantern.example/c/1\n" in english.text
    assert "3 天" in chinese.text
    assert "Hello" not in chinese.text


def test_XSS_08_a_line_break_in_a_name_does_not_reach_the_subject_of_a_mail(house):
    told = mail("declined", handle="mei\r\nBcc: all@example.org", reason="")

    assert "\n" not in told.subject
    assert "\r" not in told.subject


def test_a_mail_is_text_and_nothing_is_escaped(house):
    told = mail("declined", handle="mei", reason="Tom & Jerry's <b>")

    assert "Tom & Jerry's <b>" in told.text
