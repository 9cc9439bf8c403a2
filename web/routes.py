"""The table: every address this server answers.

One line for each address, in the part of those it is for: people with a browser, apps, other
servers and machines, or whoever loads a file. An address that answers people and servers alike
stands among the pages. A path's lines stand together.
"""

from web.activitypub import actor, collections, letters, note, wellknown
from web.keys import Route
from web.pages import health

PAGES: tuple[Route, ...] = ()

API: tuple[Route, ...] = ()

WIRE: tuple[Route, ...] = (
    # discovery
    ("GET", "/.well-known/webfinger", wellknown.find),
    ("GET", "/.well-known/host-meta", wellknown.host_meta),
    ("GET", "/.well-known/nodeinfo", wellknown.nodeinfo_links),
    ("GET", "/nodeinfo/2.0", wellknown.nodeinfo_2_0),
    ("GET", "/nodeinfo/2.1", wellknown.nodeinfo_2_1),
    # letters
    ("POST", "/inbox", letters.shared),
    ("POST", "/u/{name}/inbox", letters.personal),
    # actors and what hangs on them
    ("GET", "/actor", actor.instance),
    ("GET", "/u/{name}", actor.person),
    ("GET", "/u/{name}/outbox", collections.outbox),
    ("GET", "/u/{name}/followers", collections.followers),
    ("GET", "/u/{name}/following", collections.following),
    ("GET", "/u/{name}/featured", collections.featured),
    # notes and activities
    ("GET", "/n/{id}", note.note),
    ("GET", "/n/{id}/replies", collections.replies),
    ("GET", "/n/{id}/likes", collections.likes),
    ("GET", "/n/{id}/shares", collections.shares),
    ("GET", "/n/{id}/context", collections.context),
    ("GET", "/a/{id}", note.activity),
    # health
    ("GET", "/healthz", health.alive),
    ("GET", "/readyz", health.ready),
)

FILES: tuple[Route, ...] = ()
