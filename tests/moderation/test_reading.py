"""Reading `[policy]`: what is refused, and how that is said."""

import datetime

import pytest

from core.settings import Server, Settings, use
from moderation.reading import BadPolicy, draft_from
from moderation.sections import Sections, Steps, steps_of
from tests.moderation.drafts import RULE, entry

FILTER = {"id": "f", "rule": "no-ads", "when": {"words": ["x"]}, "then": "hold"}


@pytest.fixture(autouse=True)
def _here():
    use(Settings(server=Server(domain="here.example", account_domain="here.example")))


def test_nothing_written_is_a_policy_of_defaults():
    assert draft_from({}).sections == Sections()
    assert Sections().accounts.registration == "approval"  # ACC-06


REFUSED = [
    ({"acounts": {}}, "policy.acounts: no such key; there are language, about, rules, accounts"),
    ({"accounts": {"open": True}}, "policy.accounts.open: no such key; there are registration"),
    (
        {"accounts": {"registration": "opne"}},
        "policy.accounts.registration: 'opne' is none of open, approval, invite, closed",
    ),
    ({"accounts": {"min_age": 99}}, "policy.accounts.min_age: expected `int` <= 21"),
    ({"accounts": {"min_age": "13"}}, "policy.accounts.min_age: expected `int`, got `str`"),
    ({"rules": [RULE, {**RULE}]}, "policy.rules: the id 'no-ads' is there twice"),
    ({"rules": [{**RULE, "id": "No Ads"}]}, "policy.rules[No Ads].id: expected `str` matching"),
    ({"rules": [{"id": "a", "title": {"zh": "甲"}}]}, "policy.rules: 'a' has no title in 'en'"),
    ({"rules": [{**RULE, "title": {"en": " "}}]}, "the text in 'en' is empty"),
    ({"rules": [{**RULE, "title": {"English": "A"}}]}, "'English' is no language; write a tag"),
    ({"rules": [{**RULE, "category": "spam"}]}, "'spam' is none of none, animal_welfare"),
    ({"rules": [{**RULE, "measures": ["ban"]}]}, "'ban' is none of none, label, quiet"),
    (
        {"rules": [{**RULE, "number": 2}, {**RULE, "id": "b"}]},
        "policy.rules: the number '2' is there twice",
    ),
    ({"filters": [FILTER]}, "policy.filters: 'f' is about 'no-ads', which is no rule"),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {}}]},
        "policy.filters[f].when: say what to look for",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"words": ["!!"]}}]},
        "'!!' is no word",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"links": ["a b"]}}]},
        "'a b' is no host",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "then": "nudge"}]},
        'policy.filters[f]: nudge reaches people who write here only: add where = "local"',
    ),
    ({"federation": {"mode": "shut"}}, "'shut' is none of open, approval, allowlist"),
    (
        {"federation": {"entries": [entry("x.example", "block")]}},
        "none of accept, limit",
    ),
    (
        {"federation": {"entries": [entry("*.x.example")]}},
        "policy.federation.entries[*.x.example]: '*.x.example': write the bare host",
    ),
    ({"federation": {"entries": [entry("https://x.example/")]}}, "write the bare host"),
    (
        {"federation": {"entries": [{"domain": "x.example", "severity": "reject"}]}},
        "x.example: a measure needs a reason that everyone can read",
    ),
    (
        {"federation": {"entries": [entry("x.example"), entry("X.EXAMPLE.")]}},
        "policy.federation: the entry 'x.example reject' is there twice",
    ),
    (
        {"federation": {"lists": [{"id": "a", "url": "ftp://x.example/a"}]}},
        "policy.federation.lists[a]: 'ftp://x.example/a' is no address",
    ),
    (
        {"federation": {"lists": [{"id": "a", "url": "https://x.example/a", "cap": "accept"}]}},
        "policy.federation.lists[a]: cap: a list can only make us stricter",
    ),
    (
        {"federation": {"lists": [{"id": "a", "url": "https://x.example/a"}] * 2}},
        "policy.federation: the list 'a' is there twice",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"regex": ["(a"]}}]},
        "policy.filters[f].when: the pattern '(a' cannot be used: missing )",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"regex": ["(a)\\1"]}}]},
        "cannot be used: invalid escape",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"regex": ["a*"]}}]},
        "the pattern 'a*' is found in every text",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"media": ["abc"]}}]},
        "'abc' is no SHA-256",
    ),
    (
        {"rules": [RULE], "filters": [{**FILTER, "when": {"media": ["ab" * 32]}}]},
        "policy.filters[f]: files from elsewhere come after their notes",
    ),
    ({"governance": {"threshold_percent": 40}}, "threshold_percent: expected `int` >= 50"),
    ({"governance": {"emergency_days": 15}}, "policy.governance.emergency_days: expected"),
    ({"federation": {"entries": [entry("here.example")]}}, "here.example is this server itself"),
    ({"federation": {"entries": [entry("example")]}}, "example is this server itself"),
    ({"moderation": {"sunset_days": {"ban": 3}}}, "policy.moderation.sunset_days: invalid enum"),
    ({"appeals": {"panel": 4}}, "policy.appeals: a panel has 0 (none), 3 or 5 people"),
    (
        {"appeals": {"panel": 3, "panel_effect": "law"}},
        "policy.appeals.panel_effect: 'law' is none of advice, binding",
    ),
    ({"ranking": {"half_life_hours": 0}}, "policy.ranking.half_life_hours: expected `float` > 0"),
    ({"language": "English"}, "policy.language: 'English' is no tag"),
    ({"based_on": "1"}, "policy.based_on: '1' is no version"),
    ({"based_on": True}, "policy.based_on: True is no version"),
    ({"preset": "king"}, "policy.governance.preset: 'king' is none of steward, consult, assembly"),
    (
        {"preset": "steward", "governance": {"preset": "consult"}},
        "policy.preset: 'steward' and governance.preset say different things",
    ),
]


@pytest.mark.parametrize(("written", "said"), REFUSED)
def test_what_is_wrong_is_named_with_what_is_allowed(written, said):
    with pytest.raises(BadPolicy) as refusal:
        draft_from(written)

    assert said in str(refusal.value)


def test_numbers_of_governance_are_those_of_the_preset_unless_they_are_written():
    draft = draft_from({"preset": "assembly", "governance": {"vote_days": 9}})

    assert steps_of(draft.sections.governance) == Steps(3, 10, 9, 60)


def test_the_preset_at_the_top_is_that_of_governance():
    draft = draft_from({"preset": "assembly", "based_on": 4})

    assert draft.sections.governance.preset == "assembly"
    assert draft.based_on == 4


def test_dates_are_read_as_toml_writes_them():
    until = datetime.date(2026, 12, 1)

    draft = draft_from({"federation": {"entries": [entry("x.example", until=until)]}})

    assert draft.sections.federation.entries[0].until == until


def test_a_port_of_ours_is_not_another_servers():
    draft = draft_from({"federation": {"entries": [entry("here.example:8443")]}})

    assert draft.sections.federation.entries[0].domain == "here.example:8443"
