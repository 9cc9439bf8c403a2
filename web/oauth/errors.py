"""What OAuth answers when something is wrong, in the words of RFC 6749, 5.2."""


class OAuthError(Exception):
    """The `error` of the RFC, and a sentence for whoever writes the app."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.code, self.status = code, status


def invalid_client() -> OAuthError:
    """The app is unknown, or its secret is wrong; some clients register anew on this status."""
    sentence = "Client authentication failed: unknown client, or no or wrong authentication."
    return OAuthError("invalid_client", sentence, 401)


def invalid_grant() -> OAuthError:
    """The code ran out, was used before, or is for another app or address."""
    sentence = "The code is invalid, expired, used before, or was issued to another client."
    return OAuthError("invalid_grant", sentence)
