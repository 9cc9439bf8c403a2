"""AccountWarning: what was decided about somebody, as the API tells it to them alone."""

from collections.abc import Mapping, Sequence

import msgspec

from actors.actor import Actor
from core.rows import load_ids
from core.settings import settings
from inbox.notifications import Event, Notification
from moderation.appealable import appeals_of
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.exhibits import pictures_of
from moderation.links import link_to
from moderation.record import shown_about
from moderation.states import PENDING, AppealState, Thing
from moderation.vocabulary import Measure
from notes.attachments import Attachment
from web.api.answers import ts
from web.api.entities.accounts import accounts_of
from web.api.entities.media import MediaAttachment, media_of_upload

# Our measures in the words that apps know; what has none is `none`, and `rubric.measure` says it.
ACTIONS = {
    (Thing.NOTE, Measure.LABEL): "mark_statuses_as_sensitive",
    (Thing.NOTE, Measure.AGE): "mark_statuses_as_sensitive",
    (Thing.NOTE, Measure.HIDE): "delete_statuses",
    (Thing.NOTE, Measure.REMOVE): "delete_statuses",
    (Thing.ACCOUNT, Measure.QUIET): "silence",
    (Thing.ACCOUNT, Measure.READ_ONLY): "disable",
    (Thing.ACCOUNT, Measure.SUSPEND): "suspend",
    (Thing.ACCOUNT, Measure.CLOSE_ACCOUNT): "suspend",
}


class WarningAppeal(msgspec.Struct):
    """An appeal; `state` is pending, approved or rejected."""

    text: str
    state: str


class WarningFacts(msgspec.Struct, kw_only=True):
    """What is ours alone; `url` is the signed page of the decision, where one appeals as well.

    `group_id` is that of the group whose own moderators decided, `appeal_reasons` what was answered
    to the appeal, `appeal_media` the pictures that came with it.
    """

    state: str
    measure: str
    rule: str | None
    policy_version: int | None
    until: str | None
    appealable_until: str | None
    url: str
    record_url: str | None
    group_id: str | None
    appeal_reasons: str | None
    appeal_media: list[MediaAttachment]


class AccountWarning(msgspec.Struct, kw_only=True):
    """A decision about the reader; `text` is its explanation."""

    id: str
    action: str
    text: str
    status_ids: list[str]
    created_at: str
    target_account: msgspec.Raw
    appeal: WarningAppeal | None
    rubric: WarningFacts


async def warnings_of(told: Sequence[Notification]) -> dict[int, AccountWarning]:
    """Write the decisions that notifications are about, by the notification's id."""
    about = {each.id: each.about for each in told if each.event is Event.WARNING}
    if not about:
        return {}
    decisions = await load_ids(Decision, about.values())
    shown = await warnings_about(list(decisions.values()))
    return {number: shown[each] for number, each in about.items() if each in shown}


async def warnings_about(decisions: Sequence[Decision]) -> dict[int, AccountWarning]:
    """Write decisions about people and groups, by their ids: six queries at most."""
    ids = [each.id for each in decisions]
    people = await load_ids(Actor, (each.actor_id for each in decisions))
    accounts = await accounts_of(list(people.values()))
    appeals = await appeals_of(ids)
    pictures = await pictures_of([each.id for each in appeals.values()])
    entries = await shown_about(ids)
    return {
        each.id: _warning(
            each,
            accounts[each.actor_id or 0],
            appeals.get(each.id),
            settings().url(f"/record/{entries[each.id].id}") if each.id in entries else None,
            pictures,
        )
        for each in decisions
        if each.actor_id in accounts
    }


def _warning(
    decision: Decision,
    account: msgspec.Raw,
    appeal: Appeal | None,
    record_url: str | None,
    pictures: Mapping[int, Sequence[Attachment]],
) -> AccountWarning:
    window = decision.appealable_until
    return AccountWarning(
        id=str(decision.id),
        action=ACTIONS.get((decision.thing, decision.measure), "none"),
        text=decision.explanation,
        status_ids=[str(decision.note_id)] if decision.note_id else [],
        created_at=ts(decision.issued_at or decision.created_at),
        target_account=account,
        appeal=_appeal(appeal) if appeal and appeal.filed_at else None,
        rubric=WarningFacts(
            state=decision.state.value,
            measure=decision.measure.value,
            rule=decision.rule_id or None,
            policy_version=decision.policy_version,
            until=ts(decision.until) if decision.until else None,
            appealable_until=ts(window) if window else None,
            url=link_to(decision),
            record_url=record_url,
            group_id=str(decision.group_id) if decision.group_id else None,
            appeal_reasons=(appeal.reasons or None) if appeal else None,
            appeal_media=[media_of_upload(each) for each in pictures[appeal.id]] if appeal else [],
        ),
    )


def _appeal(appeal: Appeal) -> WarningAppeal:
    if appeal.state in PENDING:
        return WarningAppeal(appeal.words, "pending")
    is_right = appeal.state in (AppealState.OVERTURNED, AppealState.AMENDED)
    return WarningAppeal(appeal.words, "approved" if is_right else "rejected")
