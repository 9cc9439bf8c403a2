"""The demo: it fills an instance with what there is to see, and does so once."""

from actors.actor import Actor
from core.paging import Page
from inbox import in_groups, reading
from notes.attachments import Attachment, Media, State, load_media
from notes.containers import Container
from notes.footage import survey
from notes.group_posts import GroupPost
from notes.media_files import Role, of_role
from notes.note import Note, Shows
from notes.remux import pictures_fit
from notes.video_bounds import Bounds
from rubric.demo import fill
from rubric.demo_films import FRAMES, RATE, filmed
from rubric.demo_groups import GROUPS
from rubric.demo_story import NOTES, PEOPLE


def test_a_film_of_the_demo_is_kept_as_it_comes(tmp_path):
    file = tmp_path / "film.mp4"

    file.write_bytes(filmed("hills", (540, 960)))

    footage = survey(file, Bounds(10, 1))
    assert footage.container is Container.MOV
    assert footage.seconds == FRAMES / RATE
    assert pictures_fit(footage)


async def test_the_demo_has_people_pictures_and_videos_and_is_made_once(here):
    await fill()
    again = await fill()

    notes = await Note.filter(boost_of_id=None)
    threads = [each for story in GROUPS for each in story.threads]
    said = len(threads) + sum(len(each.answers) for each in threads)
    assert len(notes) == len(NOTES) + said
    assert await Actor.filter(name__in=[each.name for each in PEOPLE]).count() == len(PEOPLE)
    assert not await Attachment.exclude(state=State.READY).exists()
    assert "already" in again
    for story in GROUPS:
        group = await Actor.get(local_name=story.name)
        assert group.followers_count == len(story.members) + 1
        found = await in_groups.of_group(group, await Actor.get(name=story.owner), Page())
        assert len(found.rows) == len(story.threads)
    assert await GroupPost.filter(pinned_at__isnull=False).count() == 1
    watched = await reading.local(None, Page(), shows=Shows.VIDEO)
    assert len(watched.rows) == sum(each.film is not None for each in NOTES)
    videos = await load_media("media = ?", [Media.VIDEO])
    captions = [each for video in videos for each in of_role(video.files, Role.CAPTIONS)]
    assert sorted(each.language for each in captions) == ["en", "zh"]
