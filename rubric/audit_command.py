"""`rubric audit`: what staff did, for whoever runs the machine."""

import json
from datetime import UTC, datetime

from actors.actor import by_handle
from moderation.audit import SHELL, StaffAct, Wanted, acts_like
from rubric.people import Impossible


async def listed(
    *, who: str, kind: str, since: datetime | None, until: datetime | None, most: int
) -> str:
    """Write acts one a line, the newest first; raise Impossible for somebody nobody knows."""
    actor_id = await _whose(who) if who else None
    wanted = Wanted(actor_id, kind, _in_utc(since), _in_utc(until))
    acts = await acts_like(wanted, most=most)
    return "\n".join(map(_line, acts)) or "nothing like that was done"


async def _whose(who: str) -> int:
    name, _, host = who.removeprefix("@").partition("@")
    actor = await by_handle(name, host or None)
    if actor is None:
        raise Impossible(f"nobody is known as {who}")
    return int(actor.id)


def _line(act: StaffAct) -> str:
    nobody = "(shell)" if act.address == SHELL else "(clock)"
    whose = f"@{act.actor.handle}" if act.actor else nobody
    changes = {key: each for key, each in (("from", act.before), ("to", act.after)) if each}
    told = json.dumps(changes, ensure_ascii=False) if changes else ""
    reason = act.reason.replace("\n", " ")
    parts = (f"{act.at:%Y-%m-%d %H:%M:%S}", whose, act.act, act.about, told, reason)
    return "  ".join(each for each in parts if each)


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
