"""The table: every address of the client API → handler, and who is let in there.

It is the part of web/routes.py that apps read. A line says the door (everyone, an app, a person)
and the scopes of which a token has to hold one; without a line nothing is answered (OAU-03).
"""

from web.api import accounts, statuses, timelines
from web.api.access import Call, anyone, person

CALLS: tuple[Call, ...] = (
    # accounts
    (
        "GET",
        "/api/v1/accounts/verify_credentials",
        accounts.verify_credentials,
        person("profile", "read:accounts"),
    ),
    ("GET", "/api/v1/accounts/{id}", accounts.show, anyone("read:accounts")),
    # statuses
    ("GET", "/api/v1/statuses/{id}", statuses.show, anyone("read:statuses")),
    # timelines
    ("GET", "/api/v1/timelines/home", timelines.home, person("read:statuses")),
    ("GET", "/api/v1/timelines/public", timelines.public, anyone("read:statuses")),
    ("GET", "/api/v1/timelines/tag/{tag}", timelines.tag, anyone("read:statuses")),
)
