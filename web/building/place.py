"""What a visitor is told of this place: what it is for, who decides, and the rules in short."""

from actors.accounts import Account, Role
from core.release import VERSION
from moderation.languages import said_in
from moderation.policy import current
from moderation.rules import numbered
from web.texts import _, locale
from web.views.policy import AboutView, HowWeDecide, RuleView


async def place() -> AboutView:
    """Say what this place is for, and how it decides."""
    policy = current()
    about = policy.sections.about
    purpose = said_in(about.purpose, locale(), policy.sections.language).text
    staff = await Account.filter(
        role__in=[Role.MODERATOR, Role.ADMIN], disabled_at=None, closed_at=None
    ).count()
    return AboutView(
        purpose=purpose or _("A place for notes with pictures and words, with open rules."),
        contact=about.contact,
        operator=about.operator,
        version=VERSION,
        decide=HowWeDecide(
            policy_version=policy.version,
            effective=policy.effective,
            rules=len(policy.sections.rules),
            moderators=staff,
        ),
    )


def short_rules() -> tuple[RuleView, ...]:
    """List the rules as one line each, in the reader's language."""
    sections = current().sections
    found = []
    for number, each in numbered(sections.rules):
        said = said_in(each.title, locale(), sections.language)
        found.append(RuleView(each.id, number, said.text, language=said.language))
    return tuple(found)
