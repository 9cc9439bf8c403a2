"""The pictures of an appeal: what the person concerned shows to whoever hears it, and to nobody
else; they go when the case loses its words (`retention.reports_days`)."""

import asyncio
from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import sql
from core.limits import TooMany, count
from moderation.appeals import Appeal
from moderation.decisions import Decision
from notes.attachments import Attachment, Media, State, load_media, unposted
from notes.containers import container_of
from notes.drafts import DraftMedia
from notes.files import drop, forget_originals
from notes.orders import Unfit
from notes.uploads import HALF_AN_HOUR, File, head_of, settled, take_in
from outbox.refusals import NotValid

MOST = 4
AT_ONCE = 16  # within half an hour, for one decision: who holds its link needs no account
PICTURES = (Media.IMAGE, Media.GIFV)
FIELD = "pictures"
TOO_MANY = f"At most {MOST} pictures."
NO_FILMS = "An appeal takes pictures, no videos."
TOO_OFTEN = "You uploaded a lot in half an hour. Please wait a little."
LOST = "One of the pictures is no longer there. Add it again."
UNFINISHED = "The pictures and videos are not ready yet."


async def take_in_pictures(decision: Decision, files: Sequence[File]) -> list[Attachment]:
    """Keep what came with an appeal, by the road and within the limits of pictures of notes.

    Waits a while for the work on them; what takes longer goes on by its job. Of several none is
    kept where one cannot be: raises NotValid with a sentence.
    """
    if len(files) > MOST:
        raise NotValid(FIELD, TOO_MANY)
    if not files:
        return []
    owner = await Actor.get(id=decision.actor_id)
    taken: list[Attachment] = []
    try:
        for each in files:
            await count(f"uploads:decision:{decision.id}", most=AT_ONCE, seconds=HALF_AN_HOUR)
            taken.append(await _taken(owner, each))
        looked_at = await asyncio.gather(*(settled(each) for each in taken))
        for picture in looked_at:
            if picture.state is State.FAILED:
                raise Unfit(picture.failure)
            _check_kind(picture)
    except (Unfit, TooMany, NotValid) as error:
        await let_go(taken)
        why = TOO_OFTEN if isinstance(error, TooMany) else str(error)
        raise NotValid(FIELD, why) from error
    return looked_at


async def own_pictures(owner: Actor, ids: Sequence[int]) -> list[Attachment]:
    """Return these uploads of somebody for an appeal, in this order. Raises NotValid."""
    if len(ids) > MOST:
        raise NotValid(FIELD, TOO_MANY)
    found = await unposted().filter(id__in=list(ids), owner_id=owner.id)
    if len(found) < len(set(ids)):
        raise NotValid(FIELD, LOST)
    for each in found:
        _check_kind(each)
        if each.state is not State.READY:
            raise NotValid(FIELD, UNFINISHED)
    return sorted(found, key=lambda each: ids.index(each.id))


async def hang(pictures: Sequence[Attachment], appeal_id: int) -> None:
    """Make these the pictures of an appeal, for good. Call in a transaction; raises NotValid."""
    for position, each in enumerate(pictures):
        free = unposted().filter(id=each.id)
        if not await free.update(appeal_id=appeal_id, position=position):
            raise NotValid(FIELD, LOST)
    await DraftMedia.filter(attachment_id__in=[each.id for each in pictures]).delete()
    # What is still being worked on is made from what came in.
    await forget_originals([each.id for each in pictures if each.state is State.READY])


async def pictures_of(appeals: Sequence[int]) -> dict[int, list[Attachment]]:
    """Return the pictures of each of these appeals, with their files: two queries."""
    found: dict[int, list[Attachment]] = {each: [] for each in appeals}
    if appeals:
        text = f"appeal_id IN ({sql.marks(appeals)}) ORDER BY position, id"
        for each in await load_media(text, list(appeals)):
            found[each.appeal_id or 0].append(each)
    return found


async def forget_pictures(case_id: int) -> None:
    """Drop the pictures of every appeal in a case. Call in a transaction."""
    appeals = await Appeal.filter(decision__case_id=case_id).values("id")
    hung = Attachment.filter(appeal_id__in=[row["id"] for row in appeals])
    await drop([row["id"] for row in await hung.values("id")])


async def kept() -> tuple[int, int]:
    """Count what is kept for appeals: files, and bytes."""
    text = (
        "SELECT COUNT(*) AS files, COALESCE(SUM(f.size), 0) AS size FROM attachment a"
        " JOIN media_file f ON f.attachment_id = a.id WHERE a.appeal_id > 0"
    )
    (row,) = await sql.rows(text, [])
    return int(row["files"]), int(row["size"])


async def let_go(pictures: Sequence[Attachment]) -> None:
    """Drop pictures whose appeal was not filed."""
    if pictures:
        async with in_transaction():
            free = unposted().filter(id__in=[each.id for each in pictures])
            await drop([row["id"] for row in await free.values("id")])


async def _taken(owner: Actor, file: File) -> Attachment:
    if container_of(await asyncio.to_thread(head_of, file)) is not None:
        raise Unfit(NO_FILMS)
    return await take_in(owner, file)


def _check_kind(picture: Attachment) -> None:
    if picture.media not in PICTURES:
        raise NotValid(FIELD, NO_FILMS)
