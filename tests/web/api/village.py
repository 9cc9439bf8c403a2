"""A place where something of everything has happened, as one of its people sees it by an app."""

import io
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from aiohttp import FormData
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from actors.accounts import Role
from actors.actor import Actor
from actors.apps import register
from actors.domains import Domain
from actors.second_factor import Authenticator
from actors.tokens import issue
from core.clock import now
from inbox.notifications import Event, tell
from moderation import policy
from moderation import trending as by_policy
from notes.cards import Card
from notes.note import Note
from tests.conftest import account_of
from tests.factories import addressed, boosted, followed, noted, stranger
from tests.web.api.described import Client
from web.api.answers import ts

FOG = "https://garden.example/fog"
Make = Callable[..., Awaitable[Any]]


@dataclass
class Village:
    """Who lives there, the app of Mei, who reads, and the ids of what there is."""

    app: Client
    friend: Client
    mei: Actor
    settle_down: Make
    ids: dict[str, str] = field(default_factory=dict)


async def settled(settle: Make, client: Make, settle_down: Make) -> Village:
    """Have people move in, write, and do with each other's notes what people do."""
    mei = await settle("mei", role=Role.ADMIN, is_locked=True, is_discoverable=True)
    ana = await settle("ana", is_discoverable=True, is_indexable=True, hides_follows=False)
    put_rules()
    scopes = ("profile", "read", "write", "follow", "push", "admin:read", "admin:write")
    app, _ = await register("A reader", ["https://reader.example/"], scopes)
    await Authenticator.create(
        account=await account_of(mei), secret=b"of an app", confirmed_at=now()
    )
    token, _ = await issue(await account_of(mei), scopes, app=app)
    friend = await client(ana)
    village = Village(Client(friend.session, token), friend, mei, settle_down)
    village.ids |= {"mei": str(mei.id), "ana": str(ana.id)}
    await _profile(village)
    await _ties(village, settle)
    await settle_down()
    await village.app.post(f"/api/v1/accounts/{ana.id}/endorse")
    await _write(village, ana)
    await _react(village, settle, ana)
    await settle_down()
    await _lead_somewhere(village)
    await _from_elsewhere(village, ana)
    await _keep(village)
    await by_policy.count_anew()
    await settle_down()
    return village


async def _profile(village: Village) -> None:
    data = FormData({"display_name": "Ana of the hills", "note": "I draw #hills.\n\nWith ink."})
    data.add_field("avatar", picture((200, 200)), filename="a.png", content_type="image/png")
    data.add_field("fields_attributes[0][name]", "Garden")
    data.add_field("fields_attributes[0][value]", "https://garden.example/")
    status, _ = await village.friend.ask("PATCH", "/api/v1/accounts/update_credentials", data=data)
    assert status == 200
    made = await village.friend.post("/api/v1/featured_tags", name="hills")
    village.ids["featured"] = made["id"]


async def _ties(village: Village, settle: Make) -> None:
    app, ids = village.app, village.ids
    for name in ("bo", "cai", "dan", "eve"):
        ids[name] = str((await settle(name, is_discoverable=True)).id)
    await Actor.all().update(created_at=now() - timedelta(days=90))
    ids["newcomer"] = str((await settle("newcomer", is_discoverable=True)).id)
    await app.post(f"/api/v1/accounts/{ids['ana']}/follow", notify=True, languages=["en"])
    await app.post(f"/api/v1/accounts/{ids['bo']}/follow")
    await app.post(f"/api/v1/accounts/{ids['ana']}/note", comment="From the market")
    await app.post(f"/api/v1/accounts/{ids['cai']}/block")
    await app.post(f"/api/v1/accounts/{ids['dan']}/mute", duration=3600)
    await app.post("/api/v1/domain_blocks", domain="noise.example")
    await app.post("/api/v1/tags/hills/follow")
    await village.friend.post(f"/api/v1/accounts/{ids['mei']}/follow")
    for one, other in (("ana", "bo"), ("bo", "ana"), ("ana", "newcomer"), ("bo", "newcomer")):
        people = [await Actor.get(id=int(ids[each])) for each in (one, other)]
        await followed(*people)


async def _write(village: Village, ana: Actor) -> None:
    friend, ids = village.friend, village.ids
    data = FormData()
    data.add_field("file", picture((640, 480)), filename="x.png", content_type="image/png")
    data.add_field("description", "Hills in the fog")
    status, media = await friend.ask("POST", "/api/v2/media", data=data)
    assert status in (200, 202), media
    while media["url"] is None:
        _, media = await friend.ask("GET", f"/api/v1/media/{media['id']}")
    shown = await friend.post(
        "/api/v1/statuses",
        status="The #hills this morning, with @mei https://garden.example/fog",
        media_ids=[media["id"]],
        spoiler_text="Weather",
        language="en",
        rubric={"title": "Fog"},
    )
    asked = await friend.post(
        "/api/v1/statuses",
        status="Which path?",
        poll={"options": ["left", "right"], "expires_in": 3600, "multiple": True},
    )
    ids |= {"status": shown["id"], "poll": asked["poll"]["id"], "asked": asked["id"]}
    words = "A meeting about nothing"
    ids["filtered"] = (await friend.post("/api/v1/statuses", status=words))["id"]
    told = await friend.post("/api/v1/statuses", status="@mei between us", visibility="direct")
    ids["direct"] = told["id"]
    await friend.ask("PUT", f"/api/v1/statuses/{asked['id']}", json={"status": "Which path today?"})
    await noted(ana, "<p>For followers</p>", audience="followers")


async def _react(village: Village, settle: Make, ana: Actor) -> None:
    app, ids = village.app, village.ids
    mine = await app.post("/api/v1/statuses", status="Tea first. #tea #morning")
    ids["mine"] = mine["id"]
    answer = await app.post("/api/v1/statuses", status="Lovely", in_reply_to_id=ids["status"])
    ids["answer"] = answer["id"]
    for act in ("favourite", "bookmark", "reblog"):
        await app.post(f"/api/v1/statuses/{ids['status']}/{act}")
    await app.post(f"/api/v1/statuses/{mine['id']}/pin")
    await app.post(f"/api/v1/polls/{ids['poll']}/votes", choices=[0])
    for act in ("favourite", "reblog"):
        await village.friend.post(f"/api/v1/statuses/{mine['id']}/{act}")
    words = {"status": "As she says", "quoted_status_id": mine["id"]}
    ids["quoting"] = (await village.friend.post("/api/v1/statuses", **words))["id"]
    report = await village.friend.post(
        "/api/v1/reports", account_id=ids["bo"], comment="Too loud", rule_ids=["1"]
    )
    assert report["id"]
    note = await note_of(mine["id"])
    await tell(village.mei, Event.STATUS, ana, await note_of(ids["status"]))
    await tell(village.mei, Event.UPDATE, ana, await note_of(ids["asked"]))
    await tell(village.mei, Event.POLL, ana, await note_of(ids["asked"]))
    bo = await Actor.get(id=int(ids["bo"]))
    await tell(village.mei, Event.LIKE, bo, note)


async def _lead_somewhere(village: Village) -> None:
    """What a page says of itself, as it was read once for the notes that lead there."""
    words = {"title": "Fog", "description": "A garden in the morning", "author_name": "Ana"}
    card = await Card.create(url=FOG, provider_name="Garden", fetched_at=now(), **words)
    found = [int(village.ids[each]) for each in ("status", "mine")]
    await Note.filter(id__in=found).update(card_id=card.id)


async def _from_elsewhere(village: Village, ana: Actor) -> None:
    """People, groups and notes of other servers; some of them ask, some wait unseen."""
    ids, mei = village.ids, village.mei
    status, _ = await village.app.ask(
        "PATCH", "/api/v2/notifications/policy", json={"for_new_accounts": "filter"}
    )
    assert status == 200
    await Domain.create(host="elsewhere.example")
    zoe = await stranger(
        "zoe", title="Zoé", is_discoverable=True, followers_count=12, moved_to=ana.uri
    )
    group = await stranger("photos", "lemmy.example", kind="Group", title="Photos")
    asking = await Actor.get(id=int(ids["eve"]))
    await followed(asking, mei, is_accepted=False)
    await tell(mei, Event.FOLLOW_REQUEST, asking)
    letter = await noted(zoe, "<p>Hello Mei</p>")
    await addressed(letter, mei)
    await tell(mei, Event.MENTION, zoe, letter)
    await tell(mei, Event.FOLLOW, zoe)
    shown = await boosted(group, await noted(zoe, "<p>From the group</p>"))
    ids |= {"zoe": str(zoe.id), "group": str(group.id), "boost": str(shown.id)}


async def _keep(village: Village) -> None:
    app, ids = village.app, village.ids
    made = await app.post("/api/v1/lists", title="Friends", replies_policy="followed")
    ids["list"] = made["id"]
    await app.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[ids["ana"]])
    kept = await app.post(
        "/api/v2/filters",
        title="Work",
        context=["home", "public", "account", "thread"],
        expires_in=86400,
        keywords_attributes=[{"keyword": "meeting", "whole_word": True}],
    )
    ids |= {"filter": kept["id"], "word": kept["keywords"][0]["id"]}
    named = await app.post(f"/api/v2/filters/{kept['id']}/statuses", status_id=ids["filtered"])
    ids["named"] = named["id"]
    later = await app.post(
        "/api/v1/statuses",
        status="Tomorrow",
        scheduled_at=ts(now() + timedelta(days=1)),
        poll={"options": ["a", "b"], "expires_in": 3600},
    )
    ids["scheduled"] = later["id"]
    await app.post("/api/v1/markers", home={"last_read_id": ids["status"]})
    await app.post("/api/v1/featured_tags", name="tea")
    subscribed = await app.post("/api/v1/push/subscription", **subscription())
    assert subscribed["alerts"]["mention"]


def put_rules() -> None:
    """Have a policy with a rule, that names a server, and for which one note is enough to trend."""
    in_force = policy.current()
    sections = msgspec.to_builtins(in_force.sections)
    sections["ranking"] |= {"least_notes": 1, "least_people": 1, "least_account_days": 0}
    sections["rules"] = [{"id": "kind", "title": {"en": "Be kind"}, "text": {"en": "To all."}}]
    sections["federation"]["entries"] = [
        {"domain": "loud.example", "severity": "limit", "reason": {"en": "Too much"}}
    ]
    changed = msgspec.convert(sections, type(in_force.sections))
    policy.put_in_force(msgspec.structs.replace(in_force, sections=changed))


async def note_of(number: str) -> Note:
    return await Note.get(id=int(number)).select_related("author")


def picture(size: tuple[int, int]) -> bytes:
    """A plain PNG."""
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, "PNG")
    return made.getvalue()


def subscription() -> dict[str, Any]:
    """What an app sends to be told; nobody listens at the place it names."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {
        "p256dh": urlsafe_b64encode(point).decode().rstrip("="),
        "auth": urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="),
    }
    return {
        "subscription": {"endpoint": "http://localhost:9/push", "keys": keys, "standard": True},
        "data": {"alerts": {"mention": True}, "policy": "all"},
    }
