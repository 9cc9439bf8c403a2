"""Case: what is passed on, by which group, and how much we may still ask because of it."""

from dataclasses import dataclass
from datetime import timedelta

from actors.actor import Actor, by_uri
from actors.instance import instance_signer
from actors.memberships import RUNNING, Membership, Role, State, stand
from actors.remote import resolve
from actors.remote_groups import RemoteGroup, remote_group
from core.clock import now
from federation.activity import Activity
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Unbelievable, Unreachable
from federation.proofs import verify_proof
from federation.read import iri_of, iris
from federation.urls import same_origin
from federation.vocabulary import type_of

FRESH = timedelta(minutes=5)
MOST_MODERATORS = 100


@dataclass(frozen=True)
class Case:
    """One letter of a group; `announce` is the id of what it was wrapped in, or ""."""

    group: Actor
    announce: str
    budget: Budget


async def check_moderator(activity: Activity, case: Case) -> None:
    """Raise Unbelievable unless whoever acts runs the group, or lives on its server."""
    if not await moderates(activity.actor, case):
        raise Unbelievable(f"{activity.actor} does not moderate {case.group.uri}")


async def moderates(uri: str, case: Case) -> bool:
    """Tell whether the group names them, or they keep the server that it lives on."""
    group = case.group
    if uri == group.uri or same_origin(uri, group.uri):
        return True
    known = await remote_group(group)
    if known is not None and uri in known.owners:
        return True
    return uri in await listed_moderators(group, case.budget)


async def listed_moderators(group: Actor, budget: Budget, *, anew: bool = False) -> list[str]:
    """Return the ids that a group's own collection of moderators lists, not older than 5 minutes.

    Who of them is known here holds the role in the group as well; who is listed no more loses it.
    """
    if not group.moderators_uri:
        return []
    known = await remote_group(group)
    if known and known.moderators_at and known.moderators_at > now() - FRESH and not anew:
        return list(known.moderators)
    try:
        signer = await instance_signer()
        document = (await client().fetch(group.moderators_uri, signer, budget=budget)).document
    except Unreachable:
        raise
    except FederationError:
        return []
    found = iris(document.get("orderedItems") or document.get("items"), MOST_MODERATORS)
    values = {"moderators": found, "moderators_at": now()}
    await RemoteGroup.update_or_create(actor_id=group.id, defaults=values)
    await _give_roles(group, found)
    return found


async def _give_roles(group: Actor, uris: list[str]) -> None:
    people = await Actor.filter(uri__in=uris)
    for person in people:
        row = await Membership.get_or_none(group_id=group.id, person_id=person.id)
        if person.is_local and not (row and row.is_member):
            # To be listed elsewhere makes nobody here a member who did not join, or who left.
            continue
        if row is None or row.role not in RUNNING:
            await stand(person.id, group.id, State.MEMBER, role=Role.MODERATOR)
    ids = [person.id for person in people]
    former = Membership.filter(group_id=group.id, role__in=list(RUNNING)).exclude(
        person_id__in=ids or [0]
    )
    await former.update(role=Role.MEMBER)


async def doer_of(activity: Activity, case: Case) -> Actor:
    """Return who did what a group passes on, once their own server or proof says so too.

    Raises Unbelievable where neither does: the group's word is not enough for another's deed.
    """
    known = await by_uri(activity.actor)
    if known is not None and known.is_local:
        raise Unbelievable(f"{activity.actor} lives here and needs nobody to speak for them")
    actor = known or await resolve(activity.actor, case.budget)
    if not actor.is_present:
        raise Unbelievable(f"{actor.uri} is suspended or gone")
    if "proof" in activity.document and actor.multikey:
        verify_proof(activity.document, actor.multikey, method=actor.multikey_id)
        return actor
    signer = await instance_signer()
    told = await client().fetch_object(activity.id, signer, budget=case.budget)
    about = iri_of(told.get("object"))
    if (type_of(told), iri_of(told.get("actor")), about) != (
        activity.type,
        activity.actor,
        activity.object_id,
    ):
        raise Unbelievable(f"{activity.id} says something else where it lives")
    return actor
