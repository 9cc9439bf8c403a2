"""A request as it came, and what its signature says of itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from federation.answers import Form
from federation.errors import Malformed, Unbelievable

# No `expires` may keep a signature alive for longer (SIG-07).
LONGEST_LIFE = 12 * 3600


@dataclass(frozen=True)
class Letter:
    """A request before anyone has believed it.

    The target is what stood in the request line; `host` and `base_url` are ours, from the settings.
    """

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    host: str
    base_url: str

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        """The header's values by lower-case name, in the order of their lines."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value.strip(" \t"))
        return found

    @property
    def has_something_to_bind(self) -> bool:
        """Whether a digest of the body must be signed."""
        return bool(self.body) or self.method not in ("GET", "HEAD")

    def only(self, name: str) -> str:
        """Return the one value of a header; raises Unbelievable if there is none, or several."""
        values = self.fields.get(name, ())
        if len(values) != 1:
            raise Unbelievable(f"{len(values)} {name} headers, not one")
        return values[0]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request of ours, about to be signed; its digest is base64, or "" without a body."""

    method: str
    scheme: str
    host: str
    target: str
    digest: str
    second: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature claims; nothing of it is true before `verify` returned."""

    key_id: str
    form: Form
    created: int
    covered: tuple[str, ...]
    signature: bytes
    algorithm: str = ""
    expires: int | None = None

    @property
    def fingerprint(self) -> bytes:
        """What to remember this signature by, so that it is not taken twice (SIG-16)."""
        return hashlib.sha256(self.signature).digest()


def check_target(letter: Letter) -> None:
    """Raise Unbelievable for a letter to another host, Malformed for a strange target (SIG-03).

    An absolute target would let the path be read here as one host's and signed as another's.
    """
    if letter.only("host") != letter.host:
        raise Unbelievable(f"meant for {letter.fields['host'][0][:200]!r}, not for {letter.host}")
    target = letter.target
    if not target.startswith("/") or target.startswith("//") or "#" in target:
        raise Malformed(f"{target[:200]!r} is no path on this server")
    if "?" in target and letter.method == "POST":
        raise Malformed("a letter to an inbox has no query (SIG-04)")


def check_encoding(letter: Letter) -> None:
    """Raise Malformed for a packed body; its digest is of other bytes than we read (SIG-05)."""
    if "content-encoding" in letter.fields:
        raise Malformed("a body with a Content-Encoding")


def check_times(created: int, expires: int | None, *, now: float, window: float) -> None:
    """Raise Unbelievable unless a signature is of this hour and has not run out (SIG-07)."""
    if not -window <= now - created <= window:
        raise Unbelievable(f"signed {now - created:.0f} s ago")
    if expires is None:
        return
    if expires < now:
        raise Unbelievable(f"the signature expired {now - expires:.0f} s ago")
    if not created <= expires <= created + LONGEST_LIFE:
        raise Unbelievable("the signature expires at a strange time")
