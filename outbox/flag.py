"""Flag: a report sent on to where the author lives."""

from collections.abc import Sequence
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_actor
from actors.memberships import moderators_of
from core.ids import new_id
from core.settings import settings
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver, send_out
from outbox.group_rulings import mark_of


async def send_report(
    target: Actor, notes: Sequence[str], comment: str, *, number: int = 0
) -> None:
    """Tell a remote server of a report, in the name of this instance: the reporter stays hidden.

    `notes` are ids of notes by the reported; the comment must not name anyone here (MOD-01). By its
    `number` an answer is known to be about this report.
    """
    if target.is_local:
        return
    instance = await instance_actor()
    activity = write(
        "Flag",
        id=_flag_uri(number or new_id()),
        actor=instance.uri,
        object=[target.uri, *notes],
        to=[target.uri],
        content=comment,
        summary=comment,
    )
    async with in_transaction():
        reach = Reach(actors=[target], personal=True)
        await deliver(activity, instance, reach, lane=FIRM, key=activity["id"])


async def send_to_group(
    group: Actor, notes: Sequence[str], comment: str, *, number: int = 0
) -> None:
    """Tell a group elsewhere of notes in it, one letter for each: its kin read one object, and one
    addressee (federation.md 13). In the name of this instance, as above."""
    instance = await instance_actor()
    known = number or new_id()
    for place, uri in enumerate(notes):
        activity = write(
            "Flag",
            id=f"{_flag_uri(known)}/in-group/{place}",
            actor=instance.uri,
            object=uri,
            to=[group.uri],
            audience=group.uri,
            content=comment,
            summary=comment,
        )
        async with in_transaction():
            reach = Reach(actors=[group], personal=True)
            await deliver(activity, instance, reach, lane=FIRM, key=activity["id"])


def number_in(uri: str) -> int | None:
    """Return the number of the report that a Flag of ours, by its id, told of."""
    rest = uri.removeprefix(settings().url("/a/")).partition("/")[0]
    return int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 20 else None


def _flag_uri(number: int) -> str:
    return settings().url(f"/a/{number}")


async def pass_to_moderators(group: Actor, flag: dict[str, Any], target: Actor) -> None:
    """Have a group of ours pass a report on to those of its moderators who live elsewhere, and to
    nobody else; not to whom it is about (federation.md 10.1)."""
    rows = await moderators_of(group)
    people = [each.person for each in rows if not each.person.is_local]
    people = [each for each in people if each.id != target.id]
    if not people:
        return
    announce = write(
        "Announce",
        id=f"{group.uri}/a/{mark_of(str(flag['id']))}",
        actor=group.uri,
        object=flag,
        to=[each.uri for each in people],
        audience=group.uri,
    )
    reach = Reach(actors=people, personal=True)
    await send_out(announce, group, reach, lane=FIRM, key=str(announce["id"]))


async def answer_flag(uri: str, sender_id: int | None, *, is_right: bool) -> None:
    """Tell the server that sent a Flag what came of it, without a word about who decided.

    Lemmy's kin read Resolve, others Accept or Reject, if any (federation.md 13).
    """
    sender = await Actor.get_or_none(id=sender_id) if sender_id else None
    if sender is None or sender.is_local:
        return
    instance = await instance_actor()
    activity = write(
        "Accept" if is_right else "Reject",
        id=activity_uri(),
        actor=instance.uri,
        object=uri,
        to=[sender.uri],
        summary="The report was found right." if is_right else "No rule was found broken.",
    )
    reach = Reach(actors=[sender], personal=True)
    await deliver(activity, instance, reach, lane=FIRM, key=activity["id"])
