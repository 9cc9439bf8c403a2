"""Policies to test with."""

from typing import Any

from core.settings import Server, Settings, use
from moderation.policy import Policy, checksum, open_shelf
from moderation.reading import sections_from
from moderation.sections import Sections

RULE = {
    "id": "no-ads",
    "title": {"en": "No advertising", "zh": "禁止广告"},
    "text": {"en": "Sell things elsewhere.", "zh": "请在别处售卖。"},
}
OWN = "here.example"


def sections_of(**tables: Any) -> Sections:
    """A policy with one rule and these tables."""
    return sections_from({"rules": [RULE]} | tables)


def policy_of(*, version: int = 1, **tables: Any) -> Policy:
    """A version that was never in a database."""
    sections = sections_of(**tables)
    return Policy(version=version, sections=sections, sha256=checksum(sections))


def in_force(**tables: Any) -> Policy:
    """Put a policy in force for this test, at an instance called here.example."""
    use(Settings(server=Server(domain=OWN, account_domain=OWN, base_url=f"https://{OWN}")))
    policy = policy_of(**tables)
    open_shelf(policy)
    return policy


def entry(domain: str, severity: str = "reject", **more: Any) -> dict[str, Any]:
    """A server that is treated differently."""
    return {"domain": domain, "severity": severity, "reason": {"en": "Spam."}, **more}


def servers(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The table of servers."""
    return {"federation": {"entries": list(entries), **more}}
