"""Filter: what happens to a note by itself, and under which rule."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from moderation.languages import Words, check_words
from moderation.strict import LONGEST_REASON, Slug, Table, check_host
from moderation.vocabulary import Then, Where

MOST_WORDS = 1_000
LONGEST_WORD = 100


class When(Table, frozen=True):
    """What a filter looks for; one of these is enough.

    `words` are whole words or phrases, or any part of a text without spaces such as Chinese;
    `links` are hosts, their subdomains included; `more_links_than` counts links.
    """

    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    more_links_than: Annotated[int, Meta(ge=0, le=1_000)] | None = None

    def __post_init__(self) -> None:
        if not self.words and not self.links and self.more_links_than is None:
            raise ValueError("say what to look for: words, links or more_links_than")
        if len(self.words) > MOST_WORDS or len(self.links) > MOST_WORDS:
            raise ValueError(f"at most {MOST_WORDS} words and {MOST_WORDS} links")
        for word in self.words:
            if not any(each.isalnum() for each in word) or len(word) > LONGEST_WORD:
                raise ValueError(f"{word!r} is no word: letters or digits, at most {LONGEST_WORD}")
        for host in self.links:
            check_host(host)


class Filter(Table, frozen=True):
    """`[[policy.filters]]`: what happens to a note by itself, and under which rule.

    Until the day `shadow_until` it only writes down what it would have done.
    """

    id: Slug
    rule: Slug
    when: When
    then: Then
    where: Where = Where.BOTH
    explanation: Words = {}
    shadow_until: date | None = None

    def __post_init__(self) -> None:
        check_words(self.explanation, longest=LONGEST_REASON)
        if self.then is Then.NUDGE and self.where is not Where.LOCAL:
            raise ValueError('nudge reaches people who write here only: add where = "local"')
