"""What is wrong with what an app asked, and the JSON that says so (mastodon-api.md 2.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from core.limits import TooMany
from federation import errors as wire
from outbox import refusals
from web.errors import BodyTooLarge, Meaning, Missing, NotAllowed, NotSignedIn, NotYet
from web.oauth.errors import OAuthError
from web.refusals import why

Details = Mapping[str, tuple[str, str]]


class ApiError(Exception):
    """Something an app can act on; the text is what its `error` says."""

    status = 422


class Unreadable(ApiError):
    """The body, or a parameter, is not what it says it is."""

    status = 400


class Lacking(ApiError):
    """A parameter that has to be there is not."""

    status = 400

    def __init__(self, name: str) -> None:
        super().__init__(f"param is missing or the value is empty: {name}")


class Invalid(ApiError):
    """Some fields cannot be taken; `details` has a code and a sentence for each by its name."""

    def __init__(self, details: Details) -> None:
        said = ", ".join(f"{name} {sentence}" for name, (_code, sentence) in details.items())
        super().__init__(f"Validation failed: {said}")
        self.details = details


class Unexpected(ApiError):
    """The text names people whom the app was not told of; `accounts` shows them."""

    def __init__(self, accounts: Sequence[Any]) -> None:
        super().__init__("The post would go to accounts that are not expected")
        self.accounts = list(accounts)


class NeedsPerson(ApiError):
    """An app that acts for nobody asked what only a person may."""

    def __init__(self) -> None:
        super().__init__("This method requires an authenticated user")


class OutOfScope(NotAllowed):
    """The token does not hold what this takes (security.md OAU-03)."""


class NotFunctional(NotYet):
    """The account is not confirmed, approved or enabled; the text says which."""


class Heavy(ApiError):
    """A file is larger than any we take."""

    status = 413


class Conflict(ApiError):
    """Two asked for the same at once."""

    status = 409


def api_answer(error: Exception, meaning: Meaning) -> tuple[int, dict[str, Any]]:
    """Return the status and the body of an error; `meaning` is what it is to browsers."""
    match error:
        case Invalid():
            listed = {
                name: [{"error": code, "description": sentence}]
                for name, (code, sentence) in error.details.items()
            }
            return 422, {"error": str(error), "details": listed}
        case OAuthError():
            return error.status, {"error": error.code, "error_description": str(error)}
        case Unexpected():
            return 422, {"error": str(error), "unexpected_accounts": error.accounts}
        case ApiError():
            return error.status, {"error": str(error)}
        case refusals.NotValid():
            return 422, {"error": f"Validation failed: {why(error)}"}
        case refusals.NotAllowed():
            return 403, {"error": why(error)}
        case wire.Unreachable() | wire.ForbiddenAddress():
            return 503, {"error": "Remote data could not be fetched"}
        case NotSignedIn():
            return 401, {"error": "The access token is invalid"}
        case OutOfScope():
            return 403, {"error": "This action is outside the authorized scopes"}
        case NotFunctional():
            return 403, {"error": str(error)}
        case NotAllowed():
            return 403, {"error": "This action is not allowed"}
        case BodyTooLarge():
            return 413, {"error": f"Too large: at most {error.largest} can be sent at once"}
        case TooMany():
            return 429, {"error": "Too many requests"}
        case Missing() | web.HTTPNotFound() | web.HTTPMethodNotAllowed() | wire.NotFound():
            return 404, {"error": "Record not found"}
    return meaning.status, {"error": str(meaning.title)}
