"""Filling an instance with believable people, notes, pictures and films drawn by a script."""

import asyncio
import secrets
import sys

from actors.accounts import Role
from actors.actor import Actor, local_actor
from actors.registration import create_account
from notes.attachments import Attachment
from notes.faces import keep_face
from notes.note import Audience, Note
from notes.orders import Shape
from notes.uploads import keep_captions, keep_upload
from outbox.announce import boost
from outbox.create import publish
from outbox.draft import Draft
from outbox.follow import follow
from outbox.like import like
from rubric.demo_gathering import gather
from rubric.demo_pictures import painted
from rubric.demo_story import NOTES, PEOPLE, Film, NoteStory, PersonStory
from rubric.worker import work_letters, work_others


async def fill() -> str:
    """Make everyone and everything of the story; does nothing where they live already."""
    if await local_actor(PEOPLE[0].name):
        return "the people of the demo live here already"
    password = secrets.token_urlsafe(9)
    people = {story.name: await _move_in(story, password) for story in PEOPLE}
    await _befriend(people)
    notes: list[Note] = []
    for number, story in enumerate(NOTES):
        notes.append(await _post(story, people, notes, number))
    await _work()
    groups = await gather(people, _work)
    return (
        f"{len(people)} people, {len(notes)} notes and {groups} groups are here.\n"
        f"Sign in as any of them ({', '.join(sorted(people))}) with the password: {password}\n"
        f"{PEOPLE[0].name} is an admin."
    )


async def _move_in(story: PersonStory, password: str) -> Actor:
    account = await create_account(
        story.name,
        f"{story.name}@example.org",
        password,
        role=Role.ADMIN if story.is_admin else Role.MEMBER,
        # Drawn by lot: one in six has too few pieces for whoever checks passwords.
        is_checked=False,
        locale=story.locale,
    )
    face = await keep_face(await asyncio.to_thread(painted, story.scene, 7), Shape.AVATAR)
    await Actor.filter(id=account.actor.id).update(
        title=story.title,
        about=f"<p>{story.about}</p>",
        about_source=story.about,
        avatar=face,
        is_discoverable=True,
        is_indexable=True,
    )
    return await Actor.get(id=account.actor.id)


async def _befriend(people: dict[str, Actor]) -> None:
    for story in PEOPLE:
        for name in story.follows:
            await follow(people[story.name], people[name])
    await _work()


async def _post(story: NoteStory, people: dict[str, Actor], notes: list[Note], number: int) -> Note:
    author = people[story.author]
    uploads = [
        await keep_upload(author, await asyncio.to_thread(painted, scene, number), alt=alt)
        for scene, alt in story.pictures
    ]
    if story.film is not None:
        uploads = [await _keep(author, story.film, story.language)]
    note = await publish(
        author,
        Draft(
            text=story.text,
            title=story.title,
            language=story.language,
            audience=Audience.PUBLIC,
            in_reply_to=notes[story.answers] if story.answers is not None else None,
            attachments=[each.id for each in uploads],
        ),
    )
    for name in story.liked_by:
        await like(people[name], note)
    for name in story.boosted_by:
        await boost(people[name], note)
    return note


async def _keep(author: Actor, film: Film, language: str) -> Attachment:
    kept = await keep_upload(author, await _filmed(film), alt=film.alt)
    if film.captions:
        await keep_captions(kept, film.captions.encode(), language=language)
    return kept


async def _filmed(film: Film) -> bytes:
    """Have a film drawn by another process: what writes videos is never loaded in this one."""
    words = (film.scene, *map(str, film.size))
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rubric.demo_films", *words), stdout=asyncio.subprocess.PIPE
    )
    drawn, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the film of {film.scene} could not be drawn")
    return drawn


async def _work() -> None:
    while await work_letters() + await work_others():
        continue
