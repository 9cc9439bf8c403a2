"""What can be said at each address of the client API, for the OpenAPI document.

A name stands for a text, `name[]` for a list; `:int`, `:bool`, `:id`, `:file` and `:mark` (of a
group) say more, and `name=` that it has to be there. What is not named here is ignored, or not
described yet.
"""

PAGE = "max_id:id since_id:id min_id:id limit:int"
OFFSET = "limit:int offset:int"
STATUS = (
    "status spoiler_text sensitive:bool language media_ids[] poll[options][] poll[expires_in]:int"
    " poll[multiple]:bool quote_approval_policy rubric[title] media_attributes[][id]:id"
    " media_attributes[][description] media_attributes[][focus] media_attributes[][thumbnail]:file"
)
PROFILE = (
    "display_name note avatar:file header:file avatar_description header_description"
    " locked:bool bot:bool discoverable:bool indexable:bool hide_collections:bool"
    " source[privacy] source[language] source[sensitive]:bool source[quote_policy]"
)
FILTER = "title context[] filter_action expires_in:int"
OLD_FILTER = "phrase context[] irreversible:bool whole_word:bool expires_in:int"

GROUND = (
    "text rubric[rule_id] rubric[law] rubric[law_reference] rubric[facts] rubric[explanation]"
    " rubric[summary] rubric[until] rubric[no_end_because] rubric[outcome] rubric[to_reporters]"
)
BLOCK = (
    "severity reject_media:bool reject_reports:bool public_comment private_comment"
    " obfuscate:bool rubric[measure] rubric[until]"
)
FLAGS = (
    "local:bool remote:bool active:bool pending:bool disabled:bool silenced:bool suspended:bool"
    " sensitized:bool staff:bool"
)
NAMED = "username display_name by_domain email ip"
PERIOD = "keys[] start_at= end_at="
ACCOUNT, REPORT = "/api/v1/admin/accounts/{id}", "/api/v1/admin/reports/{id}"
GROUP = (
    "title join see post remote_members summary rules[] flair[]:mark language sensitive:bool"
    " avatar:file avatar_description header:file header_description"
)
GROUPS = "/api/rubric/v1/groups"
BOARDS = "/api/rubric/v1/boards"
CIRCLES = "/api/rubric/v1/circles"

ASKED: dict[str, dict[str, str]] = {
    "/api/v1/admin/accounts": {"GET": f"{PAGE} {FLAGS} {NAMED}"},
    "/api/v2/admin/accounts": {
        "GET": f"{PAGE} origin status permissions role_ids[] {NAMED}",
    },
    ACCOUNT: {"DELETE": f"report_id:id {GROUND}"},
    f"{ACCOUNT}/reject": {"POST": "text"},
    f"{ACCOUNT}/action": {"POST": f"type= report_id:id {GROUND}"},
    **{
        f"{ACCOUNT}/{each}": {"POST": "text rubric[reason]"}
        for each in ("enable", "unsilence", "unsuspend", "unsensitive")
    },
    "/api/v1/admin/reports": {
        "GET": f"{PAGE} resolved:bool account_id:id target_account_id:id",
    },
    REPORT: {"PUT": "category rule_ids[]"},
    f"{REPORT}/resolve": {
        "POST": "text rubric[no_breach] rubric[outcome] rubric[to_reporters]",
    },
    f"{REPORT}/reopen": {"POST": "text rubric[reason]"},
    "/api/v1/admin/domain_blocks": {"POST": f"domain= {BLOCK}"},
    "/api/v1/admin/domain_blocks/{id}": {"PUT": BLOCK, "DELETE": "rubric[reason]"},
    "/api/v1/admin/domain_allows": {"POST": "domain= rubric[reason]"},
    "/api/v1/admin/domain_allows/{id}": {"DELETE": "rubric[reason]"},
    "/api/v1/admin/measures": {
        "POST": f"{PERIOD} instance_accounts[domain] instance_reports[domain]",
    },
    "/api/v1/admin/dimensions": {"POST": f"{PERIOD} limit:int"},
    "/api/v1/admin/retention": {"POST": "start_at= end_at= frequency"},
    "/u/{name}/inbox": {"GET": "page:bool home:id told:id"},
    "/api/activitypub/proxy": {"POST": "id="},
    "/api/activitypub/media": {"POST": "file=:file object"},
    "/api/v1/announcements": {"GET": "with_dismissed:bool"},
    "/api/v1/apps": {"POST": "client_name= redirect_uris= scopes website"},
    "/oauth/token": {
        "POST": "grant_type= code client_id= client_secret redirect_uri scope code_verifier"
    },
    "/oauth/revoke": {"POST": "client_id= client_secret= token="},
    "/api/v1/peers/search": {"GET": "q"},
    "/api/v1/accounts/update_credentials": {"PATCH": PROFILE},
    "/api/v1/profile": {"PATCH": PROFILE},
    "/api/v1/reports": {
        "POST": "account_id=:id status_ids[] rule_ids[] comment category forward:bool rubric[to]"
    },
    "/api/v1/accounts": {
        "GET": "id[]",
        "POST": "username= email password= agreement:bool locale reason date_of_birth invite_code",
    },
    "/api/v1/emails/confirmations": {"POST": "email"},
    "/api/v1/accounts/relationships": {"GET": "id[]"},
    "/api/v1/accounts/familiar_followers": {"GET": "id[]"},
    "/api/v1/accounts/search": {"GET": f"q resolve:bool following:bool {OFFSET}"},
    "/api/v1/accounts/lookup": {"GET": "acct="},
    "/api/v1/accounts/{id}/statuses": {
        "GET": f"{PAGE} only_media:bool exclude_replies:bool exclude_reblogs:bool"
        " exclude_direct:bool pinned:bool tagged"
    },
    "/api/v1/accounts/{id}/follow": {"POST": "reblogs:bool notify:bool languages[]"},
    "/api/v1/accounts/{id}/mute": {"POST": "notifications:bool duration:int"},
    "/api/v1/accounts/{id}/note": {"POST": "comment"},
    "/api/v1/domain_blocks": {"GET": PAGE, "POST": "domain=", "DELETE": "domain="},
    "/api/v1/statuses": {
        "GET": "id[]",
        "POST": f"{STATUS} in_reply_to_id:id quoted_status_id:id visibility scheduled_at"
        " rubric[audience] rubric[circles][] rubric[group]:id rubric[flair][] allowed_mentions[]",
    },
    "/api/v1/statuses/{id}": {"PUT": STATUS, "DELETE": "delete_media:bool"},
    "/api/v1/statuses/{id}/translate": {"POST": "lang"},
    "/api/v1/statuses/{id}/quotes": {"GET": PAGE},
    "/api/v1/statuses/{id}/interaction_policy": {"PUT": "quote_approval_policy="},
    "/api/v1/media": {"POST": "file=:file thumbnail:file description focus"},
    "/api/v2/media": {"POST": "file=:file thumbnail:file description focus"},
    "/api/v1/media/{id}": {"PUT": "thumbnail:file description focus"},
    "/api/v1/polls/{id}/votes": {"POST": "choices[]"},
    "/api/v1/scheduled_statuses/{id}": {"PUT": "scheduled_at="},
    "/api/v1/timelines/public": {"GET": f"{PAGE} local:bool remote:bool only_media:bool"},
    "/api/v1/timelines/link": {"GET": f"url= {PAGE}"},
    "/api/oembed": {"GET": "url= maxwidth:int maxheight:int"},
    "/api/v1/trends/links": {"GET": OFFSET},
    "/api/v1/timelines/tag/{tag}": {"GET": f"{PAGE} any[] all[] none[] only_media:bool"},
    GROUPS: {"GET": f"q where resolve:bool {PAGE}", "POST": f"name= {GROUP}"},
    f"{GROUPS}/{{id}}": {"PATCH": GROUP},
    f"{GROUPS}/{{id}}/threads": {"GET": f"sort flair {PAGE}"},
    f"{GROUPS}/{{id}}/threads/{{status_id}}/flair": {"PUT": "flair[]"},
    f"{GROUPS}/{{id}}/members/{{account_id}}": {"PATCH": "role= until reason"},
    f"{GROUPS}/{{id}}/bans": {
        "GET": PAGE,
        "POST": "account_id=:id reason= rule:int until with_statuses:bool",
    },
    f"{GROUPS}/{{id}}/bans/{{account_id}}": {"DELETE": "reason"},
    f"{GROUPS}/{{id}}/pins": {"GET": PAGE, "POST": "status_id=:id"},
    **{
        f"{GROUPS}/{{id}}/{each}": {"GET": PAGE, "POST": "status_id=:id reason= rule:int"}
        for each in ("locks", "removals")
    },
    **{
        f"{GROUPS}/{{id}}/{each}/{{status_id}}": {"DELETE": "reason"}
        for each in ("locks", "removals")
    },
    f"{GROUPS}/{{id}}/flair": {"PUT": "flair[]:mark"},
    f"{GROUPS}/{{id}}/requests/{{account_id}}/decline": {"POST": "reason"},
    f"{GROUPS}/{{id}}/invitations": {"GET": PAGE, "POST": "account_id=:id"},
    f"{GROUPS}/{{id}}/queue": {"GET": ""},
    f"{GROUPS}/{{id}}/transfer": {"POST": "account_id=:id"},
    f"{GROUPS}/{{id}}/closing": {"POST": "at= reason="},
    f"{GROUPS}/{{id}}/candidates": {"POST": "text="},
    f"{GROUPS}/{{id}}/queue/{{status_id}}/decline": {"POST": "reason="},
    f"{GROUPS}/{{id}}/reports": {"GET": "settled:bool max_id:id limit:int"},
    f"{GROUPS}/{{id}}/reports/{{report_id}}/decide": {
        "POST": "measure= reason= status_id:id rule:int until with_statuses:bool outcome"
        " to_reporters",
    },
    f"{GROUPS}/{{id}}/reports/{{report_id}}/hand_on": {"POST": "reason="},
    f"{GROUPS}/{{id}}/appeals": {"GET": ""},
    f"{GROUPS}/{{id}}/appeals/{{appeal_id}}/settle": {"POST": "outcome= reasons="},
    f"{GROUPS}/{{id}}/appeals/{{appeal_id}}/refuse": {"POST": "ground= reasons="},
    "/api/rubric/v1/decisions/{id}/appeal": {"POST": "text= new_facts media_ids[]"},
    BOARDS: {"GET": "status_id:id", "POST": "name= about sharing"},
    f"{BOARDS}/{{id}}": {"GET": "secret", "PATCH": "name about sharing"},
    f"{BOARDS}/{{id}}/statuses": {"GET": f"secret {PAGE}", "POST": "status_id=:id"},
    "/api/rubric/v1/accounts/{id}/boards": {"GET": ""},
    CIRCLES: {"GET": "account_id:id", "POST": "name="},
    f"{CIRCLES}/{{id}}": {"PATCH": "name="},
    f"{CIRCLES}/{{id}}/accounts": {
        "GET": PAGE,
        "POST": "account_ids[]",
        "DELETE": "account_ids[]",
    },
    "/api/rubric/v1/reach": {"GET": "audience= circles[]"},
    "/api/rubric/v1/statuses/{id}/audience": {"POST": "audience= circles[]"},
    "/api/v1/lists": {"POST": "title= replies_policy exclusive:bool"},
    "/api/v1/lists/{id}": {"PUT": "title replies_policy exclusive:bool"},
    "/api/v1/lists/{id}/accounts": {
        "GET": PAGE,
        "POST": "account_ids[]",
        "DELETE": "account_ids[]",
    },
    "/api/v2/filters": {"POST": FILTER},
    "/api/v2/filters/{id}": {"PUT": FILTER},
    "/api/v2/filters/{id}/keywords": {"POST": "keyword= whole_word:bool"},
    "/api/v2/filters/keywords/{id}": {"PUT": "keyword whole_word:bool"},
    "/api/v2/filters/{id}/statuses": {"POST": "status_id=:id"},
    "/api/v1/filters": {"POST": OLD_FILTER},
    "/api/v1/filters/{id}": {"PUT": OLD_FILTER},
    "/api/v1/featured_tags": {"POST": "name="},
}
