"""Filter: what happens to a note by itself, and under which rule."""

import re
from datetime import date
from typing import Annotated

import re2
from msgspec import Meta

from moderation.languages import Words, check_words
from moderation.strict import LONGEST_REASON, Slug, Table, check_host
from moderation.vocabulary import Then, Where

MOST_WORDS = 1_000
LONGEST_WORD = 100
MOST_PATTERNS = 50
LONGEST_PATTERN = 300
MOST_FILES = 1_000

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Rate(Table, frozen=True):
    """More than so many `notes` of one author in so many `minutes`."""

    notes: Annotated[int, Meta(ge=1, le=10_000)]
    minutes: Annotated[int, Meta(ge=1, le=10_080)]


class When(Table, frozen=True):
    """What a filter looks for; one of these is enough.

    `words` are whole words or phrases, or any part of a text without spaces such as Chinese;
    `regex` are regular expressions as RE2 reads them, in time that grows with the text alone;
    `links` are hosts, their subdomains included; `more_links_than` counts links; `media` are files
    by their SHA-256; `rate` counts an author's notes. With `account_days`, only notes of authors
    that were first seen fewer days ago are meant; alone, it is all of theirs.
    """

    words: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    more_links_than: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    media: tuple[str, ...] = ()
    rate: Rate | None = None
    account_days: Annotated[int, Meta(ge=1, le=3_650)] | None = None

    def __post_init__(self) -> None:
        lists = (self.words, self.regex, self.links, self.media)
        numbers = (self.more_links_than, self.rate, self.account_days)
        if not any(lists) and all(each is None for each in numbers):
            raise ValueError(
                "say what to look for: words, regex, links, more_links_than, media, rate or"
                " account_days"
            )
        if max(map(len, lists)) > MOST_WORDS or len(self.regex) > MOST_PATTERNS:
            raise ValueError(
                f"at most {MOST_WORDS} words, links and files, and {MOST_PATTERNS} patterns"
            )
        for word in self.words:
            if not any(each.isalnum() for each in word) or len(word) > LONGEST_WORD:
                raise ValueError(f"{word!r} is no word: letters or digits, at most {LONGEST_WORD}")
        for host in self.links:
            check_host(host)
        for pattern in self.regex:
            compiled(pattern)
        for digest in self.media:
            if not _DIGEST.fullmatch(digest):
                raise ValueError(f"{digest!r} is no SHA-256: 64 digits and letters from a to f")

    @property
    def looks_inside(self) -> bool:
        """Whether it asks for more than how new an author is."""
        lists = (self.words, self.regex, self.links, self.media)
        return any(lists) or self.more_links_than is not None or self.rate is not None


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
        if self.when.media and self.where is not Where.LOCAL and self.then is not Then.REJECT:
            raise ValueError(
                "files from elsewhere come after their notes, and can only be kept out: write"
                ' then = "reject" or where = "local"'
            )


def compiled(pattern: str) -> "re2._Regexp[str]":
    """Make a pattern ready; it finds any part of a text. Raises ValueError for what RE2 refuses."""
    if not pattern.strip() or len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a pattern has at most {LONGEST_PATTERN} characters, and some")
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, 1 << 20
    try:
        found = re2.compile(pattern, options=options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise ValueError(f"the pattern {pattern!r} cannot be used: {said}") from error
    if found.search(""):
        raise ValueError(f"the pattern {pattern!r} is found in every text, even in an empty one")
    return found
