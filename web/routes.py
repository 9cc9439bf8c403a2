"""The table: every address this server answers.

One line for each address, in the part of those it is for: people with a browser, apps, other
servers and machines, or whoever loads a file. An address that answers people and servers alike
stands among the pages. A path's lines stand together.
"""

from web.activitypub import actor, collections, letters, note, wellknown
from web.activitypub import boards as board_documents
from web.keys import Route
from web.oauth import authorize
from web.pages import (
    about,
    acts,
    boards,
    bookmarks,
    compose,
    health,
    home,
    interact,
    manifest,
    messages,
    mod,
    mod_held,
    mod_people,
    narrowing,
    notifications,
    passwords,
    policy,
    profile,
    remote_media,
    reports,
    search,
    settings,
    settings_account,
    settings_blocks,
    settings_invites,
    settings_moving,
    settings_privacy,
    settings_profile,
    settings_sessions,
    sign_in,
    sign_up,
    tags,
    uploads,
    watch,
)

PAGES: tuple[Route, ...] = (
    # what others wrote
    ("GET", "/", home.show),
    ("GET", "/explore", home.explore),
    ("GET", "/local", home.local),
    ("GET", "/federated", home.federated),
    ("GET", "/tags/{tag}", tags.show),
    ("GET", "/watch", watch.show),
    ("GET", "/search", search.show),
    # what concerns oneself
    ("GET", "/notifications", notifications.show),
    ("POST", "/notifications/read", notifications.read),
    ("POST", "/requests/{id}/accept", acts.accept_request),
    ("POST", "/requests/{id}/reject", acts.reject_request),
    ("GET", "/messages", messages.show),
    ("GET", "/bookmarks", bookmarks.show),
    # writing
    ("GET", "/compose", compose.show),
    ("POST", "/compose", compose.send),
    ("GET", "/n/{id}/edit", compose.show_edit),
    ("POST", "/n/{id}/edit", compose.save_edit),
    ("GET", "/n/{id}/audience", narrowing.show),
    ("POST", "/n/{id}/audience", narrowing.save),
    ("GET", "/n/{id}/delete", compose.show_delete),
    ("POST", "/n/{id}/delete", compose.delete),
    # a note (for other servers too), and what one does with it
    ("GET", "/n/{id}", note.note),
    *(("POST", f"/n/{{id}}/{name}", act) for name, act in acts.NOTE_ACTS.items()),
    # boards (the public ones for other servers too), and what is put on them
    ("GET", "/n/{id}/save", boards.show_save),
    ("POST", "/n/{id}/save", boards.save),
    ("GET", "/boards/new", boards.show_new),
    ("POST", "/boards/new", boards.make),
    ("GET", "/boards/{key}", board_documents.board),
    ("GET", "/boards/{key}/edit", boards.show_edit),
    ("POST", "/boards/{key}/edit", boards.edit),
    ("GET", "/boards/{key}/delete", boards.show_delete),
    ("POST", "/boards/{key}/delete", boards.delete),
    ("GET", "/boards/{key}/add", boards.show_add),
    ("POST", "/boards/{key}/add", boards.add),
    # a person, and what one does with them
    ("GET", "/@{handle}", profile.show),
    ("GET", "/@{handle}/replies", profile.replies),
    ("GET", "/@{handle}/boards", profile.boards),
    ("GET", "/@{handle}/followers", profile.followers),
    ("GET", "/@{handle}/following", profile.following),
    *(("POST", f"/@{{handle}}/{name}", act) for name, act in acts.PERSON_ACTS.items()),
    # taking part from one's own server
    ("GET", "/interact", interact.show),
    ("POST", "/interact", interact.go_on),
    ("GET", "/authorize_interaction", interact.authorize),
    # signing in and out, joining
    ("GET", "/sign-in", sign_in.show),
    ("POST", "/sign-in", sign_in.enter),
    ("POST", "/sign-out", sign_in.leave),
    ("POST", "/look", sign_in.look),
    ("GET", "/oauth/authorize", authorize.show),
    ("POST", "/oauth/authorize", authorize.decide),
    ("GET", "/join", sign_up.show),
    ("POST", "/join", sign_up.join),
    ("GET", "/joined", sign_up.joined),
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
    ("GET", "/settings/blocks", settings_blocks.show),
    ("POST", "/settings/blocks/servers", settings_blocks.add_server),
    ("POST", "/settings/blocks/servers/{id}/end", settings_blocks.free_server),
    ("GET", "/settings/moving", settings_moving.show),
    ("POST", "/settings/moving/aliases", settings_moving.add),
    ("POST", "/settings/moving/aliases/end", settings_moving.drop),
    ("POST", "/settings/moving/leave", settings_moving.leave),
    ("POST", "/settings/moving/stay", settings_moving.stay),
    ("GET", "/settings/account", settings_account.show),
    ("POST", "/settings/account/confirm", settings_account.confirm_again),
    ("POST", "/settings/account/email", settings_account.change_email),
    ("POST", "/settings/account/password", settings_account.change_password),
    ("POST", "/settings/account/close", settings_account.leave),
    ("GET", "/settings/invites", settings_invites.show),
    ("POST", "/settings/invites", settings_invites.make),
    ("POST", "/settings/invites/{id}/withdraw", settings_invites.withdraw),
    # the rules of the house, and who keeps them
    ("GET", "/about", about.show),
    ("GET", "/policy", policy.show),
    ("GET", "/policy/history", policy.history),
    ("GET", "/policy/compare", policy.compare),
    ("GET", "/policy/{before:[0-9]+}..{after:[0-9]+}", policy.difference),
    ("GET", "/policy/{number:[0-9]+}", policy.show_version),
    ("GET", "/federation", policy.federation),
    # reporting, and what becomes of it
    ("GET", "/n/{id}/report", reports.show_note),
    ("POST", "/n/{id}/report", reports.about_note),
    ("GET", "/@{handle}/report", reports.show_person),
    ("POST", "/@{handle}/report", reports.about_person),
    ("GET", "/my/reports", reports.list_mine),
    ("GET", "/my/reports/{receipt}", reports.receipt),
    ("POST", "/my/reports/{receipt}/withdraw", reports.take_back),
    # what moderators answer
    ("GET", "/mod", mod.show),
    ("GET", "/mod/reports/{id}", mod.show_report),
    ("POST", "/mod/reports/{id}/claim", mod.take),
    ("POST", "/mod/reports/{id}/answer", mod.settle),
    ("GET", "/mod/people", mod_people.show),
    ("POST", "/mod/people/{id}/approve", mod_people.approve),
    ("POST", "/mod/people/{id}/decline", mod_people.decline),
    ("GET", "/mod/held", mod_held.show),
    ("POST", "/mod/held/{id}/release", mod_held.release),
    ("POST", "/mod/held/{id}/delete", mod_held.take_away),
)

API: tuple[Route, ...] = (
    # the policy, for programs
    ("GET", "/policy.json", policy.document),
    ("GET", "/policy/{number:[0-9]+}.json", policy.version_document),
    ("GET", "/policy/{number:[0-9]+}.toml", policy.version_toml),
)

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
    ("GET", "/actor/outbox", collections.instance_outbox),
    ("GET", "/u/{name}", actor.person),
    ("GET", "/u/{name}/outbox", collections.outbox),
    ("GET", "/u/{name}/followers", collections.followers),
    ("GET", "/u/{name}/following", collections.following),
    ("GET", "/u/{name}/featured", collections.featured),
    ("GET", "/u/{name}/boards", board_documents.boards_of),
    # notes and activities
    ("GET", "/n/{id}/replies", collections.replies),
    ("GET", "/n/{id}/likes", collections.likes),
    ("GET", "/n/{id}/shares", collections.shares),
    ("GET", "/n/{id}/context", collections.context),
    ("GET", "/a/{id}", note.activity),
    # health
    ("GET", "/healthz", health.alive),
    ("GET", "/readyz", health.ready),
)

FILES: tuple[Route, ...] = (
    ("GET", "/media/remote/{id:[0-9]{1,19}}/{which}/{mark}", remote_media.show),
    ("GET", "/media/{key:.+}", uploads.show),
    ("GET", "/manifest.webmanifest", manifest.show),
)
