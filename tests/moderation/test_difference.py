"""What changed between two policies, and policies as TOML."""

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from moderation.difference import Change, difference, pieces
from moderation.policy import Policy, checksum
from moderation.reading import sections_from
from moderation.writing import toml_of
from tests.moderation.drafts import RULE, entry, sections_of, servers

words = some.text(min_size=1, max_size=40).filter(str.strip)
texts = some.dictionaries(some.sampled_from(["en", "zh", "pt-BR"]), words, max_size=3)
slugs = some.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
days = some.dates(date(2020, 1, 1), date(2040, 1, 1))
hosts = some.from_regex(r"[a-z]{1,10}\.example", fullmatch=True)

rules = some.fixed_dictionaries(
    {"id": slugs, "title": texts.map(lambda t: {**t, "en": "Rule"})},
    optional={
        "text": texts,
        "examples": some.fixed_dictionaries({"ok": some.lists(texts, max_size=2)}),
        "category": some.sampled_from(["none", "violence", "scams_and_fraud"]),
        "measures": some.lists(some.sampled_from(["warn", "hide", "suspend"]), max_size=3),
        "appealable": some.booleans(),
    },
)
entries = some.fixed_dictionaries(
    {
        "domain": hosts,
        "severity": some.sampled_from(["reject", "limit", "hold", "accept"]),
        "reason": texts.map(lambda t: {**t, "en": "Why"}),
    },
    optional={"since": days, "until": some.none() | days},
)


@some.composite
def policies(draw: Any) -> Any:
    chosen = draw(some.lists(rules, max_size=4, unique_by=lambda each: each["id"]))
    named = draw(some.lists(entries, max_size=4, unique_by=lambda e: (e["domain"], e["severity"])))
    tables: dict[str, Any] = {
        "rules": chosen,
        "federation": {"entries": named},
        "accounts": {"min_age": draw(some.integers(0, 21))},
        "about": {"operator": draw(some.text(max_size=20)), "purpose": draw(texts)},
        "ranking": {"save": draw(some.floats(0, 100, allow_nan=False))},
        "moderation": {"sunset_days": draw(some.dictionaries(some.just("limit"), some.just(9)))},
    }
    if chosen:
        when = {"words": [draw(some.from_regex(r"\w{1,9}", fullmatch=True).filter(str.isalnum))]}
        tables["filters"] = [{"id": "f", "rule": chosen[0]["id"], "then": "hold", "when": when}]
    return sections_from(tables)


@given(policies())
def test_nothing_changed_between_a_policy_and_itself(sections):
    assert difference(sections, sections) == []


@given(policies(), policies())
def test_two_policies_differ_if_and_only_if_something_is_named(one, other):
    changes = difference(one, other)

    assert bool(changes) is (_unordered(one) != _unordered(other))
    assert all(change.before != change.after for change in changes)


@settings(max_examples=60)
@given(policies())
def test_an_export_reads_as_the_same_policy_with_the_same_checksum(sections):
    policy = Policy(version=7, sections=sections, sha256=checksum(sections))

    written = tomllib.loads(toml_of(policy))["policy"]

    assert written.pop("based_on") == 7
    again = sections_from(written)
    assert again == sections
    assert checksum(again) == policy.sha256


@given(some.text(max_size=60), some.text(max_size=60))
def test_the_pieces_of_a_comparison_are_both_texts(one, other):
    found = pieces(one, other)

    assert "".join(text for kind, text in found if kind != "added") == one
    assert "".join(text for kind, text in found if kind != "removed") == other


def test_things_in_lists_go_by_their_names():
    before = sections_of(**servers(entry("a.example"), entry("b.example", until="2027-01-01")))
    after = sections_of(**servers(entry("b.example", until="2027-06-01"), entry("c.example")))

    changes = difference(before, after)

    assert (
        Change(("federation", "entries", "b.example", "until"), "2027-01-01", "2027-06-01")
        in changes
    )
    kinds = {(each.path[2], each.kind) for each in changes}
    assert kinds == {("a.example", "removed"), ("b.example", "changed"), ("c.example", "added")}


def test_a_changed_rule_is_named_by_language():
    after = sections_of(rules=[{**RULE, "text": {**RULE["text"], "zh": "请到别处去卖。"}}])

    (change,) = difference(sections_of(), after)

    assert change.path == ("rules", "no-ads", "text", "zh")
    assert change.kind == "changed"


def test_rules_in_another_order_are_a_change():
    second = {"id": "b", "title": {"en": "B"}}

    changes = difference(
        sections_from({"rules": [RULE, second]}), sections_from({"rules": [second, RULE]})
    )

    assert changes == [Change(("rules",), ("no-ads", "b"), ("b", "no-ads"))]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Be kind.", "Be very kind.", ["Be", "+ very", " kind."]),
        ("禁止广告", "禁止一切广告", ["禁止", "+一切", "广告"]),
        ("gone", "", ["-gone"]),
        ("", "new", ["+new"]),
        ("", "", []),
    ],
)
def test_texts_are_compared_by_words_or_characters(before, after, found):
    marks = {"same": "", "added": "+", "removed": "-"}

    assert [marks[kind] + text for kind, text in pieces(before, after)] == found


def _unordered(sections: Any) -> Any:
    """The same policy with its servers in one order, which means nothing."""
    ordered = sorted(sections.federation.entries, key=lambda each: each.key)
    return (
        sections.rules,
        sections.filters,
        ordered,
        sections.accounts,
        sections.about,
        sections.ranking,
        sections.moderation,
    )
