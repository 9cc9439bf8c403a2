"""What measures are called, against people, notes, groups and servers."""

from moderation.vocabulary import Measure, Severity
from web.texts import Lazy, _, lazy

MEASURES: dict[str, Lazy] = {
    Measure.NONE: lazy("advice"),
    Measure.LABEL: lazy("content note"),
    Measure.QUIET: lazy("kept out of public lists"),
    Measure.CLOSE: lazy("no new replies"),
    Measure.AGE: lazy("behind an age question"),
    Measure.HIDE: lazy("hidden"),
    Measure.REMOVE: lazy("removed"),
    Measure.WARN: lazy("warning"),
    Measure.SLOW: lazy("fewer notes"),
    Measure.READ_ONLY: lazy("reading only"),
    Measure.SUSPEND: lazy("suspended"),
    Measure.CLOSE_ACCOUNT: lazy("account closed"),
    Measure.LEAVE_GROUP: lazy("out of the group"),
    Measure.RESTRICT_GROUP: lazy("group restricted"),
    Measure.CLOSE_GROUP: lazy("group closed"),
    Measure.LIMIT: lazy("limited"),
    Measure.NO_MEDIA: lazy("without pictures"),
    Measure.HOLD: lazy("waits for a moderator"),
    Measure.REJECT: lazy("refused"),
    Measure.DROP: lazy("refused in silence"),
    Severity.ACCEPT: lazy("let in"),
}


def measure_of(value: str) -> str:
    """Say what a measure does."""
    return str(MEASURES.get(value, value))


def treated_words(severities: str) -> str:
    """Say how a server is treated, from measures with commas between them; "" is like any other."""
    found = [measure_of(each) for each in severities.split(", ") if each]
    return ", ".join(found) if found else _("like any other")
