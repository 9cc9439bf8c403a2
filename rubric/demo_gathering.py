"""Making the groups of the demo, by the same roads as everybody's."""

import asyncio
from collections.abc import Awaitable, Callable

from actors.actor import Actor
from actors.groups import See, make_group
from inbox.group_desk import answer_request
from moderation.group_acts import pin
from moderation.group_offices import add_moderator
from notes.faces import keep_face
from notes.note import Audience, Note
from notes.orders import Shape
from notes.text import render
from notes.uploads import keep_upload
from outbox.create import publish
from outbox.draft import Draft, tag_url
from outbox.flair import settle_flair
from outbox.follow import follow
from outbox.like import like
from rubric.demo_groups import GROUPS, GroupStory, ThreadStory
from rubric.demo_pictures import painted


async def gather(people: dict[str, Actor], work: Callable[[], Awaitable[None]]) -> int:
    """Make every group of the story with its members and threads; returns how many there are.

    `work` does all work that is queued.
    """
    for number, story in enumerate(GROUPS):
        group = await _found(story, people[story.owner])
        await _join(story, group, people, work)
        for place, thread in enumerate(story.threads):
            await _begin(thread, story, group, people, work, 40 + 10 * number + place)
    await work()
    return len(GROUPS)


async def _found(story: GroupStory, owner: Actor) -> Actor:
    face = await keep_face(await asyncio.to_thread(painted, story.scene, 21), Shape.AVATAR)
    banner = await keep_face(await asyncio.to_thread(painted, story.banner, 22), Shape.HEADER)
    return await make_group(
        owner,
        story.name,
        title=story.title,
        about=render(story.about, tag_url=tag_url),
        about_source=story.about,
        avatar=face,
        avatar_alt=story.alt,
        header=banner,
        header_alt=story.alt,
        join=story.join,
        see=story.see,
        post=story.post,
        language=story.language,
        rules={story.language: list(story.rules)} if story.rules else {},
        flair=[{"name": name, "color": colour} for name, colour in story.flair],
    )


async def _join(
    story: GroupStory,
    group: Actor,
    people: dict[str, Actor],
    work: Callable[[], Awaitable[None]],
) -> None:
    owner = people[story.owner]
    for name in story.members:
        await follow(people[name], group)
    await work()
    if story.see is See.MEMBERS:
        for name in story.members:
            await answer_request(owner, group, people[name], is_accepted=True)
        await work()
    if story.moderator:
        await add_moderator(owner, group, people[story.moderator])


async def _begin(
    thread: ThreadStory,
    story: GroupStory,
    group: Actor,
    people: dict[str, Actor],
    work: Callable[[], Awaitable[None]],
    seed: int,
) -> None:
    author = people[thread.author]
    uploads = [
        await keep_upload(author, await asyncio.to_thread(painted, scene, seed), alt=alt)
        for scene, alt in thread.pictures
    ]
    audience = Audience.PUBLIC if story.see is See.EVERYONE else Audience.MEMBERS
    note = await publish(
        author,
        Draft(
            text=thread.text,
            title=thread.title,
            language=thread.language,
            audience=audience,
            group_id=group.id,
            attachments=[each.id for each in uploads],
        ),
    )
    await work()
    await _talk(thread, note, people, audience)
    if thread.flair:
        await settle_flair(author, group, note, [thread.flair])
    if thread.is_pinned:
        await pin(people[story.owner], group, note)


async def _talk(
    thread: ThreadStory, note: Note, people: dict[str, Actor], audience: Audience
) -> None:
    for name, text in thread.answers:
        words = Draft(text=text, audience=audience, in_reply_to=note, language=thread.language)
        await publish(people[name], words)
    for name in thread.liked_by:
        await like(people[name], note)
