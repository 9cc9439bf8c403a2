"""The part of the table that is for moderators, and for admins where the policy is changed."""

from web.api.access import Call, admin, person
from web.api.admin import accounts, acting, emojis, figures, reports, servers

READ_ACCOUNTS = person("admin:read:accounts")
WRITE_ACCOUNTS = person("admin:write:accounts")
READ_REPORTS = person("admin:read:reports")
WRITE_REPORTS = person("admin:write:reports")
READ_BLOCKS = person("admin:read:domain_blocks")
WRITE_BLOCKS = admin("admin:write:domain_blocks")
READ_ALLOWS = person("admin:read:domain_allows")
WRITE_ALLOWS = admin("admin:write:domain_allows")
FIGURES = person("admin:read")

EMOJIS = "/api/rubric/v1/admin/emojis"
ACCOUNT, REPORT = "/api/v1/admin/accounts/{id}", "/api/v1/admin/reports/{id}"
BLOCK, ALLOW = "/api/v1/admin/domain_blocks/{id}", "/api/v1/admin/domain_allows/{id}"

ADMIN_CALLS: tuple[Call, ...] = (
    ("GET", "/api/v1/admin/accounts", accounts.index, READ_ACCOUNTS),
    ("GET", "/api/v2/admin/accounts", accounts.index, READ_ACCOUNTS),
    ("GET", ACCOUNT, accounts.show, READ_ACCOUNTS),
    ("DELETE", ACCOUNT, acting.close, WRITE_ACCOUNTS),
    ("POST", f"{ACCOUNT}/approve", accounts.approve, WRITE_ACCOUNTS),
    ("POST", f"{ACCOUNT}/reject", accounts.reject, WRITE_ACCOUNTS),
    ("POST", f"{ACCOUNT}/action", acting.act, WRITE_ACCOUNTS),
    *(("POST", f"{ACCOUNT}/{name}", acting.lift(name), WRITE_ACCOUNTS) for name in acting.LIFTED),
    ("GET", "/api/v1/admin/reports", reports.index, READ_REPORTS),
    ("GET", REPORT, reports.show, READ_REPORTS),
    ("PUT", REPORT, reports.save, WRITE_REPORTS),
    ("POST", f"{REPORT}/assign_to_self", reports.assign, WRITE_REPORTS),
    ("POST", f"{REPORT}/unassign", reports.unassign, WRITE_REPORTS),
    ("POST", f"{REPORT}/resolve", reports.resolve, WRITE_REPORTS),
    ("POST", f"{REPORT}/reopen", reports.reopen, WRITE_REPORTS),
    ("GET", "/api/v1/admin/domain_blocks", servers.blocks, READ_BLOCKS),
    ("POST", "/api/v1/admin/domain_blocks", servers.create_block, WRITE_BLOCKS),
    ("GET", BLOCK, servers.show_block, READ_BLOCKS),
    ("PUT", BLOCK, servers.save_block, WRITE_BLOCKS),
    ("DELETE", BLOCK, servers.delete_block, WRITE_BLOCKS),
    ("GET", "/api/v1/admin/domain_allows", servers.allows, READ_ALLOWS),
    ("POST", "/api/v1/admin/domain_allows", servers.create_allow, WRITE_ALLOWS),
    ("GET", ALLOW, servers.show_allow, READ_ALLOWS),
    ("DELETE", ALLOW, servers.delete_allow, WRITE_ALLOWS),
    ("GET", EMOJIS, emojis.index, person("admin:read")),
    ("POST", EMOJIS, emojis.create, admin("admin:write")),
    ("DELETE", f"{EMOJIS}/{{shortcode}}", emojis.delete, admin("admin:write")),
    ("POST", "/api/v1/admin/measures", figures.measures, FIGURES),
    ("POST", "/api/v1/admin/dimensions", figures.dimensions, FIGURES),
    ("POST", "/api/v1/admin/retention", figures.retention, FIGURES),
)
