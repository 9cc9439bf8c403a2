"""Parked jobs → what admins see of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.parked import Parked
from web.texts import Lazy, lazy
from web.views.operating import JobLine

ABOUT: dict[str, Lazy] = {
    "actors.refresh": lazy("Look at an account elsewhere again"),
    "actors.verify_facts": lazy("Check the links of a profile"),
    "core.send_mail": lazy("Send an e-mail"),
    "inbox.agree": lazy("Agree with another server on who follows whom"),
    "inbox.answer_join": lazy("Answer somebody who asks to join a group"),
    "inbox.ask_server": lazy("Ask another server what it can do"),
    "inbox.complete": lazy("Fetch what a letter needs, and handle it"),
    "inbox.fetch_answers": lazy("Fetch the answers to a note"),
    "inbox.fetch_card": lazy("Fetch the card of a link"),
    "inbox.fetch_thread": lazy("Fetch what a note answers"),
    "inbox.fill_group": lazy("Fill a group that is new here"),
    "inbox.forwarded": lazy("Look at what was passed on to us"),
    "inbox.handle": lazy("Handle a letter that came in or was written here"),
    "inbox.in_group": lazy("Handle what a group passed on"),
    "inbox.moved": lazy("Follow somebody to their new account"),
    "inbox.part_ways": lazy("End the follows with a server that a member blocks"),
    "inbox.spread_late": lazy("Pass on what a note in a group says now"),
    "inbox.tell_desk": lazy("Tell those who moderate a group"),
    "inbox.tell_of_decision": lazy("Tell the people a decision is about"),
    "inbox.tell_of_panel": lazy("Tell members that they are on a panel"),
    "inbox.tell_of_panel_over": lazy("Tell members that a panel is over"),
    "inbox.tell_of_proposal": lazy("Tell members of a proposal"),
    "inbox.tell_staff": lazy("Tell staff of a report"),
    "inbox.tell_staff_of_appeal": lazy("Tell staff of an appeal"),
    "inbox.tell_staff_of_group": lazy("Tell staff of a group"),
    "inbox.tell_staff_of_held": lazy("Tell staff of a held note"),
    "inbox.verify_quote": lazy("Check whether a quote is allowed"),
    "moderation.enforce": lazy("Put a version of the policy into effect"),
    "moderation.fetch_list": lazy("Fetch a list of servers"),
    "moderation.open_thread": lazy("Open the thread of a proposal"),
    "moderation.publish_scheduled": lazy("Publish a version of the policy on its day"),
    "moderation.say_decision": lazy("Publish a decision to other servers"),
    "moderation.say_figures": lazy("Publish figures to other servers"),
    "moderation.say_of_proposal": lazy("Publish news of a proposal to other servers"),
    "moderation.say_version": lazy("Publish a version of the policy to other servers"),
    "moderation.simulate": lazy("Try a draft of the policy"),
    "moderation.step_panel": lazy("Go on with a panel"),
    "moderation.tell_concerned": lazy("Send the notice of a decision"),
    "moderation.tell_held": lazy("Tell an author that a note is held"),
    "moderation.tell_hidden": lazy("Tell an author that a note is hidden"),
    "moderation.tell_members": lazy("Tell the members of a group who runs it"),
    "moderation.tell_of_answer": lazy("Tell a reporter of an answer"),
    "moderation.tell_reporter": lazy("Answer a reporter"),
    "notes.delete_files": lazy("Delete files that nothing shows any more"),
    "notes.erase": lazy("Take away what somebody who left had posted"),
    "notes.process": lazy("Make an uploaded picture ready"),
    "notes.process_video": lazy("Make an uploaded video ready"),
    "outbox.close_account": lazy("Close an account"),
    "outbox.confirm_gone": lazy("Ask whether somebody elsewhere is gone"),
    "outbox.drop": lazy("Drop letters, as an admin wanted"),
    "outbox.fanout": lazy("Write letters to the servers of many followers"),
    "outbox.hurry": lazy("Have letters tried, as an admin wanted"),
    "outbox.readdress": lazy("Ask for the new letterbox of somebody elsewhere"),
    "outbox.send_waiting": lazy("Publish what waited for an address to be confirmed"),
    "outbox.tell_votes": lazy("Tell servers how a poll stands"),
    "outbox.update_actor": lazy("Tell servers of a changed profile"),
    "web.mail_confirmation": lazy("Mail somebody to confirm their address"),
    "web.mail_decision": lazy("Mail somebody a decision"),
    "web.mail_reset": lazy("Mail somebody how to set a new password"),
    "web.push": lazy("Send a notification to an app"),
}
"""What each job does, for whoever has to decide about it."""


def job_lines(jobs: Sequence[Parked]) -> tuple[JobLine, ...]:
    """Show parked jobs."""
    return tuple(map(job_line, jobs))


def job_line(job: Parked) -> JobLine:
    """Show one; what a later release called otherwise goes by its name alone."""
    return JobLine(
        id=job.id,
        name=job.name,
        about=str(ABOUT[job.name]) if job.name in ABOUT else job.name,
        error=job.error,
        attempts=job.attempts,
        tried=datetime.fromtimestamp(job.due / 1000, UTC),
    )
