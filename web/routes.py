"""The table: every address this server answers.

One line for each address, in the part of those it is for: people with a browser, apps, other
servers and machines, or whoever loads a file. An address that answers people and servers alike
stands among the pages. A path's lines stand together.
"""

from web.activitypub import actor, collections, letters, note, wellknown
from web.keys import Route
from web.pages import (
    health,
    passwords,
    settings,
    settings_account,
    settings_privacy,
    settings_profile,
    settings_sessions,
    sign_in,
    sign_up,
)

PAGES: tuple[Route, ...] = (
    # signing in and out, joining
    ("GET", "/sign-in", sign_in.show),
    ("POST", "/sign-in", sign_in.enter),
    ("POST", "/sign-out", sign_in.leave),
    ("POST", "/look", sign_in.look),
    ("GET", "/join", sign_up.show),
    ("POST", "/join", sign_up.join),
    ("GET", "/invite/{code}", sign_up.show),
    ("GET", "/confirm/{secret}", sign_up.show_confirm),
    ("POST", "/confirm/{secret}", sign_up.confirm),
    ("GET", "/password/forgotten", passwords.show_forgotten),
    ("POST", "/password/forgotten", passwords.ask),
    ("GET", "/password/{secret}", passwords.show_new),
    ("POST", "/password/{secret}", passwords.choose),
    # settings
    ("GET", "/settings", settings.begin),
    ("GET", "/settings/profile", settings_profile.show),
    ("POST", "/settings/profile", settings_profile.save),
    ("GET", "/settings/privacy", settings_privacy.show),
    ("POST", "/settings/privacy", settings_privacy.save),
    ("GET", "/settings/sessions", settings_sessions.show),
    ("POST", "/settings/sessions/end", settings_sessions.end_others),
    ("POST", "/settings/sessions/{id}/end", settings_sessions.end),
    ("POST", "/settings/apps/{id}/revoke", settings_sessions.revoke),
    ("GET", "/settings/account", settings_account.show),
    ("POST", "/settings/account/confirm", settings_account.confirm_again),
    ("POST", "/settings/account/email", settings_account.change_email),
    ("POST", "/settings/account/password", settings_account.change_password),
    ("POST", "/settings/account/close", settings_account.leave),
)

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
