"""Web Push: telling a phone or a browser of a notification, so that only its app can read it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog

from actors.accounts import Account, account_with_actor
from actors.follows import is_following
from actors.tokens import still_good
from core.names import shortened
from core.secret import opened
from core.settings import settings
from core.vapid import private_key
from federation.client import client
from federation.errors import ForbiddenAddress, Refused, Unreachable
from inbox.notifications import Event, Notification
from inbox.subscriptions import PushSubscription, Whose
from inbox.told import told_to
from notes.note import Note
from notes.visibility import OPEN
from web.api.entities.accounts import AVATAR
from web.building.words import plain
from web.render import absolute, static_url
from web.texts import _, speaking

LONGEST_BODY = 140
DAY = 86_400
GONE = (404, 410)

log = structlog.get_logger()


class Message(msgspec.Struct, kw_only=True):
    """What an app gets; `notification_id` is a number, as Mastodon's apps read it."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str


async def push(payload: Mapping[str, Any]) -> None:
    """Tell one app of one notification; job `web.push`.

    A subscription whose push service says that it is gone is forgotten. Raises Unreachable when
    the service is to be tried again later.
    """
    found = await PushSubscription.get_or_none(id=payload["to"]).select_related("token")
    told = await Notification.get_or_none(id=payload["notification"])
    if found is None or told is None or not await still_good([found.token_id]):
        return
    account = await account_with_actor(found.token.account_id)
    if account is None or told.reader_id != account.actor.id:
        return
    seen = await told_to(account.actor, [told.id])
    if seen and await _is_wanted(found, seen[0], account):
        await _send(found, _message(seen[0], account, found))


async def _is_wanted(found: PushSubscription, told: Notification, account: Account) -> bool:
    if told.event.value not in found.alerts:
        return False
    match found.policy:
        case Whose.FOLLOWED:
            return await is_following(account.actor, told.actor)
        case Whose.FOLLOWER:
            return await is_following(told.actor, account.actor)
    return found.policy is Whose.ALL


def _message(told: Notification, account: Account, found: PushSubscription) -> bytes:
    with speaking(account.locale):
        message = Message(
            access_token=opened(bytes(found.sealed)).decode(),
            preferred_locale=account.locale,
            notification_id=told.id,
            notification_type=told.event.value,
            icon=absolute(told.actor.avatar or static_url(AVATAR)),
            title=_title(told),
            body=_body(told.note) if told.note else "",
        )
    return msgspec.json.encode(message)


def _title(told: Notification) -> str:
    name = told.actor.title or told.actor.name
    match told.event:
        case Event.FOLLOW:
            return _("{name} follows you").format(name=name)
        case Event.FOLLOW_REQUEST:
            return _("{name} asks to follow you").format(name=name)
        case Event.MENTION:
            return _("{name} mentioned you").format(name=name)
        case Event.STATUS:
            return _("{name} posted something").format(name=name)
        case Event.LIKE:
            return _("{name} likes your note").format(name=name)
        case Event.BOOST:
            return _("{name} boosted your note").format(name=name)
        case Event.POLL:
            return _("A poll has ended")
        case Event.UPDATE:
            return _("{name} changed a note that you boosted").format(name=name)
        case Event.QUOTE:
            return _("{name} quoted you").format(name=name)
        case Event.QUOTED_UPDATE:
            return _("{name} changed a note that you quoted").format(name=name)
        case Event.REPORT:
            return _("A report waits for you.")
        case Event.WARNING:
            return _("The moderators have decided something about you or a note of yours.")
        case Event.VOTE_OPENED:
            return _("A vote on the rules is open, and you are on its roll.")
        case Event.VOTE_CLOSED:
            return _("A vote on the rules has closed.")
        case Event.PROPOSAL_ANSWERED:
            return _("The admins have answered a proposal that you have to do with.")
        case Event.PROPOSAL_RETURNED:
            return _("An adopted proposal cannot come into force, and is given back.")
        case Event.PANEL_DRAWN:
            return _("You were drawn by lot for a panel: look at an appeal within 72 hours.")
        case Event.PANEL_OVER:
            return _("The panel on an appeal that you hear is over.")
    return _("Someone wants to join.")


def _body(note: Note) -> str:
    """Take the words of a note that all may read; of a narrow one nothing leaves the house."""
    if note.audience not in OPEN:
        return ""
    return shortened(note.summary or note.title or plain(note), LONGEST_BODY)


async def _send(found: PushSubscription, message: bytes) -> None:
    body, headers = _sealed(found, message)
    try:
        answer = await client().push(found.endpoint, body, headers)
    except (ForbiddenAddress, Refused) as error:
        log.info("push.forbidden", why=str(error)[:200])
        await _forget(found)
        return
    if answer.status in GONE:
        await _forget(found)
    elif answer.status == 429 or answer.status >= 500:
        raise Unreachable(
            f"a push service answered {answer.status}", retry_after=answer.retry_after
        )
    elif not answer.is_done:
        log.info("push.refused", status=answer.status)


async def _forget(found: PushSubscription) -> None:
    await PushSubscription.filter(id=found.id, endpoint=found.endpoint).delete()


def _sealed(found: PushSubscription, message: bytes) -> tuple[bytes, dict[str, str]]:
    """Encrypt for the app: after RFC 8291, or in the older form that relays of phones still use."""
    # Only where somebody subscribed: they take several MiB of memory.
    pushing, vapids = import_module("pywebpush"), import_module("py_vapid")
    keys = {"p256dh": found.p256dh, "auth": found.auth}
    pusher = pushing.WebPusher({"endpoint": found.endpoint, "keys": keys})
    form = "aes128gcm" if found.is_standard else "aesgcm"
    sealed = pusher.encode(message, content_encoding=form)
    vapid = (vapids.Vapid02 if found.is_standard else vapids.Vapid01).from_pem(private_key())
    # Its own check of `sub` knows no address with a port, as instances on loopback have.
    vapid.conf = {"no-strict": True}
    parts = urlsplit(found.endpoint)
    signed = vapid.sign({"aud": f"{parts.scheme}://{parts.netloc}", "sub": settings().url("/")})
    headers = {"TTL": str(2 * DAY), "Urgency": "normal", "Content-Encoding": form}
    headers |= {
        "Content-Type": "application/octet-stream",
        "Authorization": signed["Authorization"],
    }
    if not found.is_standard:
        shared = sealed["crypto_key"].decode()
        headers["Encryption"] = f"salt={sealed['salt'].decode()}"
        headers["Crypto-Key"] = f"dh={shared};{signed['Crypto-Key']}"
    return bytes(sealed["body"]), headers
