"""The table: every address of the client API → handler, and who is let in there.

It is the part of web/routes.py that apps read. A line says the door (everyone, an app, a person)
and the scopes of which a token has to hold one; without a line nothing is answered (OAU-03).
"""

from web.api import (
    accounts,
    announcements,
    boards,
    circles,
    conversations,
    decisions,
    filters,
    follow_requests,
    group_acts,
    group_desk,
    group_ends,
    group_notes,
    group_people,
    groups,
    instance,
    interactions,
    joining,
    lists,
    markers,
    media,
    notification_policy,
    notifications,
    oembed,
    old_filters,
    openapi,
    posting,
    profile,
    push,
    quotes,
    relationships,
    reports,
    scheduled,
    search,
    statuses,
    streaming,
    tags,
    timelines,
    translating,
    trends,
)
from web.api.access import ALL, Call, anyone, app, newcomer, person
from web.api.admin.table import ADMIN_CALLS
from web.c2s import inbox as own_inbox
from web.c2s import media as own_media
from web.c2s import outbox as own_outbox
from web.c2s import proxy
from web.oauth import applications, discovery, tokens

FOLLOWS = person("read:follows")
STREAMS = person("read:statuses", "read:notifications")
CONVERSATIONS = person("write:conversations")
WRITE_ACCOUNT = person("write:accounts")
READ_FILTERS = person("read:filters")
WRITE_FILTERS = person("write:filters")

READ_GROUPS = anyone("read:accounts")
RUN_GROUPS = person("write:accounts")
GROUPS = "/api/rubric/v1/groups"
GROUP = f"{GROUPS}/{{id}}"

READ_BOARDS = anyone("read:statuses")
KEEP_BOARDS = person("write:bookmarks")
DECISIONS = "/api/rubric/v1/decisions"
BOARDS = "/api/rubric/v1/boards"
BOARD = f"{BOARDS}/{{id}}"
CIRCLES = "/api/rubric/v1/circles"
CIRCLE = f"{CIRCLES}/{{id}}"
READ_LISTS, WRITE_LISTS = person("read:lists"), person("write:lists")

CALLS: tuple[Call, ...] = (
    # apps, and how they are let in
    ("POST", "/api/v1/apps", applications.create, ALL),
    ("GET", "/api/v1/apps/verify_credentials", applications.verify_credentials, app()),
    ("POST", "/oauth/token", tokens.create, ALL),
    ("POST", "/oauth/revoke", tokens.revoke, ALL),
    ("GET", "/oauth/userinfo", discovery.user_info, person("profile", "read:accounts")),
    ("POST", "/oauth/userinfo", discovery.user_info, person("profile", "read:accounts")),
    ("GET", "/.well-known/oauth-authorization-server", discovery.metadata, ALL),
    # ActivityPub itself, for programs that speak it
    ("POST", "/u/{name}/outbox", own_outbox.post, person(*own_outbox.SCOPES)),
    ("GET", "/u/{name}/inbox", own_inbox.show, person("read")),
    ("POST", "/api/activitypub/proxy", proxy.show, person("read")),
    ("POST", "/api/activitypub/media", own_media.create, person("write:media")),
    ("GET", "/api/activitypub/media/{id}", own_media.show, person("write:media")),
    # what this server is
    ("GET", "/api/oembed", oembed.show, ALL),
    ("GET", "/api/openapi.json", openapi.show, ALL),
    ("GET", "/api/v1/instance", instance.show_v1, ALL),
    ("GET", "/api/v2/instance", instance.show, ALL),
    ("GET", "/api/v1/instance/rules", instance.rules, ALL),
    ("GET", "/api/v1/instance/extended_description", instance.extended_description, ALL),
    ("GET", "/api/v1/instance/privacy_policy", instance.privacy_policy, ALL),
    ("GET", "/api/v1/instance/terms_of_service", instance.terms_of_service, ALL),
    ("GET", "/api/v1/instance/terms_of_service/{date}", instance.terms_of_service, ALL),
    ("GET", "/api/v1/instance/domain_blocks", instance.domain_blocks, ALL),
    ("GET", "/api/v1/instance/peers", instance.peers, ALL),
    ("GET", "/api/v1/instance/activity", instance.activity, ALL),
    ("GET", "/api/v1/instance/languages", instance.languages, ALL),
    ("GET", "/api/v1/instance/translation_languages", translating.index, ALL),
    ("GET", "/api/v1/peers/search", instance.search_peers, ALL),
    ("GET", "/api/v1/custom_emojis", instance.custom_emojis, ALL),
    ("GET", "/api/v1/preferences", instance.preferences, person("read:accounts")),
    # what is announced
    (
        "GET",
        "/api/v1/announcements",
        announcements.index,
        person("profile", "read:accounts"),
    ),
    ("POST", "/api/v1/announcements/{id}/dismiss", announcements.dismiss, WRITE_ACCOUNT),
    (
        "PUT",
        "/api/v1/announcements/{id}/reactions/{name}",
        announcements.react,
        person("write:favourites"),
    ),
    (
        "DELETE",
        "/api/v1/announcements/{id}/reactions/{name}",
        announcements.unreact,
        person("write:favourites"),
    ),
    # joining
    ("POST", "/api/v1/accounts", joining.create, app("write:accounts")),
    ("POST", "/api/v1/emails/confirmations", joining.confirm_again, newcomer("write:accounts")),
    (
        "GET",
        "/api/v1/emails/check_confirmation",
        joining.is_confirmed,
        newcomer("profile", "read:accounts"),
    ),
    # accounts
    (
        "GET",
        "/api/v1/accounts/verify_credentials",
        accounts.verify_credentials,
        person("profile", "read:accounts"),
    ),
    ("PATCH", "/api/v1/accounts/update_credentials", profile.update_credentials, WRITE_ACCOUNT),
    ("GET", "/api/v1/profile", profile.show, person("profile", "read:accounts")),
    ("PATCH", "/api/v1/profile", profile.save, WRITE_ACCOUNT),
    ("DELETE", "/api/v1/profile/avatar", profile.delete_avatar, WRITE_ACCOUNT),
    ("DELETE", "/api/v1/profile/header", profile.delete_header, WRITE_ACCOUNT),
    ("POST", "/api/v1/reports", reports.create, person("write:reports")),
    ("GET", "/api/v1/accounts/relationships", relationships.index, person("read:follows")),
    ("GET", "/api/v1/accounts/familiar_followers", accounts.familiar_followers, FOLLOWS),
    ("GET", "/api/v1/accounts/search", accounts.search, person("read:accounts")),
    ("GET", "/api/v1/accounts/lookup", accounts.lookup, anyone("read:accounts")),
    ("GET", "/api/v1/accounts", accounts.index, anyone("read:accounts")),
    ("GET", "/api/v1/accounts/{id}", accounts.show, anyone("read:accounts")),
    ("GET", "/api/v1/accounts/{id}/statuses", accounts.statuses, anyone("read:statuses")),
    ("GET", "/api/v1/accounts/{id}/followers", accounts.followers, anyone("read:accounts")),
    ("GET", "/api/v1/accounts/{id}/following", accounts.following, anyone("read:accounts")),
    (
        "GET",
        "/api/v1/accounts/{id}/identity_proofs",
        accounts.identity_proofs,
        anyone("read:accounts"),
    ),
    (
        "GET",
        "/api/v1/accounts/{id}/endorsements",
        relationships.endorsements_of,
        anyone("read:accounts"),
    ),
    *(
        (
            "POST",
            f"/api/v1/accounts/{{id}}/{name}",
            relationships.act(verb),
            person(f"write:{scope}"),
        )
        for name, (verb, scope) in relationships.ACTS.items()
    ),
    ("GET", "/api/v1/blocks", relationships.blocks, person("read:blocks")),
    ("GET", "/api/v1/mutes", relationships.mutes, person("read:mutes")),
    ("GET", "/api/v1/endorsements", relationships.endorsements, person("read:accounts")),
    ("GET", "/api/v1/domain_blocks", relationships.domain_blocks, person("read:blocks")),
    (
        "GET",
        "/api/v1/domain_blocks/preview",
        relationships.preview_domain_block,
        person("read:blocks"),
    ),
    ("POST", "/api/v1/domain_blocks", relationships.block_domain, person("write:blocks")),
    ("DELETE", "/api/v1/domain_blocks", relationships.unblock_domain, person("write:blocks")),
    ("GET", "/api/v1/favourites", timelines.favourites, person("read:favourites")),
    ("GET", "/api/v1/bookmarks", timelines.bookmarks, person("read:bookmarks")),
    # statuses
    ("POST", "/api/v1/statuses", posting.create, person("write:statuses")),
    ("GET", "/api/v1/statuses", statuses.index, anyone("read:statuses")),
    ("GET", "/api/v1/statuses/{id}", statuses.show, anyone("read:statuses")),
    ("PUT", "/api/v1/statuses/{id}", posting.save, person("write:statuses")),
    ("DELETE", "/api/v1/statuses/{id}", posting.delete, person("write:statuses")),
    ("GET", "/api/v1/statuses/{id}/context", statuses.context, anyone("read:statuses")),
    ("GET", "/api/v1/statuses/{id}/source", statuses.source, person("read:statuses")),
    ("GET", "/api/v1/statuses/{id}/history", statuses.history, anyone("read:statuses")),
    ("POST", "/api/v1/statuses/{id}/translate", translating.translate, person("read:statuses")),
    ("GET", "/api/v1/statuses/{id}/card", statuses.card, anyone("read:statuses")),
    ("GET", "/api/v1/statuses/{id}/quotes", quotes.index, anyone("read:statuses")),
    (
        "POST",
        "/api/v1/statuses/{id}/quotes/{quote_id}/revoke",
        quotes.revoke,
        person("write:statuses"),
    ),
    (
        "PUT",
        "/api/v1/statuses/{id}/interaction_policy",
        quotes.choose,
        person("write:statuses"),
    ),
    ("POST", "/api/v1/statuses/{id}/reblog", interactions.reblog, person("write:statuses")),
    *(
        (
            "POST",
            f"/api/v1/statuses/{{id}}/{name}",
            interactions.act(verb),
            person(f"write:{scope}"),
        )
        for name, (verb, scope) in interactions.ACTS.items()
    ),
    (
        "GET",
        "/api/v1/statuses/{id}/favourited_by",
        interactions.favourited_by,
        anyone("read:accounts"),
    ),
    (
        "GET",
        "/api/v1/statuses/{id}/reblogged_by",
        interactions.reblogged_by,
        anyone("read:accounts"),
    ),
    ("POST", "/api/v2/media", media.create, person("write:media")),
    ("POST", "/api/v1/media", media.create_v1, person("write:media")),
    ("GET", "/api/v1/media/{id}", media.show, person("write:media")),
    ("PUT", "/api/v1/media/{id}", media.save, person("write:media")),
    ("DELETE", "/api/v1/media/{id}", media.delete, person("write:media")),
    ("GET", "/api/v1/polls/{id}", interactions.poll, anyone("read:statuses")),
    ("POST", "/api/v1/polls/{id}/votes", interactions.vote, person("write:statuses")),
    ("GET", "/api/v1/scheduled_statuses", scheduled.index, person("read:statuses")),
    ("GET", "/api/v1/scheduled_statuses/{id}", scheduled.show, person("read:statuses")),
    ("PUT", "/api/v1/scheduled_statuses/{id}", scheduled.save, person("write:statuses")),
    ("DELETE", "/api/v1/scheduled_statuses/{id}", scheduled.delete, person("write:statuses")),
    # timelines
    # lists and filters
    ("GET", "/api/v1/lists", lists.index, person("read:lists")),
    ("POST", "/api/v1/lists", lists.create, person("write:lists")),
    ("GET", "/api/v1/lists/{id}", lists.show, person("read:lists")),
    ("PUT", "/api/v1/lists/{id}", lists.save, person("write:lists")),
    ("DELETE", "/api/v1/lists/{id}", lists.delete, person("write:lists")),
    ("GET", "/api/v1/lists/{id}/accounts", lists.members, person("read:lists")),
    ("POST", "/api/v1/lists/{id}/accounts", lists.add, person("write:lists")),
    ("DELETE", "/api/v1/lists/{id}/accounts", lists.remove, person("write:lists")),
    ("GET", "/api/v1/accounts/{id}/lists", lists.holding, person("read:lists")),
    ("GET", "/api/v1/timelines/list/{id}", lists.notes, person("read:lists")),
    ("GET", "/api/v2/filters", filters.index, READ_FILTERS),
    ("POST", "/api/v2/filters", filters.create, WRITE_FILTERS),
    ("GET", "/api/v2/filters/{id}", filters.show, READ_FILTERS),
    ("PUT", "/api/v2/filters/{id}", filters.save, WRITE_FILTERS),
    ("DELETE", "/api/v2/filters/{id}", filters.delete, WRITE_FILTERS),
    ("GET", "/api/v2/filters/{id}/keywords", filters.words, READ_FILTERS),
    ("POST", "/api/v2/filters/{id}/keywords", filters.add_word, WRITE_FILTERS),
    ("GET", "/api/v2/filters/keywords/{id}", filters.show_word, READ_FILTERS),
    ("PUT", "/api/v2/filters/keywords/{id}", filters.save_word, WRITE_FILTERS),
    ("DELETE", "/api/v2/filters/keywords/{id}", filters.delete_word, WRITE_FILTERS),
    ("GET", "/api/v2/filters/{id}/statuses", filters.named, READ_FILTERS),
    ("POST", "/api/v2/filters/{id}/statuses", filters.add_named, WRITE_FILTERS),
    ("GET", "/api/v2/filters/statuses/{id}", filters.show_named, READ_FILTERS),
    ("DELETE", "/api/v2/filters/statuses/{id}", filters.delete_named, WRITE_FILTERS),
    ("GET", "/api/v1/filters", old_filters.old_index, READ_FILTERS),
    ("POST", "/api/v1/filters", old_filters.old_create, WRITE_FILTERS),
    ("GET", "/api/v1/filters/{id}", old_filters.old_show, READ_FILTERS),
    ("PUT", "/api/v1/filters/{id}", old_filters.old_save, WRITE_FILTERS),
    ("DELETE", "/api/v1/filters/{id}", old_filters.old_delete, WRITE_FILTERS),
    # timelines
    ("GET", "/api/v1/timelines/home", timelines.home, person("read:statuses")),
    ("GET", "/api/v1/timelines/public", timelines.public, anyone("read:statuses")),
    ("GET", "/api/v1/timelines/link", timelines.link, anyone("read:statuses")),
    ("GET", "/api/v1/timelines/tag/{tag}", timelines.tag, anyone("read:statuses")),
    # finding: tags
    ("GET", "/api/v1/tags/{name}", tags.show, anyone("read")),
    *(
        ("POST", f"/api/v1/tags/{{name}}/{name}", tags.act(verb), person(f"write:{scope}"))
        for name, (verb, scope) in tags.ACTS.items()
    ),
    ("GET", "/api/v1/followed_tags", tags.followed, FOLLOWS),
    ("GET", "/api/v1/featured_tags", tags.featured, person("read:accounts")),
    ("POST", "/api/v1/featured_tags", tags.feature, WRITE_ACCOUNT),
    ("DELETE", "/api/v1/featured_tags/{id}", tags.unfeature, WRITE_ACCOUNT),
    ("GET", "/api/v1/featured_tags/suggestions", tags.suggestions, person("read:accounts")),
    ("GET", "/api/v1/accounts/{id}/featured_tags", tags.featured_of, anyone("read:accounts")),
    # notifications, markers, follow requests
    ("GET", "/api/v1/notifications", notifications.index, person("read:notifications")),
    ("GET", "/api/v1/notifications/{id}", notifications.show, person("read:notifications")),
    (
        "GET",
        "/api/v1/notifications/unread_count",
        notifications.unread,
        person("read:notifications"),
    ),
    ("POST", "/api/v1/notifications/clear", notifications.clear_all, person("write:notifications")),
    (
        "POST",
        "/api/v1/notifications/{id}/dismiss",
        notifications.dismiss_one,
        person("write:notifications"),
    ),
    (
        "DELETE",
        "/api/v1/notifications/destroy_multiple",
        notifications.dismiss_many,
        person("write:notifications"),
    ),
    ("GET", "/api/v2/notifications", notifications.groups, person("read:notifications")),
    (
        "GET",
        "/api/v2/notifications/unread_count",
        notifications.unread_grouped,
        person("read:notifications"),
    ),
    ("GET", "/api/v2/notifications/{key}", notifications.group, person("read:notifications")),
    (
        "POST",
        "/api/v2/notifications/{key}/dismiss",
        notifications.dismiss_grouped,
        person("write:notifications"),
    ),
    (
        "GET",
        "/api/v2/notifications/{key}/accounts",
        notifications.group_accounts,
        person("read:notifications"),
    ),
    (
        "GET",
        "/api/v2/notifications/policy",
        notification_policy.policy,
        person("read:notifications"),
    ),
    (
        "PATCH",
        "/api/v2/notifications/policy",
        notification_policy.save_policy,
        person("write:notifications"),
    ),
    (
        "GET",
        "/api/v1/notifications/policy",
        notification_policy.old_policy,
        person("read:notifications"),
    ),
    (
        "PATCH",
        "/api/v1/notifications/policy",
        notification_policy.save_old_policy,
        person("write:notifications"),
    ),
    (
        "GET",
        "/api/v1/notifications/requests",
        notification_policy.requests,
        person("read:notifications"),
    ),
    (
        "GET",
        "/api/v1/notifications/requests/merged",
        notification_policy.merged,
        person("read:notifications"),
    ),
    (
        "GET",
        "/api/v1/notifications/requests/{id}",
        notification_policy.show_request,
        person("read:notifications"),
    ),
    (
        "POST",
        "/api/v1/notifications/requests/accept",
        notification_policy.accept_many,
        person("write:notifications"),
    ),
    (
        "POST",
        "/api/v1/notifications/requests/dismiss",
        notification_policy.refuse_many,
        person("write:notifications"),
    ),
    (
        "POST",
        "/api/v1/notifications/requests/{id}/accept",
        notification_policy.accept,
        person("write:notifications"),
    ),
    (
        "POST",
        "/api/v1/notifications/requests/{id}/dismiss",
        notification_policy.refuse,
        person("write:notifications"),
    ),
    ("GET", "/api/v1/markers", markers.show, person("read:statuses")),
    ("POST", "/api/v1/markers", markers.save, person("write:statuses")),
    ("GET", "/api/v1/follow_requests", follow_requests.index, person("read:follows")),
    (
        "POST",
        "/api/v1/follow_requests/{id}/authorize",
        follow_requests.authorize,
        person("write:follows"),
    ),
    (
        "POST",
        "/api/v1/follow_requests/{id}/reject",
        follow_requests.reject,
        person("write:follows"),
    ),
    # groups
    ("GET", GROUPS, groups.index, READ_GROUPS),
    ("POST", GROUPS, groups.create, RUN_GROUPS),
    ("GET", GROUP, groups.show, READ_GROUPS),
    ("PATCH", GROUP, groups.save, RUN_GROUPS),
    ("GET", f"{GROUP}/threads", groups.threads, anyone("read:statuses")),
    ("GET", f"{GROUP}/members", group_people.members, READ_GROUPS),
    ("GET", f"{GROUP}/requests", group_people.requests, person("read:accounts")),
    ("POST", f"{GROUP}/requests/{{account_id}}/accept", group_people.accept, RUN_GROUPS),
    ("POST", f"{GROUP}/requests/{{account_id}}/decline", group_people.decline, RUN_GROUPS),
    ("GET", f"{GROUP}/invitations", group_people.invitations, person("read:accounts")),
    ("POST", f"{GROUP}/invitations", group_people.invite, RUN_GROUPS),
    ("PATCH", f"{GROUP}/members/{{account_id}}", group_acts.save_role, RUN_GROUPS),
    ("GET", f"{GROUP}/bans", group_acts.bans, person("read:accounts")),
    ("POST", f"{GROUP}/bans", group_acts.ban, RUN_GROUPS),
    ("DELETE", f"{GROUP}/bans/{{account_id}}", group_acts.unban, RUN_GROUPS),
    ("GET", f"{GROUP}/pins", group_acts.pins, anyone("read:statuses")),
    ("POST", f"{GROUP}/pins", group_acts.pin, RUN_GROUPS),
    ("DELETE", f"{GROUP}/pins/{{status_id}}", group_acts.unpin, RUN_GROUPS),
    ("GET", f"{GROUP}/locks", group_acts.locks, anyone("read:statuses")),
    ("POST", f"{GROUP}/locks", group_acts.lock, RUN_GROUPS),
    ("DELETE", f"{GROUP}/locks/{{status_id}}", group_acts.unlock, RUN_GROUPS),
    ("GET", f"{GROUP}/removals", group_acts.removals, person("read:statuses")),
    ("POST", f"{GROUP}/removals", group_acts.remove, RUN_GROUPS),
    ("DELETE", f"{GROUP}/removals/{{status_id}}", group_acts.restore, RUN_GROUPS),
    ("GET", f"{GROUP}/record", group_acts.record, READ_GROUPS),
    ("POST", f"{GROUP}/transfer", group_ends.transfer, RUN_GROUPS),
    ("POST", f"{GROUP}/closing", group_ends.close, RUN_GROUPS),
    ("DELETE", f"{GROUP}/closing", group_ends.stay, RUN_GROUPS),
    ("POST", f"{GROUP}/candidates", group_ends.offer, RUN_GROUPS),
    ("GET", f"{GROUP}/flair", group_notes.flair, READ_GROUPS),
    ("PUT", f"{GROUP}/flair", group_notes.save_flair, RUN_GROUPS),
    ("PUT", f"{GROUP}/threads/{{status_id}}/flair", group_notes.mark, person("write:statuses")),
    ("GET", f"{GROUP}/queue", group_notes.queue, person("read:statuses")),
    ("POST", f"{GROUP}/queue/{{status_id}}/accept", group_notes.let_in, RUN_GROUPS),
    ("POST", f"{GROUP}/queue/{{status_id}}/decline", group_notes.send_back, RUN_GROUPS),
    ("GET", f"{GROUP}/reports", group_desk.reports, person("read:statuses")),
    ("GET", f"{GROUP}/reports/{{report_id}}", group_desk.report, person("read:statuses")),
    ("POST", f"{GROUP}/reports/{{report_id}}/decide", group_desk.decide, RUN_GROUPS),
    ("POST", f"{GROUP}/reports/{{report_id}}/hand_on", group_desk.hand_on, RUN_GROUPS),
    ("GET", f"{GROUP}/appeals", group_desk.appeals, person("read:accounts")),
    ("GET", f"{GROUP}/appeals/{{appeal_id}}", group_desk.appeal, person("read:accounts")),
    ("POST", f"{GROUP}/appeals/{{appeal_id}}/take", group_desk.take, RUN_GROUPS),
    ("POST", f"{GROUP}/appeals/{{appeal_id}}/settle", group_desk.settle, RUN_GROUPS),
    ("POST", f"{GROUP}/appeals/{{appeal_id}}/refuse", group_desk.refuse, RUN_GROUPS),
    # what was decided about oneself
    ("GET", DECISIONS, decisions.index, person("read:notifications")),
    ("GET", f"{DECISIONS}/{{id}}", decisions.show, person("read:notifications")),
    ("POST", f"{DECISIONS}/{{id}}/appeal", decisions.appeal, person("write:reports")),
    # boards
    ("GET", BOARDS, boards.index, person("read:bookmarks")),
    ("POST", BOARDS, boards.create, KEEP_BOARDS),
    ("GET", BOARD, boards.show, READ_BOARDS),
    ("PATCH", BOARD, boards.save, KEEP_BOARDS),
    ("DELETE", BOARD, boards.delete, KEEP_BOARDS),
    ("GET", f"{BOARD}/statuses", boards.statuses, READ_BOARDS),
    ("POST", f"{BOARD}/statuses", boards.add, KEEP_BOARDS),
    ("DELETE", f"{BOARD}/statuses/{{status_id}}", boards.remove, KEEP_BOARDS),
    ("GET", "/api/rubric/v1/accounts/{id}/boards", boards.of_account, READ_BOARDS),
    # circles, and showing a status to fewer people
    ("GET", CIRCLES, circles.index, READ_LISTS),
    ("POST", CIRCLES, circles.create, WRITE_LISTS),
    ("GET", CIRCLE, circles.show, READ_LISTS),
    ("PATCH", CIRCLE, circles.save, WRITE_LISTS),
    ("DELETE", CIRCLE, circles.delete, WRITE_LISTS),
    ("GET", f"{CIRCLE}/accounts", circles.members, READ_LISTS),
    ("POST", f"{CIRCLE}/accounts", circles.add, WRITE_LISTS),
    ("DELETE", f"{CIRCLE}/accounts", circles.remove, WRITE_LISTS),
    ("GET", "/api/rubric/v1/reach", circles.reach, READ_LISTS),
    (
        "POST",
        "/api/rubric/v1/statuses/{id}/audience",
        circles.narrow_status,
        person("write:statuses"),
    ),
    # push
    ("GET", "/api/v1/push/subscription", push.show, person("push")),
    ("POST", "/api/v1/push/subscription", push.create, person("push")),
    ("PUT", "/api/v1/push/subscription", push.save, person("push")),
    ("DELETE", "/api/v1/push/subscription", push.delete, person("push")),
    # streams
    ("GET", "/api/v1/streaming", streaming.socket, STREAMS),
    ("GET", "/api/v1/streaming/health", streaming.health, ALL),
    *(
        (
            "GET",
            f"/api/v1/streaming/{name.replace(':', '/')}",
            streaming.events(name),
            person(streaming.scope_of(name)),
        )
        for name in streaming.AS_EVENTS
    ),
    # finding: search
    ("GET", "/api/v2/search", search.show, anyone("read:search")),
    ("GET", "/api/v1/search", search.show_v1, anyone("read:search")),
    # private threads
    ("GET", "/api/v1/conversations", conversations.index, person("read:statuses")),
    ("DELETE", "/api/v1/conversations/{id}", conversations.delete, CONVERSATIONS),
    ("POST", "/api/v1/conversations/{id}/read", conversations.read, CONVERSATIONS),
    ("POST", "/api/v1/conversations/{id}/unread", conversations.unread, CONVERSATIONS),
    ("GET", "/api/v1/timelines/direct", conversations.notes, person("read:statuses")),
    # finding: what and whom there is
    ("GET", "/api/v1/trends", trends.tags, anyone("read")),
    ("GET", "/api/v1/trends/tags", trends.tags, anyone("read")),
    ("GET", "/api/v1/trends/statuses", trends.statuses, anyone("read")),
    ("GET", "/api/v1/trends/links", trends.links, anyone("read")),
    ("GET", "/api/v2/suggestions", trends.suggestions, person("read:accounts")),
    ("GET", "/api/v1/suggestions", trends.suggestions_v1, person("read:accounts")),
    ("DELETE", "/api/v1/suggestions/{id}", trends.dismiss, WRITE_ACCOUNT),
    ("GET", "/api/v1/directory", trends.directory, anyone("read:accounts")),
    # moderating
    *ADMIN_CALLS,
)
