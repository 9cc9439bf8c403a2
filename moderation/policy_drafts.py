"""PolicyDraft: the next version of the policy as an admin is writing it in a browser."""

from typing import Any

import msgspec
from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.policy import newest
from moderation.reading import Draft, draft_from, sections_from


class PolicyDraft(Model):
    """One for each admin; `document` holds sections that can be published, `based_on` a version.

    `simulation` is what it would have done in the last `simulated_days`, 0 where nobody asked, and
    None until the job is done; `samples` are notes that its filters met, for staff.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    owner: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="policy_draft"
    )
    owner_id: int
    document: Any = fields.JSONField()
    based_on = fields.IntField()
    changed_at = fields.DatetimeField(default=now)
    simulated_days = fields.IntField(default=0, db_default=0)
    simulation: Any = fields.JSONField(null=True)
    samples: Any = fields.JSONField(null=True)

    class Meta:
        table = "policy_draft"


async def draft_by(owner: Actor) -> Draft:
    """Return what an admin has written so far: where there is nothing, the newest version."""
    row = await PolicyDraft.get_or_none(owner_id=owner.id)
    if row is None:
        return Draft(newest().sections, newest().version)
    return Draft(sections_from(row.document), row.based_on)


async def keep_draft(owner: Actor, document: dict[str, Any], *, based_on: int) -> Draft:
    """Keep a draft, whole; raise BadPolicy where it could not be published."""
    draft = draft_from({**document, "based_on": based_on})
    values = {
        "document": msgspec.to_builtins(draft.sections),
        "based_on": based_on,
        "changed_at": now(),
        "simulated_days": 0,
        "simulation": None,
        "samples": None,
    }
    await PolicyDraft.update_or_create(owner_id=owner.id, defaults=values)
    return draft


async def discard(owner: Actor) -> None:
    """Forget what an admin has written."""
    await PolicyDraft.filter(owner_id=owner.id).delete()
