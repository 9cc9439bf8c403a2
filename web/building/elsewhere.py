"""What to say to a member when another server did not give what was asked of it."""

from core.limits import TooMany
from federation.errors import (
    FederationError,
    ForbiddenAddress,
    Gone,
    NotFound,
    Refused,
    Unreachable,
)
from inbox.naming import Named, host_named
from moderation.gate import NotLetIn, measures_for
from moderation.languages import said_in
from moderation.policy import current
from web.texts import Lazy, _, lazy, locale
from web.views.frame import Trouble

Meaning = tuple[Lazy, Lazy]

# Subclasses stand before their parents: the first line that fits is taken.
MEANINGS: tuple[tuple[type[FederationError], Meaning], ...] = (
    (
        Unreachable,
        (
            lazy("%(host)s did not answer"),
            lazy(
                "We asked, and no useful answer came in time. Is the name right? The server may be"
                " busy or down: try again in a moment."
            ),
        ),
    ),
    (
        NotLetIn,
        (
            lazy("%(host)s is not let in here"),
            lazy("The rules of this community keep that server out, so it was not asked."),
        ),
    ),
    (
        Refused,
        (
            lazy("%(host)s refused to answer"),
            lazy(
                "That server tells this community nothing, or nothing about this. Asking again will"
                " hardly change it; its own people may know why."
            ),
        ),
    ),
    (
        Gone,
        (lazy("This is gone"), lazy("It was on %(host)s once, and was deleted there.")),
    ),
    (
        NotFound,
        (
            lazy("%(host)s knows nothing of this name"),
            lazy("The server answered that there is no such account or note. Is it written right?"),
        ),
    ),
    (
        ForbiddenAddress,
        (
            lazy("This address is never called"),
            lazy("It does not lie on the public network. Is it written right?"),
        ),
    ),
    (
        FederationError,
        (
            lazy("%(host)s answered something we cannot use"),
            lazy("There may be no server of the Fediverse at that name. Is it written right?"),
        ),
    ),
)


def trouble_of(named: Named, words: str, again: str) -> Trouble | None:
    """Say why a whole handle or address led to nobody; `again` is where one asks once more."""
    if named.trouble is None:
        return None
    if isinstance(named.trouble, TooMany):
        return Trouble(
            _("You have asked other servers very often"),
            _("There is a limit for an hour, so that nobody is bothered. Try again later."),
        )
    error, host = named.trouble, host_named(words)
    reason, url, label = "", "", ""
    if isinstance(error, Unreachable):
        url, label = again, _("Try again")
    if isinstance(error, NotLetIn):
        reason = said_in(measures_for(host).reason, locale(), current().sections.language).text
        url, label = "/federation", _("Servers we limit")
    _title, text = _meaning(error)
    return Trouble(title_of(error, words), _(text.message, host=host), reason, url, label)


def title_of(error: FederationError, words: str) -> str:
    """Say in a line what went wrong with a whole handle or address, as below a field."""
    title, _text = _meaning(error)
    return _(title.message, host=host_named(words) or words[:100])


def _meaning(error: FederationError) -> Meaning:
    return next(said for kind, said in MEANINGS if isinstance(error, kind))
