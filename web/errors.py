"""What is wrong with a request, and the one table from exceptions to status codes."""

from dataclasses import dataclass, replace

from aiohttp import web
from tortoise.exceptions import ValidationError

from core.limits import TooMany
from core.sql import is_beyond
from core.storage import StorageTrouble
from federation import errors as wire
from outbox import refusals
from web.texts import _, lazy


class NotSignedIn(Exception):
    """Nobody, or nobody we know, is asking."""


class NotAllowed(Exception):
    """Whoever asks may not do this."""


class NotYet(NotAllowed):
    """The account has to be confirmed or approved first (security.md OAU-08)."""


class NotProved(NotAllowed):
    """Whoever is signed in has to show again that it is them (security.md ADM-01)."""


class NotStrong(NotAllowed):
    """Who runs the place needs a second factor for it (security.md ACC-03)."""


class Suspended(NotAllowed):
    """A decision of the moderators suspends the account; its owner may read it, and appeal."""


class BadForm(Exception):
    """The form, or its token, cannot be used; nothing was changed."""


class Missing(Exception):
    """There is no such thing, or none for whoever asks (security.md PRIV-02)."""


class Misdirected(Exception):
    """The request is meant for another host (security.md WEB-05)."""


class BodyTooLarge(web.HTTPRequestEntityTooLarge):
    """More came in one request than its address takes: at most `most` bytes."""

    def __init__(self, most: int, size: int) -> None:
        super().__init__(max_size=most, actual_size=size)
        self.most = most

    @property
    def largest(self) -> str:
        """Say how much may come, in MB or kB."""
        return f"{self.most // 2**20} MB" if self.most >= 2**20 else f"{self.most // 1024} kB"


@dataclass(frozen=True)
class Meaning:
    """What an error is to a browser, an app or another server."""

    status: int
    code: str
    title: object
    text: object


# Subclasses stand before their parents: the first line that fits is taken.
MEANINGS: tuple[tuple[type[Exception], Meaning], ...] = (
    (
        NotSignedIn,
        Meaning(
            401,
            "sign_in",
            lazy("Please sign in"),
            lazy("You are not signed in, or no longer. Sign in and try again."),
        ),
    ),
    (
        NotYet,
        Meaning(
            403,
            "not_yet",
            lazy("Not yet"),
            lazy("Confirm your e-mail address first; you find the letter in your mailbox."),
        ),
    ),
    (
        NotProved,
        Meaning(
            403,
            "prove",
            lazy("Show again that it is you"),
            lazy(
                "This needs your second factor again. Nothing was changed; show it and come back."
            ),
        ),
    ),
    (
        NotStrong,
        Meaning(
            403,
            "second_factor",
            lazy("First set up a second factor"),
            lazy(
                "Who moderates here shows more than a password: a code of an app, or a passkey."
                " It takes a minute, and nothing was changed."
            ),
        ),
    ),
    (
        Suspended,
        Meaning(
            403,
            "suspended",
            lazy("Your account is suspended"),
            lazy(
                "By a decision of the moderators you cannot do this now. What was decided, and why,"
                " stands under “Decisions about you”; there you can appeal."
            ),
        ),
    ),
    (
        NotAllowed,
        Meaning(
            403,
            "not_allowed",
            lazy("This is not yours to do"),
            lazy("Your account may not see or do this."),
        ),
    ),
    (
        refusals.NotAllowed,
        Meaning(
            403,
            "not_allowed",
            lazy("This is not yours to do"),
            lazy("Your account may not see or do this."),
        ),
    ),
    (
        BadForm,
        Meaning(
            403,
            "form",
            lazy("This form can no longer be sent"),
            lazy("It is too old, or it came from another place. Go back, reload it and try again."),
        ),
    ),
    (
        Missing,
        Meaning(
            404,
            "missing",
            lazy("Nothing here"),
            lazy("There is no such page, or it is not for you to see."),
        ),
    ),
    (
        # What was asked for is longer than what a column holds, so nothing is called that.
        ValidationError,
        Meaning(
            404,
            "missing",
            lazy("Nothing here"),
            lazy("There is no such page, or it is not for you to see."),
        ),
    ),
    (
        Misdirected,
        Meaning(421, "host", lazy("Another house"), lazy("This server does not go by that name.")),
    ),
    (
        TooMany,
        Meaning(
            429,
            "too_many",
            lazy("That was too often"),
            lazy("There is a limit to how often this can be done. Please try again later."),
        ),
    ),
    (
        StorageTrouble,
        Meaning(
            503,
            "storage",
            lazy("Files are out of reach"),
            lazy("The place where they lie does not answer. Please try again later."),
        ),
    ),
    (
        wire.TooLarge,
        Meaning(413, "too_large", lazy("Too large"), lazy("This is more than we can take in.")),
    ),
    (
        wire.Malformed,
        Meaning(400, "malformed", lazy("We cannot read this"), lazy("It has not the right shape.")),
    ),
    (
        wire.Unbelievable,
        Meaning(
            401, "unbelievable", lazy("Not believed"), lazy("The signature does not show this.")
        ),
    ),
    (
        wire.Refused,
        Meaning(
            403, "refused", lazy("Not let in"), lazy("The rules of this community keep it out.")
        ),
    ),
    (
        wire.ForbiddenAddress,
        Meaning(422, "address", lazy("Not a public address"), lazy("We do not call this address.")),
    ),
    (
        wire.Gone,
        Meaning(410, "gone", lazy("This is gone"), lazy("It was here, and was taken away.")),
    ),
    (
        wire.NotFound,
        Meaning(
            404,
            "not_found",
            lazy("Nothing here"),
            lazy("There is no such page, or it is not for you to see."),
        ),
    ),
    (
        wire.Unreachable,
        Meaning(
            503,
            "unreachable",
            lazy("The other server does not answer"),
            lazy("We asked it, and it did not answer usefully. Please try again later."),
        ),
    ),
)

BROKEN = Meaning(
    500,
    "broken",
    lazy("Something here is broken"),
    lazy("It is our fault, and it was written down. If it stays, tell us the code below."),
)

PLAIN = {
    400: Meaning(400, "bad", lazy("We cannot read this"), lazy("The request is not well formed.")),
    404: Meaning(
        404,
        "missing",
        lazy("Nothing here"),
        lazy("There is no such page, or it is not for you to see."),
    ),
    405: Meaning(
        405, "method", lazy("Not like this"), lazy("This address cannot be used in this way.")
    ),
    413: Meaning(413, "too_large", lazy("Too large"), lazy("This is more than we can take in.")),
}


def meaning_of(error: Exception) -> Meaning | None:
    """Look an exception up in the table; None when it is a fault of ours."""
    if isinstance(error, BodyTooLarge):
        text = _("At most %(size)s can be sent at once. Go back and send less.", size=error.largest)
        return replace(PLAIN[413], text=text)
    if isinstance(error, web.HTTPException):
        return PLAIN.get(error.status) or Meaning(
            error.status, "http", error.reason, lazy("The request cannot be answered.")
        )
    if is_beyond(error):
        error = Missing(str(error))
    return next((meaning for kind, meaning in MEANINGS if isinstance(error, kind)), None)
