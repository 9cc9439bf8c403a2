"""/api/v1/push/subscription: where an app wants to be told, one place for each token."""

from base64 import urlsafe_b64decode
from binascii import Error
from typing import Any

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from actors.tokens import Token
from core.secret import locked
from core.settings import settings
from core.vapid import public_key
from federation.errors import ForbiddenAddress
from federation.guard import check_url
from inbox.notifications import Event
from inbox.subscriptions import PushSubscription, Whose
from web.api.access import TOKEN, secret_of
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.errors import Invalid
from web.errors import Missing

ALERTS = tuple(each.value for each in Event)
AUTH_BYTES = 16
LONGEST_ENDPOINT = 2000


class WebPushSubscription(msgspec.Struct, kw_only=True):
    """A place to be told; `id` is a number, and `server_key` our VAPID key."""

    id: int
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: str
    server_key: str


async def show(request: web.Request) -> web.Response:
    """The subscription of the token that asks."""
    return answer(_written(await _mine(request)))


async def create(request: web.Request) -> web.Response:
    """Subscribe; what this token had before is forgotten."""
    wanted = await asked(request)
    subscription = wanted.group("subscription") or Asked({})
    keys = subscription.group("keys") or Asked({})
    endpoint, point, auth = (
        (subscription.text("endpoint") or "").strip(),
        (keys.text("p256dh") or "").strip(),
        (keys.text("auth") or "").strip(),
    )
    _check(endpoint, point, auth)
    token = _token(request)
    values: dict[str, Any] = {
        "endpoint": endpoint,
        "p256dh": point.rstrip("="),
        "auth": auth.rstrip("="),
        "is_standard": subscription.is_on("standard"),
        "alerts": _alerts(wanted) or [],
        "policy": _policy(wanted) or Whose.ALL,
        "sealed": locked((await secret_of(request)).encode()),
    }
    await PushSubscription.filter(token_id=token.id).delete()
    return answer(_written(await PushSubscription.create(token_id=token.id, **values)))


async def save(request: web.Request) -> web.Response:
    """Change of what one is told; the place stays."""
    wanted, found = await asked(request), await _mine(request)
    if (alerts := _alerts(wanted)) is not None:
        found.alerts = alerts
    found.policy = _policy(wanted) or found.policy
    await PushSubscription.filter(id=found.id).update(alerts=found.alerts, policy=found.policy)
    return answer(_written(found))


async def delete(request: web.Request) -> web.Response:
    """Be told no more; done again it changes nothing."""
    await PushSubscription.filter(token_id=_token(request).id).delete()
    return nothing()


async def _mine(request: web.Request) -> PushSubscription:
    found = await PushSubscription.get_or_none(token_id=_token(request).id)
    if found is None:
        raise Missing("this token has no subscription")
    return found


def _token(request: web.Request) -> Token:
    token = request[TOKEN]
    if not isinstance(token, Token):
        raise Missing("no person")
    return token


def _check(endpoint: str, point: str, auth: str) -> None:
    wrong = {}
    if len(endpoint) > LONGEST_ENDPOINT or not _may_be_called(endpoint):
        wrong["endpoint"] = ("ERR_INVALID", "is no public https address")
    if not _is_point(point):
        wrong["p256dh"] = ("ERR_INVALID", "is no point of P-256")
    if len(_decoded(auth)) != AUTH_BYTES:
        wrong["auth"] = ("ERR_INVALID", f"is not {AUTH_BYTES} bytes in base64url")
    if wrong:
        raise Invalid(wrong)


def _may_be_called(endpoint: str) -> bool:
    try:
        check_url(endpoint, private_ok=settings().federation.allow_private_addresses)
    except ForbiddenAddress:
        return False
    return True


def _is_point(text: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(text))
    except ValueError:
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        bare = text.rstrip("=").replace("+", "-").replace("/", "_")
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (Error, ValueError):
        return b""


def _alerts(wanted: Asked) -> list[str] | None:
    """Read for which kinds of events an alert is wanted; None when it was not said."""
    group = (wanted.group("data") or Asked({})).group("alerts")
    return [each for each in ALERTS if group.is_on(each)] if group else None


def _policy(wanted: Asked) -> Whose | None:
    said = (wanted.group("data") or Asked({})).text("policy") or wanted.text("policy")
    if not said:
        return None
    if said not in set(Whose):
        raise Invalid({"policy": ("ERR_INCLUSION", "is not included in the list")})
    return Whose(said)


def _written(found: PushSubscription) -> WebPushSubscription:
    return WebPushSubscription(
        id=found.id,
        endpoint=found.endpoint,
        standard=found.is_standard,
        alerts={each: each in found.alerts for each in ALERTS},
        policy=found.policy.value,
        server_key=public_key(),
    )
