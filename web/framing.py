"""The frame that stands around what is being written, as the macros of templates see it.

Macros that are imported with the context of a page are built anew for every page, and refer to it
in circles that only the collector can undo: some 250 objects a page, and a pause of 40 ms for every
250 pages. Imported without, they are built once, and find here what they need of the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from web.views.frame import Frame

_standing: ContextVar[Frame | None] = ContextVar("standing", default=None)


class Around:
    """What templates know as `frame` where no page hands it to them: that of this page."""

    def __getattr__(self, name: str) -> object:
        """Look into the frame; AttributeError where none stands."""
        return getattr(_standing.get(), name)


AROUND = Around()


@contextmanager
def framed(frame: Frame | None) -> Iterator[None]:
    """Have macros see this frame meanwhile; with None, whatever asks for it is an error."""
    token = _standing.set(frame)
    try:
        yield
    finally:
        _standing.reset(token)
