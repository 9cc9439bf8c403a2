"""The table: every address this server answers.

One line for each address, in the part of those it is for: people with a browser, apps, other
servers and machines, or whoever loads a file. An address that answers people and servers alike
stands among the pages. A path's lines stand together.
"""

from web.keys import Route
from web.pages import health

PAGES: tuple[Route, ...] = ()

API: tuple[Route, ...] = ()

WIRE: tuple[Route, ...] = (
    # health
    ("GET", "/healthz", health.alive),
    ("GET", "/readyz", health.ready),
)

FILES: tuple[Route, ...] = ()
