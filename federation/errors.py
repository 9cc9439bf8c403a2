"""What can go wrong between servers."""


class FederationError(Exception):
    """Something another server sent, asked or answered cannot be used."""


class Malformed(FederationError):
    """The document or request does not have the shape it must have."""


class TooLarge(Malformed):
    """More bytes, depth or members than we are ready to read (security.md 2)."""


class Unbelievable(FederationError):
    """The signature or origin does not show that this is said by whom it claims."""


class Refused(FederationError):
    """This community's policy, or a block, keeps it out."""


class NotFound(FederationError):
    """The other server says there is no such thing."""


class Gone(NotFound):
    """The other server says it was there and is no more."""


class Unreachable(FederationError):
    """The other server did not answer usefully; it may later."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ForbiddenAddress(FederationError):
    """The egress gate will not connect there (security.md 7)."""
