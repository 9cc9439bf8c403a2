"""The table: every address of the client API → handler, and who is let in there.

It is the part of web/routes.py that apps read. A line says the door (everyone, an app, a person)
and the scopes of which a token has to hold one; without a line nothing is answered (OAU-03).
"""

from web.api import accounts, statuses, timelines
from web.api.access import ALL, Call, anyone, app, person
from web.oauth import applications, discovery, tokens

CALLS: tuple[Call, ...] = (
    # apps, and how they are let in
    ("POST", "/api/v1/apps", applications.create, ALL),
    ("GET", "/api/v1/apps/verify_credentials", applications.verify_credentials, app()),
    ("POST", "/oauth/token", tokens.create, ALL),
    ("POST", "/oauth/revoke", tokens.revoke, ALL),
    ("GET", "/oauth/userinfo", discovery.user_info, person("profile", "read:accounts")),
    ("POST", "/oauth/userinfo", discovery.user_info, person("profile", "read:accounts")),
    ("GET", "/.well-known/oauth-authorization-server", discovery.metadata, ALL),
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
