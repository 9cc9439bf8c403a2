"""Rule: what is asked of everyone here."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from moderation.languages import Words, check_words
from moderation.strict import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE, Slug, Table
from moderation.vocabulary import Category, Measure


class Examples(Table, frozen=True):
    """Short cases that show where a rule ends."""

    ok: tuple[Words, ...] = ()
    not_ok: tuple[Words, ...] = ()

    def __post_init__(self) -> None:
        for words in (*self.ok, *self.not_ok):
            check_words(words, longest=LONGEST_REASON)


class Rule(Table, frozen=True):
    """`[[policy.rules]]`: what is asked of everyone; decisions point to its `id`.

    `number` is its place in the list unless it is written down; `measures` is the usual ladder.
    """

    id: Slug
    title: Words
    number: Annotated[int, Meta(ge=0, le=999)] = 0
    text: Words = {}
    examples: Examples = Examples()
    category: Category = Category.NONE
    measures: tuple[Measure, ...] = ()
    appealable: bool = True

    def __post_init__(self) -> None:
        check_words(self.title, longest=LONGEST_TITLE)
        check_words(self.text, longest=LONGEST_TEXT)


def numbered(rules: Sequence[Rule]) -> list[tuple[int, Rule]]:
    """Return the rules with the numbers people call them by."""
    return [(rule.number or place, rule) for place, rule in enumerate(rules, 1)]


def rule_of(rules: Sequence[Rule], rule_id: str) -> tuple[int, Rule] | None:
    """Find a rule, with its number."""
    return next((each for each in numbered(rules) if each[1].id == rule_id), None)
