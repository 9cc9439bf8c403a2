"""Changes that are brought over to a later version, and taken back from it."""

from typing import Any

import pytest

from moderation.merging import DoesNotFit, brought_over, taken_back
from moderation.sections import Sections
from tests.moderation.drafts import RULE, entry, sections_of


def rule(name: str, text: str = "A text.") -> dict[str, Any]:
    return {"id": name, "title": {"en": name}, "text": {"en": text}}


def rules(*named: dict[str, Any], **tables: Any) -> Sections:
    return sections_of(rules=[RULE, *named], **tables)


def names(sections: Sections) -> list[str]:
    return [each.id for each in sections.rules]


def test_changes_of_different_things_stand_side_by_side():
    base = rules(rule("one"), rule("two"))
    wanted = rules(rule("one", "Better."), rule("two"), rule("three"))
    newest = rules(rule("zero"), rule("one"), rule("two", "Newer."), content={"max_tags": 5})

    merged = brought_over(base, wanted, newest)

    assert names(merged) == ["no-ads", "zero", "one", "two", "three"]
    assert merged.rules[2].text["en"] == "Better."
    assert merged.rules[3].text["en"] == "Newer."
    assert merged.content.max_tags == 5


def test_what_both_changed_alike_fits_and_what_they_changed_otherwise_does_not():
    base = rules(rule("one"))
    wanted, same, other = (rules(rule("one", text)) for text in ("A.", "A.", "B."))

    assert brought_over(base, wanted, same) == same
    with pytest.raises(DoesNotFit) as clash:
        brought_over(base, wanted, other)

    assert clash.value.paths == (("rules", "one", "text", "en"),)


def test_a_rule_taken_out_meanwhile_cannot_be_reworded():
    base, gone = rules(rule("one"), rule("two")), rules(rule("two"))

    with pytest.raises(DoesNotFit):
        brought_over(base, rules(rule("one", "Better."), rule("two")), gone)
    assert brought_over(base, rules(rule("one")), gone) == rules()


def test_a_filter_whose_rule_was_taken_out_does_not_fit():
    base = rules(rule("one"))
    filtered = {"id": "f", "rule": "one", "when": {"words": ["pills"]}, "then": "hold"}
    filtered |= {"where": "both", "explanation": {"en": "No."}}

    with pytest.raises(DoesNotFit, match="no rule"):
        brought_over(base, rules(rule("one"), filters=[filtered]), rules())


def test_an_order_is_changed_by_whoever_changed_it():
    base = rules(rule("one"), rule("two"))
    turned = rules(rule("two"), rule("one"))

    assert names(brought_over(base, turned, base)) == ["no-ads", "two", "one"]
    assert names(brought_over(base, turned, rules(rule("one"), rule("two"), rule("three")))) == [
        "no-ads",
        "two",
        "one",
        "three",
    ]


def test_taking_a_change_back_leaves_what_was_decided_since():
    before = rules(federation={"entries": []})
    emergency = rules(federation={"entries": [entry("spam.example"), entry("loud.example")]})
    since = rules(
        rule("new"),
        federation={"entries": [entry("spam.example"), entry("loud.example", "reject", since=None)]}
        | {"mode": "approval"},
    )

    after = taken_back(before, emergency, since)

    assert after.federation.entries == ()
    assert (after.federation.mode, names(after)) == ("approval", ["no-ads", "new"])


def test_what_was_decided_about_the_same_key_since_then_is_not_taken_back():
    before, emergency = rules(content={"max_tags": 30}), rules(content={"max_tags": 5})
    since = rules(content={"max_tags": 8})

    assert taken_back(before, emergency, since).content.max_tags == 8
