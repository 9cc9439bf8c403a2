"""Each word that a machine wrote into an entry of the record is said to people in words."""

import pytest

from moderation.group_charter import OF_GROUP, OF_PROFILE
from moderation.record import RecordEntry
from moderation.states import Thing
from moderation.vocabulary import Category
from notes.attachments import Media
from web.building.policy_values import choice_of, value_of
from web.building.record import record_line
from web.building.record_words import (
    CONTENTS,
    KEYS,
    object_words,
    origin_words,
    said_by,
    what_changed,
)
from web.texts import LOCALES, speaking


@pytest.mark.parametrize("tag", LOCALES)
def test_no_key_of_a_document_is_shown_as_it_is(tag):
    kinds = [each.value for each in Thing] + ["comment"]
    keys = {*OF_GROUP, *OF_PROFILE} - {"about_source"}
    categories = [each.value for each in Category if each is not Category.NONE]

    with speaking(tag):
        said = {
            **{each: value_of("category", each) for each in categories if "_" in each},
            **{each: origin_words(each) for each in ("local", "remote")},
            **{each: said_by(each) for each in ("group_moderator", "moderator", "admin", "nobody")},
            **{each: what_changed([each]) for each in keys},
            **{each: object_words({"kind": each}) for each in kinds},
        }

    assert {key for key, words in said.items() if key == words} == set()
    assert set(KEYS) == keys
    assert {each.value for each in Media if each is not Media.UNKNOWN} <= set(CONTENTS)


def test_a_choice_is_said_by_its_key_first():
    with speaking("en"):
        assert choice_of("unconfirmed", "none") == "reading only"
        assert choice_of("category", "none") == "none of these"
        assert choice_of("severity", "reject") == "refused"


def test_what_nobody_knows_stays_as_it_is():
    with speaking("en"):
        assert said_by("mira") == "mira"
        assert object_words({"kind": "note", "content_type": "unknown"}) == "a note"
        assert object_words({"kind": "comment", "content_type": "text"}) == "a reply, text"
        assert what_changed(["about", "about_source", "rules"]) == "What it is about, Rules"


@pytest.mark.parametrize(
    ("tag", "until", "source"),
    [("en", "Dec 5, 2026", "reported by members"), ("zh-Hans", "2026年12月5日", "由成员举报")],
)
def test_until_when_and_what_it_began_with_are_said_in_words(tag, until, source):
    document = {"until": "2026-12-05T00:00:00Z", "source": "member", "no_end_because": "x"}
    entry = RecordEntry(
        number=1, kind="decision", document=document, measure="warn", thing="account", digest=""
    )

    with speaking(tag):
        facts = dict(record_line(entry).facts)
        values = " ".join(facts.values())

    assert until in values
    assert "T00:00" not in values
    assert source in values
