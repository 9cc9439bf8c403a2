"""Portraits and banners of people elsewhere, looked at here."""

import asyncio
from datetime import UTC, datetime

import pytest

from actors.actor import Actor
from core.clock import now
from core.settings import use
from notes.attachments import Attachment
from notes.faces import keep_face
from notes.files import sweep
from notes.hashes import block
from notes.orders import Shape
from notes.purging import purge_account, purge_domain
from notes.remote_cache import held, let_go
from notes.remote_faces import AVATAR, HEADER, face_of, face_path
from notes.removal import erase
from tests.conftest import replaced
from tests.web.test_from_elsewhere import ana, kept_files, picture, shelf

__all__ = ["ana", "shelf"]


@pytest.fixture
async def bo(ana, shelf):
    """Somebody elsewhere with a portrait and a banner."""
    shelf.things |= {"/face": picture("green"), "/wide": picture("navy", (1500, 500))}
    ana.avatar, ana.header = f"{shelf.base}/face", f"{shelf.base}/wide"
    await ana.save()
    return ana


async def looked(wire, path):
    """What is answered, without following."""
    async with wire.get(path, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()


async def test_faces_are_fetched_when_somebody_looks_and_kept(wire, bo, shelf):
    before = list(shelf.asked)

    answers = [await looked(wire, face_path(bo, which)) for which in (AVATAR, HEADER, AVATAR)]

    assert before == []
    assert [status for status, _, _ in answers] == [200, 200, 200]
    assert [path for path, _ in shelf.asked] == ["/face", "/wide"]
    for _, headers, body in answers:
        assert headers["Content-Type"] in ("image/jpeg", "image/webp")
        assert headers["Cache-Control"] == "public, max-age=86400"
        assert b"SECRET" not in body
    assert [each.kind for each in await held()] == ["image"]


async def test_pages_and_apps_load_them_from_here_and_from_nowhere_else(browser, wire, bo, shelf):
    page = await browser.get(f"/@{bo.handle}")
    async with wire.get(f"/api/v1/accounts/lookup?acct={bo.handle}") as answer:
        told = await answer.json()
    text = await page.text()

    assert shelf.base not in text
    assert face_path(bo, HEADER) in text
    assert "img-src 'self';" in page.headers["Content-Security-Policy"]
    assert told["avatar"].endswith(face_path(bo, AVATAR))
    assert told["avatar"].startswith("http")
    assert told["avatar_static"] == told["avatar"]
    assert told["header"] == told["header_static"]
    assert told["header"].endswith(face_path(bo, HEADER))
    assert shelf.asked == []


async def test_MED_12_an_address_that_we_did_not_write_fetches_nothing(wire, bo, shelf):
    good = face_path(bo, AVATAR)

    for path in (good[:-1] + "_", good.replace("avatar", "header"), good.replace(str(bo.id), "7")):
        assert (await looked(wire, path))[0] == 404
    await Actor.filter(id=bo.id).update(avatar=f"{shelf.base}/other")
    assert (await looked(wire, good))[0] == 404

    assert shelf.asked == []


@pytest.mark.parametrize("thing", [None, b"<svg/>", b"no picture"])
async def test_a_face_that_cannot_be_had_leads_to_ours(wire, bo, shelf, thing):
    shelf.things["/face"] = thing

    status, headers, _ = await looked(wire, face_path(bo, AVATAR))

    assert status == 302
    assert headers["Location"].startswith("/static/avatar.png")
    assert headers["Cache-Control"] == "no-store"
    assert await kept_files() == set()


async def test_a_new_face_takes_the_place_of_the_old_one(wire, bo, shelf, settle_down):
    await looked(wire, face_path(bo, AVATAR))
    old = await kept_files()
    shelf.things["/new"] = picture("gold")
    bo.avatar = f"{shelf.base}/new"
    await bo.save()

    status, _, _ = await looked(wire, face_path(bo, AVATAR))
    await settle_down()

    assert status == 200
    assert await Attachment.all().count() == 1
    assert not old & await kept_files()


async def test_faces_go_with_the_cache_and_with_their_person(wire, bo, shelf, settle_down):
    await looked(wire, face_path(bo, AVATAR))
    await Attachment.all().update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    await sweep()
    await let_go(await Attachment.all())
    await settle_down()
    emptied = await kept_files()
    again, _, _ = await looked(wire, face_path(bo, AVATAR))
    await purge_account(bo)
    await settle_down()

    assert emptied == set()
    assert again == 200
    assert await kept_files() == set()
    assert await Attachment.all().count() == 0


async def test_MED_10_a_face_on_the_list_is_not_kept(wire, bo, shelf):
    await looked(wire, face_path(bo, AVATAR))
    [face] = await Attachment.all()
    for key in await kept_files():
        await block(key[6:70])
    await let_go([face])
    before = len(shelf.asked)

    status, _, _ = await looked(wire, face_path(bo, AVATAR))

    assert status == 302
    assert len(shelf.asked) == before + 1


@pytest.fixture
async def passing(here):
    """An instance that keeps nothing of others."""
    use(replaced(here, "media", remote_mode="proxy"))


@pytest.fixture
async def linking(here):
    """An instance that sends browsers elsewhere."""
    use(replaced(here, "media", remote_mode="link"))


async def test_proxy_passes_faces_on_and_keeps_none(passing, wire, bo, shelf):
    status, headers, body = await looked(wire, face_path(bo, AVATAR))

    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert body == shelf.things["/face"]
    assert await kept_files() == set()
    assert await Attachment.all().count() == 0


async def test_link_names_where_faces_lie(linking, browser, bo, shelf):
    page = await browser.get(f"/@{bo.handle}")

    assert face_path(bo, HEADER) == f"{shelf.base}/wide"
    assert f"{shelf.base}/wide" in await page.text()
    assert "img-src 'self' https:" in page.headers["Content-Security-Policy"]


async def test_a_face_goes_when_its_person_is_gone(wire, bo, shelf, settle_down):
    await looked(wire, face_path(bo, AVATAR))
    await Actor.filter(id=bo.id).update(gone_at=now())

    await erase({"actor": bo.id})
    await settle_down()

    assert await kept_files() == set()
    assert await Attachment.all().count() == 0


async def test_two_who_look_at_the_same_time_make_one_row(bo):
    faces = await asyncio.gather(*(face_of(bo, AVATAR) for _ in range(5)))

    assert len({each.id for each in faces}) == 1
    assert await Attachment.all().count() == 1


async def test_purging_a_server_takes_the_faces_of_its_people(wire, bo, shelf, settle, settle_down):
    mei = await settle("mei")
    own = await keep_face(picture("red"), Shape.AVATAR)
    await Actor.filter(id=mei.id).update(avatar=own)
    await looked(wire, face_path(bo, AVATAR))

    await purge_domain(bo.host)
    await settle_down()

    gone = await Actor.get(id=bo.id)
    assert (gone.avatar, gone.header) == ("", "")
    assert await kept_files() == {own.removeprefix("/media/")}
    assert (await Actor.get(id=mei.id)).avatar == own


async def test_purging_somebody_here_takes_their_face(settle, settle_down, shelf):
    mei, ben = await settle("mei"), await settle("ben")
    own = await keep_face(picture("red"), Shape.AVATAR)
    shared = await keep_face(picture("blue"), Shape.AVATAR)
    await Actor.filter(id=mei.id).update(avatar=own, header=shared)
    await Actor.filter(id=ben.id).update(avatar=shared)

    await purge_account(mei)
    await settle_down()

    assert (await Actor.get(id=mei.id)).avatar == ""
    assert await kept_files() == {shared.removeprefix("/media/")}
