"""The table: job name → function, and what runs by the clock.

A function gets the payload, may run twice, and settles a state. Letters (`inbox.handle`) are not
here: they are handled in groups, see rubric/worker.py.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from actors import apps, refreshing, strangers, verifying
from actors.mailed import sweep as sweep_mailed
from actors.passkeys import sweep as sweep_challenges
from actors.sessions import sweep as sweep_sessions
from core import jobs, limits, mail
from inbox import (
    answers,
    cards,
    concerned,
    fetch,
    forwarded,
    group_desk,
    group_threads,
    in_group,
    joining,
    moved,
    parting,
    polls,
    quotes,
    received,
    spreading,
    staff,
)
from moderation import (
    audit,
    closed_figures,
    due,
    enforce,
    group_ends,
    group_reports,
    group_succession,
    hits,
    lists,
    notices,
    policy,
    proposal_clock,
    proposal_words,
    public_threads,
    saying,
    saying_figures,
    trending,
)
from moderation import scheduled as publishing
from notes import (
    arriving,
    doorstep,
    drafts,
    files,
    forgotten,
    once,
    processing,
    remote_cache,
    removal,
    scheduled,
    workshop,
)
from outbox import confirmed, delete, fan_out, readdress, sweeping, update
from web import account_mails, decision_mails, pushing

Function = Callable[[Mapping[str, Any]], Awaitable[None]]

JOBS: dict[str, Function] = {
    "actors.refresh": refreshing.refresh_by_uri,
    "actors.verify_facts": verifying.verify_facts,
    "core.send_mail": mail.send_queued,
    "inbox.answer_join": joining.answer_known,
    "inbox.ask_server": joining.ask_server,
    "inbox.complete": fetch.complete,
    "inbox.fetch_card": cards.fetch_card,
    "inbox.fetch_answers": answers.fetch_answers,
    "inbox.fetch_thread": fetch.fetch_thread,
    "inbox.fill_group": group_threads.fill,
    "inbox.forwarded": forwarded.believe,
    "inbox.in_group": in_group.handle,
    "inbox.moved": moved.follow_on,
    "inbox.part_ways": parting.part_ways,
    "inbox.tell_desk": group_desk.tell_desk,
    "inbox.tell_of_decision": concerned.tell_of_decision,
    "inbox.tell_staff": staff.tell_of_report,
    "inbox.spread_late": spreading.spread_late,
    "inbox.verify_quote": quotes.verify_quote,
    "inbox.tell_staff_of_appeal": staff.tell_of_appeal,
    "inbox.tell_staff_of_group": staff.tell_of_group,
    "moderation.tell_members": group_succession.tell_members,
    "moderation.enforce": enforce.enforce,
    "moderation.say_of_proposal": proposal_words.say_of_proposal,
    "moderation.fetch_list": lists.fetch_list,
    "moderation.say_version": saying.say_version,
    "moderation.say_figures": saying_figures.say_figures,
    "moderation.tell_concerned": notices.send_notice,
    "moderation.tell_hidden": notices.send_hidden,
    "moderation.tell_reporter": notices.send_answer,
    "moderation.open_thread": public_threads.open_thread,
    "moderation.publish_scheduled": publishing.publish_scheduled,
    "notes.delete_files": files.delete_unused,
    "notes.erase": removal.erase,
    "notes.process": processing.process,
    "notes.process_video": processing.process,
    "outbox.close_account": delete.close_account,
    "outbox.confirm_gone": readdress.confirm_gone,
    "outbox.fanout": fan_out.fan_out,
    "outbox.readdress": readdress.readdress,
    "outbox.send_waiting": confirmed.send_waiting,
    "outbox.tell_votes": update.send_results,
    "outbox.update_actor": update.send_actor,
    "web.mail_decision": decision_mails.send_decision,
    "web.mail_confirmation": account_mails.send_confirmation,
    "web.mail_reset": account_mails.send_reset,
    "web.push": pushing.push,
}

CLOCK: tuple[tuple[float, Callable[[], Awaitable[None]]], ...] = (
    (policy.LOOK_EVERY_S, policy.refresh),
    (10, scheduled.queue_due),
    (15, jobs.measure),
    (30, polls.tell_ended),
    (60, due.settle_due),
    (60, proposal_clock.step_due),
    (600, enforce.settle_daily),
    (600, closed_figures.close_due),
    (86_400, closed_figures.correct),
    (600, trending.count_anew),
    (300, group_ends.close_due),
    (600, group_ends.end_terms),
    (3600, group_desk.remind_desk),
    (3600, group_succession.find_asleep),
    (3600, group_reports.hand_on_late),
    (3600, limits.sweep),
    (3600, quotes.recheck),
    (3600, received.sweep),
    (3600, removal.sweep),
    (3600, sweep_sessions),
    (3600, sweep_mailed),
    (3600, sweep_challenges),
    (3600, sweeping.sweep),
    (3600, drafts.sweep),
    (3600, arriving.sweep),
    (3600, doorstep.sweep),
    (3600, files.sweep),
    (3600, apps.sweep),
    (3600, once.sweep),
    (3600, workshop.sweep),
    (600, remote_cache.keep_within_bounds),
    (86_400, forgotten.sweep),
    (86_400, hits.sweep),
    (86_400, audit.forget_addresses),
    (86_400, lists.queue_lists),
    (86_400, strangers.sweep),
    (86_400, verifying.queue_due),
)
