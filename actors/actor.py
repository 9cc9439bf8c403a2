"""Actor: anyone with an inbox, here or elsewhere."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.ids import new_id
from core.settings import settings


class Kind(StrEnum):
    """What an actor is, by its ActivityStreams name; unknown kinds are read as Service."""

    PERSON = "Person"
    GROUP = "Group"
    APPLICATION = "Application"
    SERVICE = "Service"
    ORGANIZATION = "Organization"


class Actor(Model):
    """A person, group or server; local when `local_name` is set, and then never removed.

    `host` is the canonical part after the @; counts are of what is public (security.md PRIV-03).
    `moved_to` is what they say; `moved_at`, when their followers here went with them.
    `suspended_at` is our decision, `is_withdrawn` that of their own server; `is_kept_out` says that
    the policy rejects that server. By decision `quieted_at` keeps what they post out of public
    lists, `read_only_at` keeps them from posting, and `slow_minutes` lies between their notes.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    local_name = fields.CharField(max_length=64, null=True, unique=True)
    kind = fields.CharEnumField(Kind, max_length=20, default=Kind.PERSON)
    name = fields.CharField(max_length=64)
    host = fields.CharField(max_length=255)
    title = fields.CharField(max_length=200, default="")
    about = fields.TextField(default="")
    about_source = fields.TextField(default="")
    url = fields.CharField(max_length=1000, default="")
    inbox = fields.CharField(max_length=1000, default="")
    shared_inbox = fields.CharField(max_length=1000, default="")
    outbox = fields.CharField(max_length=1000, default="")
    followers_uri = fields.CharField(max_length=1000, default="")
    following_uri = fields.CharField(max_length=1000, default="")
    featured_uri = fields.CharField(max_length=1000, default="")
    moderators_uri = fields.CharField(max_length=1000, default="")
    avatar = fields.CharField(max_length=1000, default="")
    avatar_alt = fields.CharField(max_length=1500, default="")
    header = fields.CharField(max_length=1000, default="")
    header_alt = fields.CharField(max_length=1500, default="", db_default="")
    facts: Any = fields.JSONField(default=list)
    key_id = fields.CharField(max_length=1000, default="")
    public_key = fields.TextField(default="")
    multikey = fields.CharField(max_length=200, default="")
    multikey_id = fields.CharField(max_length=1000, default="")
    is_locked = fields.BooleanField(default=False)
    is_discoverable = fields.BooleanField(default=False)
    is_indexable = fields.BooleanField(default=False)
    is_bot = fields.BooleanField(default=False)
    hides_follows = fields.BooleanField(default=True)
    emojis: Any = fields.JSONField(null=True)
    aliases: Any = fields.JSONField(default=list)
    moved_to = fields.CharField(max_length=1000, default="")
    moved_at = fields.DatetimeField(null=True)
    followers_count = fields.IntField(default=0)
    following_count = fields.IntField(default=0)
    notes_count = fields.IntField(default=0)
    last_note_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)
    fetched_at = fields.DatetimeField(null=True)
    suspended_at = fields.DatetimeField(null=True)
    quieted_at = fields.DatetimeField(null=True)
    read_only_at = fields.DatetimeField(null=True)
    slow_minutes = fields.IntField(default=0, db_default=0)
    is_withdrawn = fields.BooleanField(default=False)
    is_kept_out = fields.BooleanField(default=False)
    gone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "actor"
        indexes = [("name", "host"), ("key_id",), ("host",)]

    @property
    def is_local(self) -> bool:
        """Whether they live here."""
        return self.local_name is not None

    @property
    def is_group(self) -> bool:
        """Whether it is a group, which people join by following it."""
        return self.kind == Kind.GROUP

    @property
    def is_present(self) -> bool:
        """Whether they may be seen and heard: not suspended, here or at home, kept out or gone."""
        is_here = self.suspended_at is None and self.gone_at is None
        return is_here and not self.is_withdrawn and not self.is_kept_out

    @property
    def handle(self) -> str:
        """`name` for those who live here, `name@host` for others, as `acct` in the client API."""
        return self.name if self.is_local else f"{self.name}@{self.host}"

    @property
    def full_handle(self) -> str:
        """`name@host` for everyone."""
        return f"{self.name}@{self.host}"

    @property
    def display_name(self) -> str:
        """What to call them."""
        return self.title or self.name

    @property
    def page(self) -> str:
        """The path of their page on this instance."""
        return f"/{'g/' if self.is_group else '@'}{self.handle}"

    @property
    def letterbox(self) -> str:
        """Where letters for their whole server go."""
        return self.shared_inbox or self.inbox


def local_uri(name: str, kind: Kind = Kind.PERSON) -> str:
    """Return the id a local actor of this name has; people and groups share one name space."""
    if kind == Kind.APPLICATION:
        return settings().url("/actor")
    return settings().url(f"/{'g' if kind == Kind.GROUP else 'u'}/{name}")


async def local_actor(name: str) -> Actor | None:
    """Find someone who lives here by name, whatever its case; also the suspended and the gone."""
    return await Actor.get_or_none(local_name=name.lower())


async def by_uri(uri: str) -> Actor | None:
    """Find an actor we know; never asks another server."""
    return await Actor.get_or_none(uri=uri)


async def by_handle(name: str, host: str | None) -> Actor | None:
    """Find an actor we know by `name@host`; without a host, someone who lives here."""
    if host is None or host.lower() == settings().server.account_domain:
        return await local_actor(name)
    return await Actor.filter(name__iexact=name, host=host.lower(), gone_at=None).first()
