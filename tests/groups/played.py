"""A small server that plays one of another kind, with that kind's recorded documents."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from actors.actor import Actor
from actors.follows import Follow
from actors.remote import look_up
from notes.note import Note
from outbox.follow import follow
from tests.remote import PUBLIC, Document, Person, Remote, key_pair

CORPUS = Path(
    os.environ.get("RUBRIC_CORPUS") or Path(__file__).parents[2].parent / "shared" / "corpus"
)


def recorded(name: str, hosts: dict[str, str], **values: Any) -> Document:
    """A recorded document, its hosts (`https://lemmy.ml`) exchanged for those of played servers.

    `values` take the place of what stands there; None takes a name away.
    """
    text = (CORPUS / name).read_text()
    for host, base in hosts.items():
        text = text.replace(host, base)
    document: Document = json.loads(text) | values
    return {key: value for key, value in document.items() if value is not None}


@dataclass
class Recorded(Person):
    """An actor who is just what was recorded, but for the key."""

    written: Document = field(default_factory=dict)

    @property
    def inbox(self) -> str:
        """Where letters for them alone go."""
        return str(self.written["inbox"])

    @property
    def followers(self) -> str:
        """The id of their followers collection, if they name one."""
        return str(self.written.get("followers", f"{self.uri}/followers"))

    def document(self, base: str) -> Document:
        """Their actor document, as it was recorded."""
        key = {
            "id": f"{self.uri}#main-key",
            "owner": self.uri,
            "publicKeyPem": self.public,
        }
        return self.written | {"publicKey": key}


class Played(Remote):
    """One server of a kind: `host` in the documents is the host whose place it takes."""

    def hosts(self, *names: str) -> dict[str, str]:
        """What `recorded` exchanges: each of these hosts for this server."""
        return {f"{scheme}://{name}": self.base for name in names for scheme in ("https", "http")}

    def actor(self, document: Document) -> Recorded:
        """Someone who lives there, with a key of theirs."""
        private, public = key_pair(len(self.people) % 8)
        name = str(document["preferredUsername"])
        made = Recorded(
            str(document["id"]), name, private, public, str(document["type"]), written=document
        )
        self.people[name.lower()] = made
        return made

    def serve(self, document: Document) -> Document:
        """Let a document be fetched at its id."""
        address = urlsplit(str(document["id"]))
        self.things[address.path + (f"?{address.query}" if address.query else "")] = document
        return document

    def announce(self, group: Person, about: Any, **more: Any) -> Document:
        """What the group passes on, as Lemmy and its kin write it."""
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.id("activities/announce"),
            "type": "Announce",
            "actor": group.uri,
            "to": [PUBLIC],
            "cc": [group.followers],
            "object": about,
        } | more


async def joined(mei: Actor, server: Played, group: Person, settle_down: Any) -> Actor:
    """Let Mei ask to join and the group accept, with the letters that go to and fro."""
    found = await look_up(f"!{group.name}@{server.host}")
    await follow(mei, found)
    await settle_down()
    asked = server.letters[-1].document
    accept = server.activity("Accept", group, asked, to=[mei.uri])
    assert await server.send(mei.inbox, accept, group) == 202
    await settle_down()
    assert await Follow.exists(follower_id=mei.id, followed_id=found.id, is_accepted=True)
    return found


@dataclass
class Scene:
    """Mei is a member of a group elsewhere, in which somebody posted something."""

    mei: Actor
    server: Played
    there: Person
    """The group, as it is at home."""
    group: Actor
    author: Person
    page: Document
    mod: Person
    settle_down: Any

    async def passes_on(self, about: Any, **more: Any) -> Document:
        """Let the group pass something on, and wait until it had its effect."""
        letter = self.server.announce(self.there, about, **more)
        assert await self.server.send(self.mei.inbox, letter, self.there) == 202
        await self.settle_down()
        return letter

    async def note(self, page: Document | None = None) -> Note:
        """What was posted, as it stands here now."""
        return await Note.get(uri=(page or self.page)["id"]).select_related("author")

    def ruling(self, name: str, **more: Any) -> Document:
        """A recorded decision, made by the moderator in this group."""
        values = {
            "id": self.server.id("activities"),
            "cc": [self.there.uri],
            "audience": self.there.uri,
            "actor": self.mod.uri,
        }
        return recorded(name, {}) | values | more
