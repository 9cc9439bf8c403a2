"""A private note that this server writes to one person, here or elsewhere, once."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_actor
from notes.note import Audience, Note
from notes.once import Repeated, remember
from notes.text import named_in, render
from outbox.create import announce_new, write_note
from outbox.draft import Draft, Words, tag_url


async def write_to(person: Actor, text: str, *, key: str) -> Note | None:
    """Send a text to one person in the name of this server; None when this `key` was sent before.

    Who lives here finds it among what they were told, others on their own server.
    """
    instance = await instance_actor()
    source = f"@{person.full_handle}\n\n{text}"
    known = {
        str(each).lower(): (person.url or person.uri, person.name) for each in named_in(source)[:1]
    }
    draft = Draft(text=source, audience=Audience.PEOPLE, key=key)
    words = Words(render(source, known=known, tag_url=tag_url), [person], ())
    try:
        async with in_transaction():
            note = await write_note(instance, draft, words)
            await remember(instance, key, note)
            await announce_new(note)
    except Repeated:
        return None
    return note
