"""Whom and what this community lets in: the policy's word on servers and on notes.

Everything here answers from memory, so that the hot roads never wait for the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cachetools import LRUCache

from actors.actor import Actor
from core.clock import now
from core.settings import settings
from federation.errors import Malformed, Refused
from federation.urls import canonical_host, host_of
from moderation.filters import Filter
from moderation.matching import Facts, Seen, Wanted, parents_of, plainly
from moderation.policy import current, refresh
from moderation.sections import Entry, Sections
from moderation.vocabulary import Mode, Severity, Then, Where

__all__ = [
    "Dropped",
    "Facts",
    "Measures",
    "NotLetIn",
    "Verdict",
    "admit_host",
    "is_hidden_host",
    "judge",
    "measures_for",
    "measures_of",
]

MOST_FOUND = 5_000
TOO_MANY_TAGS = "content.max_tags"
BLOCKED_TAG = "content.blocked_tags"

_STRENGTH = {each.value: place for place, each in enumerate(Then)}


class NotLetIn(Refused):
    """The policy keeps this server out."""


class Dropped(NotLetIn):
    """This server is refused without being told so."""


@dataclass(frozen=True)
class Measures:
    """How a server is treated (product.md 6.3); `reject` is true for what is dropped too.

    `severities` and `reason`, in several languages, are for those who ask why.
    """

    limit: bool = False
    no_media: bool = False
    hold: bool = False
    reject: bool = False
    drop: bool = False
    severities: tuple[Severity, ...] = ()
    reason: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: "Measures") -> "Measures":
        return Measures(
            limit=self.limit or other.limit,
            no_media=self.no_media or other.no_media,
            hold=self.hold or other.hold,
            reject=self.reject or other.reject,
            drop=self.drop or other.drop,
            severities=tuple(dict.fromkeys((*self.severities, *other.severities))),
            reason=self.reason or other.reason,
        )


@dataclass(frozen=True)
class Verdict:
    """What the filters say of a note: the strongest `action` among those that match, or none.

    `explanation` is in the language that counts, `words` has it in every language. What a number of
    the policy says has its key for a `filter_id`, and no words. `trials` are the filters that only
    write down what they would have done.
    """

    action: str = ""
    filter_id: str = ""
    rule_id: str = ""
    explanation: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    trials: Sequence[Filter] = ()


NONE = Measures()
FINE = Verdict()


class Gate:
    """A policy made ready to be asked, for one day: measures end by themselves."""

    def __init__(self, sections: Sections, today: date) -> None:
        self._mode = sections.federation.mode
        self._language = sections.language
        self._rules = {rule.id: rule for rule in sections.rules}
        self._most_tags = sections.content.max_tags
        self._blocked_tags = {
            plainly(tag.removeprefix("#")) for tag in sections.content.blocked_tags
        }
        self._found: LRUCache[str, Measures] = LRUCache(MOST_FOUND)
        self._measures: dict[str, Measures] = {}
        for entry in sections.federation.entries:
            if entry.until is None or entry.until >= today:
                host = canonical_host(entry.domain)
                self._measures[host] = self._measures.get(host, NONE) | _measures(entry)
        # The strongest first, so that the first that matches decides.
        chosen = sorted(sections.filters, key=lambda each: -_STRENGTH[each.then])
        self._filters = [(each, Wanted(each.when), _is_shadow(each, today)) for each in chosen]
        self.rates = {each.when.rate.minutes for each in chosen if each.when.rate}
        self.wants_media = any(each.when.media for each in chosen)

    def measures(self, host: str) -> Measures:
        """Return what is written of a host or of the nearest domain above it (SIG-17)."""
        found = self._found.get(host)
        if found is None:
            found = self._found[host] = self._looked_up(host)
        return found

    def _looked_up(self, host: str) -> Measures:
        for parent in parents_of(host):
            if parent in self._measures:
                return self._measures[parent]
        match self._mode:
            case Mode.ALLOWLIST:
                return Measures(reject=True)
            case Mode.APPROVAL:
                return Measures(hold=True)
        return NONE

    def judge(self, facts: Facts, *, local: bool) -> Verdict:
        """Return the strongest thing that is said of a note, by a filter or for its tags."""
        found = self._filtered(facts, local)
        # What is written here with too many is sent back for it (moderation/posting.py).
        over = TOO_MANY_TAGS if not local and self.has_too_many(facts.tags) else ""
        if why := over or (BLOCKED_TAG if self.blocked_among(facts.tags) else ""):
            limit = Verdict(Then.LIMIT.value, why, trials=found.trials)
            return max(found, limit, key=lambda each: _STRENGTH.get(each.action, -1))
        return found

    def blocked_among(self, tags: Sequence[str]) -> list[str]:
        """Return which of these tags stay out of public lists (`content.blocked_tags`)."""
        if not self._blocked_tags:
            return []
        return [each for each in tags if plainly(each) in self._blocked_tags]

    def has_too_many(self, tags: Sequence[str]) -> bool:
        """Tell whether a note with these tags has more than `content.max_tags`."""
        return len({each.casefold() for each in tags}) > self._most_tags

    def _filtered(self, facts: Facts, local: bool) -> Verdict:
        place = Where.LOCAL if local else Where.REMOTE
        chosen = [each for each in self._filters if each[0].where in (place, Where.BOTH)]
        if not chosen:
            return FINE
        seen = Seen(facts)
        trials = tuple(each for each, wanted, tried in chosen if tried and wanted.is_in(seen))
        for each, wanted, is_shadow in chosen:
            if not is_shadow and wanted.is_in(seen):
                return self._verdict(each, trials)
        return Verdict(trials=trials) if trials else FINE

    def _verdict(self, found: Filter, trials: Sequence[Filter]) -> Verdict:
        words = found.explanation or self._rules[found.rule].title
        explanation = words.get(self._language) or next(iter(words.values()))
        return Verdict(found.then.value, found.id, found.rule, explanation, words, trials)


_gates: LRUCache[tuple[str, date], Gate] = LRUCache(16)


def gate() -> Gate:
    """Return the gate of the policy in force."""
    policy, today = current(), now().date()
    mark = (policy.sha256, today)
    if found := _gates.get(mark):
        return found
    made = _gates[mark] = Gate(policy.sections, today)
    return made


async def admit_host(host: str) -> None:
    """Let a server speak; raise NotLetIn, or Dropped where nobody is to be told, or Malformed."""
    await refresh()
    measures = measures_for(host)
    if measures.reject:
        # Another process may just have let it in, and a letter that is refused never comes again.
        await refresh(at_once=True)
        measures = measures_for(host)
    if measures.drop:
        raise Dropped(f"{host} is not let in")
    if measures.reject:
        raise NotLetIn(f"{host} is not let in by the policy of this server")


def measures_for(host: str) -> Measures:
    """Return how a server is treated, however its name is spelled (SIG-17); raise Malformed."""
    host = canonical_host(host)
    return NONE if host in _ourselves() else gate().measures(host)


def measures_of(actor: Actor) -> Measures:
    """Return how an actor's server is treated: by the name in the handle and by where it is."""
    if actor.is_local:
        return NONE
    measures = measures_for(actor.host)
    try:
        lives_at = host_of(actor.uri)
    except Malformed:
        return measures
    return measures if lives_at == actor.host else measures | measures_for(lives_at)


def is_hidden_host(host: str) -> bool:
    """Tell whether what comes from there stays out of public lists."""
    measures = measures_for(host)
    return measures.limit or measures.reject


def judge(facts: Facts, *, local: bool) -> Verdict:
    """Ask the filters about a note that was written here, or that comes in."""
    return gate().judge(facts, local=local)


def _measures(entry: Entry) -> Measures:
    severity = entry.severity
    return Measures(
        limit=severity is Severity.LIMIT,
        no_media=severity is Severity.NO_MEDIA,
        hold=severity is Severity.HOLD,
        reject=severity in (Severity.REJECT, Severity.DROP),
        drop=severity is Severity.DROP,
        severities=(severity,),
        reason=entry.reason,
    )


def _is_shadow(each: Filter, today: date) -> bool:
    return each.shadow_until is not None and each.shadow_until > today


def _ourselves() -> tuple[str, ...]:
    server = settings().server
    return (canonical_host(server.domain), canonical_host(server.account_domain))
