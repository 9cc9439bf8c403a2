"""Acts of staff → lines of the audit log."""

from collections.abc import Mapping, Sequence

from actors.actor import Actor
from moderation.audit import SHELL, StaffAct
from web.building.audit_changes import changes_of, people_in
from web.building.people import person_card
from web.texts import Lazy, _, lazy
from web.views.audit import ActLine
from web.views.frame import Choice

KINDS: dict[str, Lazy] = {
    "case": lazy("Cases"),
    "decision": lazy("Decisions"),
    "appeal": lazy("Appeals"),
    "report": lazy("Reports"),
    "policy": lazy("The policy"),
    "lists": lazy("Lists of servers"),
    "proposal": lazy("Proposals"),
    "idea": lazy("Ideas"),
    "record": lazy("The record"),
    "group": lazy("Groups"),
    "person": lazy("Asking to join"),
    "account": lazy("Accounts"),
    "held": lazy("Held notes"),
    "media": lazy("Pictures and videos"),
    "announcement": lazy("Announcements"),
    "emoji": lazy("Emojis"),
    "delivery": lazy("Letters to other servers"),
    "job": lazy("Background work"),
}
NAMED: dict[str, Lazy] = {
    "case": lazy("Case %(number)s"),
    "decision": lazy("Decision %(number)s"),
    "appeal": lazy("Appeal %(number)s"),
    "report": lazy("Report %(number)s"),
    "policy": lazy("Version %(number)s"),
    "proposal": lazy("Proposal %(number)s"),
    "idea": lazy("Idea %(number)s"),
    "record": lazy("Entry %(number)s"),
    "announcement": lazy("Announcement %(number)s"),
    "account": lazy("Account %(number)s"),
    "emoji": lazy("Emoji %(number)s"),
    "group": lazy("Group %(number)s"),
    "media": lazy("Pictures and videos: %(number)s"),
    "note": lazy("Note %(number)s"),
    "server": lazy("Server %(number)s"),
    "delivery": lazy("Letters to %(number)s"),
    "job": lazy("Job %(number)s"),
}
ACTS: dict[str, Lazy] = {
    "account.create": lazy("made an account"),
    "account.password": lazy("set a password"),
    "account.role": lazy("changed a role"),
    "account.second_factor": lazy("took a second factor off an account"),
    "account.token": lazy("made a token for an app"),
    "announcement.delete": lazy("deleted an announcement"),
    "announcement.make": lazy("announced something"),
    "appeal.assign": lazy("took an appeal"),
    "appeal.amended": lazy("changed a decision on appeal"),
    "appeal.overdue": lazy("an appeal is overdue"),
    "appeal.overturned": lazy("took a decision back on appeal"),
    "appeal.panel": lazy("had a panel drawn by lot for an appeal"),
    "appeal.panel_next": lazy("the next of the lot was asked for a panel"),
    "appeal.panel_over": lazy("the panel on an appeal is over"),
    "appeal.refuse": lazy("refused to hear an appeal"),
    "appeal.upheld": lazy("let a decision stand on appeal"),
    "appeal.read": lazy("looked at the pictures of an appeal"),
    "case.claim": lazy("took a case"),
    "case.decide": lazy("settled a case"),
    "case.hide": lazy("hid a note for now"),
    "case.idle": lazy("a case was left alone and is free again"),
    "case.merge": lazy("put a case into another"),
    "case.note": lazy("wrote to the other moderators"),
    "case.open": lazy("opened a case"),
    "case.read": lazy("read what is private, as evidence"),
    "case.release": lazy("gave a case back"),
    "case.reopen": lazy("opened a case again"),
    "case.resume": lazy("went on with a case"),
    "case.wait": lazy("let a case wait"),
    "decision.confirm": lazy("agreed with a decision"),
    "decision.expire": lazy("a decision has run out"),
    "decision.issue": lazy("issued a decision"),
    "decision.let_end": lazy("lets a decision end on its day"),
    "decision.lift": lazy("lifted a decision"),
    "decision.purge": lazy("what was removed is deleted for good"),
    "decision.replace": lazy("replaced a decision"),
    "decision.return": lazy("returned a decision to who drafted it"),
    "delivery.again": lazy("had letters tried again"),
    "delivery.drop": lazy("dropped letters to a server"),
    "delivery.retry": lazy("had a server tried at once"),
    "emoji.add": lazy("took an emoji in"),
    "emoji.remove": lazy("took an emoji away"),
    "group.answer": lazy("answered reports in a group"),
    "group.hand_on": lazy("handed reports in a group on"),
    "group.unanswered": lazy("reports in a group were not answered in time"),
    "group.decide": lazy("decided in a group"),
    "group.lift": lazy("lifted a decision of a group"),
    "group.succession": lazy("answered who runs a group from now on"),
    "held.delete": lazy("deleted a held note here"),
    "held.refuse": lazy("refused a held note"),
    "held.release": lazy("let a held note out"),
    "idea.answer": lazy("answered an idea"),
    "job.drop": lazy("dropped a job for good"),
    "job.retry": lazy("had a job tried again"),
    "lists.choose": lazy("took servers of a list into a draft of the policy"),
    "lists.ignore": lazy("left a suggestion of a list alone"),
    "media.purge": lazy("took pictures and videos away"),
    "person.approve": lazy("let someone in"),
    "person.decline": lazy("declined who asked to join"),
    "policy.base": lazy("built a draft of the policy on the newest version"),
    "policy.discard": lazy("deleted a draft of the policy"),
    "policy.draft": lazy("changed a draft of the policy"),
    "policy.emergency": lazy("made an emergency change of the policy"),
    "policy.let_end": lazy("lets a measure of the policy end"),
    "policy.publish": lazy("published a version of the policy"),
    "policy.renew": lazy("renewed a measure of the policy"),
    "policy.simulate": lazy("tried a draft of the policy on what was posted"),
    "policy.server": lazy("changed how a server is treated"),
    "proposal.decide": lazy("decided about a proposal"),
    "proposal.open": lazy("opened a proposal"),
    "proposal.veto": lazy("vetoed a proposal"),
    "record.redact": lazy("took words out of the record"),
    "report.rules": lazy("said which rules a report is about"),
}
PAGES = {
    "case": "/mod/cases/{}",
    "decision": "/mod/decisions/{}",
    "appeal": "/mod/appeals/{}",
    "policy": "/policy/{}",
    "proposal": "/policy/proposals/{}",
    "idea": "/ideas/{}",
    "server": "/mod/servers/{}",
    "account": "/mod/people/{}",
    "note": "/n/{}",
    "delivery": "/admin/deliveries/{}",
}


async def act_lines(acts: Sequence[StaffAct]) -> tuple[ActLine, ...]:
    """Show acts, with one query for those they name; who did them is loaded."""
    people = await people_in(acts)
    return tuple(_line(each, people) for each in acts)


def act_words(act: str) -> str:
    """Say what was done, in the reader's language."""
    return str(ACTS[act]) if act in ACTS else act


def kind_choices() -> tuple[Choice, ...]:
    """List the kinds of acts there are."""
    return tuple(Choice(key, str(label)) for key, label in KINDS.items())


def _line(act: StaffAct, people: Mapping[int, Actor]) -> ActLine:
    kind, _colon, key = act.about.partition(":")
    by = _("the operator's shell") if act.address == SHELL else _("by the clock")
    return ActLine(
        id=act.id,
        act=act_words(act.act),
        at=act.at,
        about=str(NAMED[kind]) % {"number": key} if kind in NAMED and key else act.about,
        about_url=PAGES[kind].format(key) if kind in PAGES and key else "",
        person=person_card(act.actor) if act.actor else None,
        by="" if act.actor else by,
        changes=changes_of(act, people),
        reason=act.reason,
        address="" if act.address == SHELL else act.address,
    )
