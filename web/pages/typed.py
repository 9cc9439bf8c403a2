"""A name typed before what reaches far is done, so that no slip of a hand does it (ADM-03)."""

from actors.actor import Actor
from moderation.decisions import Decision
from moderation.sections import Sections
from moderation.states import Thing
from moderation.vocabulary import Measure, Severity
from web.forms import Posted
from web.texts import _

FIELD = "typed"
REFUSING = (Severity.REJECT, Severity.DROP)
FAR = (Measure.REJECT, Measure.DROP, Measure.CLOSE_ACCOUNT, Measure.CLOSE_GROUP)


async def name_of(decision: Decision) -> str:
    """Return the name that whoever issues a decision types at its last step: the server's, or that
    of the person or group; nothing where the measure does not reach far and can be taken back."""
    is_far = decision.measure in FAR or decision.everywhere_now or decision.purge_now is not None
    if not is_far:
        return ""
    if decision.thing == Thing.SERVER or decision.actor_id is None:
        return decision.host
    return (await Actor.get(id=decision.actor_id)).handle


def newly_refused(before: Sections, after: Sections) -> list[str]:
    """Return the servers that a version of the policy would refuse, and the one before does not."""
    return sorted(_refused(after) - _refused(before))


def name_of_all(hosts: list[str]) -> str:
    """Return what is typed before servers are refused by a version: the name of one, or how many
    there are."""
    return "" if not hosts else hosts[0] if len(hosts) == 1 else str(len(hosts))


def _refused(sections: Sections) -> set[str]:
    return {each.domain for each in sections.federation.entries if each.severity in REFUSING}


def is_typed(form: Posted, name: str) -> bool:
    """Tell whether a name was typed, if one is asked for; the mark before it may stand there."""
    return form.text(FIELD).lstrip("@!").casefold() == name.casefold() or not name


def wrongly(name: str) -> dict[str, str]:
    """Say what is wrong with what was typed."""
    return {FIELD: _("Type %(name)s as it stands here; nothing was done yet.", name=name)}
