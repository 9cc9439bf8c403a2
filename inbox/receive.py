"""From a POST to a job: believe it, admit it, queue it once."""

import hashlib
from base64 import b64encode
from datetime import timedelta

import structlog

from actors.actor import Actor, by_uri
from actors.domains import heard_from
from actors.follows import Follow
from actors.senders import has_left, sender_again, sender_of
from core import metrics
from core.settings import settings
from federation.activity import Activity, Transient, activity_from
from federation.errors import (
    FederationError,
    Gone,
    Refused,
    TooLarge,
    Unbelievable,
    Unreachable,
)
from federation.littleboxes import check
from federation.read import loads
from federation.signatures import Letter, Signed, signed_by, verify
from federation.urls import host_of
from inbox.agreeing import compare
from inbox.forwarded import PASSED_ON
from inbox.handle import HANDLERS
from inbox.mailroom import Admitted, mailroom
from moderation.gate import admit_host
from moderation.letting_in import as_of_now

log = structlog.get_logger()


class Flooded(Exception):
    """This host has more letters waiting here than we take; it may try again in five minutes."""


async def receive(letter: Letter, *, owner: Actor | None = None) -> None:
    """Take a letter for one person (`owner`) or for all here; raises what says why it is refused.

    Nothing is fetched for a sender we know, and nothing written before the signature is believed.
    """
    if not settings().federation.enabled:
        raise Refused("this server keeps to itself")
    signed = signed_by(letter, window=timedelta(seconds=settings().federation.signature_window_s))
    host = host_of(signed.key_id)
    await admit_host(host)
    if mailroom().has_had(signed.fingerprint):
        metrics.letters_again.inc()
        return
    if not await mailroom().has_room_for(host):
        raise Flooded(host)
    try:
        activity = activity_from(loads(letter.body))
        check(activity.document)
    except Transient:
        return
    if await _is_farewell_of_a_stranger(activity):
        return
    signer = await _sender(letter, signed, activity)
    await _check_size(letter, host)
    await heard_from(host)
    if job := _job_of(activity, signer):
        await mailroom().store(_admitted(letter, signed, activity, job, signer, owner))
        await compare(letter, signer)


def _job_of(activity: Activity, signer: Actor) -> str | None:
    """Name the work that a letter makes; none for what nobody here would do anything with."""
    if signer.uri == activity.actor and activity.type in HANDLERS:
        return "inbox.handle"
    if signer.uri != activity.actor and activity.type in PASSED_ON:
        return "inbox.forwarded"
    log.info("inbox.unknown", type=activity.type[:50], host=signer.host)
    return None


async def _sender(letter: Letter, signed: Signed, activity: Activity) -> Actor:
    """Return who signed, and is let speak; who left may still say so."""
    try:
        signer = await _believed(letter, signed)
    except Unreachable:
        raise
    except FederationError as error:
        # Whatever is wrong with where the key should be, it does not show who they are.
        if _is_farewell(activity) and (left := await has_left(activity.actor)):
            return left
        raise Unbelievable(f"{signed.key_id} did not sign this: {error}") from error
    if signer.is_local:
        raise Unbelievable(f"{signed.key_id} is a key of ours")
    if not signer.is_present:
        signer = await as_of_now(signer)
    if not signer.is_present and not (_is_farewell(activity) and activity.actor == signer.uri):
        raise Refused(f"{signer.uri} is suspended or gone")
    return signer


async def _believed(letter: Letter, signed: Signed) -> Actor:
    """Return who signed; a key that fails once is fetched again, for it may be new (SIG-12)."""
    with metrics.verify_seconds.time():
        signer, key = await sender_of(signed.key_id)
        try:
            verify(letter, signed, key)
        except Unbelievable:
            signer, newer = await _again(signed.key_id)
            if newer == key:
                raise
            verify(letter, signed, newer)
    return signer


async def _again(key_id: str) -> tuple[Actor, str]:
    try:
        return await sender_again(key_id)
    except (Gone, Unreachable):
        raise
    except FederationError as error:
        raise Unbelievable(f"the signature is not made with the key {key_id}") from error


def _is_farewell(activity: Activity) -> bool:
    return activity.type == "Delete" and activity.object_id == activity.actor


async def _is_farewell_of_a_stranger(activity: Activity) -> bool:
    # Mastodon sends Delete for actors we never met; fetching them would answer 410 (SIG-13).
    if activity.type not in ("Delete", "Update") or activity.object_id != activity.actor:
        return False
    return await by_uri(activity.actor) is None


async def _check_size(letter: Letter, host: str) -> None:
    most = settings().limits.inbox_stranger_kb * 1024
    if len(letter.body) > most and not await _is_followed(host):
        raise TooLarge(f"{host} is followed by nobody here and sent more than {most} bytes")


async def _is_followed(host: str) -> bool:
    return await Follow.filter(
        followed__host=host, followed__local_name=None, is_accepted=True
    ).exists()


def _admitted(
    letter: Letter,
    signed: Signed,
    activity: Activity,
    job: str,
    signer: Actor,
    owner: Actor | None,
) -> Admitted:
    return Admitted(
        mark=_mark(signer.uri, _name_of(activity, owner)),
        job=job,
        payload=_payload(signer, owner, letter.body),
        host=host_of(signed.key_id),
        fingerprint=signed.fingerprint,
    )


def _name_of(activity: Activity, owner: Actor | None) -> str:
    """Tell one letter from another: what is for few, each gets in a letterbox of their own, and
    each time it says of one more that they may see it (inbox/create.py)."""
    is_for_one = owner is not None and activity.type == "Create" and not activity.is_public
    return f"{activity.id} {owner.id}" if owner and is_for_one else activity.id


def _payload(signer: Actor, owner: Actor | None, body: bytes) -> bytes:
    # The body is JSON, weighed and parsed a moment ago: it is not encoded a second time.
    to = str(owner.id) if owner else "null"
    return b'{"signer":%s,"owner":%s,"activity":%s}' % (
        str(signer.id).encode(),
        to.encode(),
        body,
    )


def _mark(signer: str, activity: str) -> str:
    return b64encode(hashlib.sha256(f"{signer} {activity}".encode()).digest()).decode()
