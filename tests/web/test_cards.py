"""Link cards: fetched after publishing by the one way out, shown on pages and in apps."""

from datetime import timedelta

import pytest

from core.clock import now
from core.settings import settings, use
from inbox.cards import fetch_card
from notes.cards import Card, image_path
from notes.note import Audience, Note
from notes.trending import TrendingNote
from outbox.create import publish
from outbox.draft import Draft
from outbox.update import edit
from tests.conftest import replaced
from tests.counting import counted
from tests.factories import noted, stranger
from tests.notes.test_cards import PAGE
from tests.web.test_from_elsewhere import picture, shelf
from tests.web.test_remote_faces import looked

__all__ = ["shelf"]


def page(shelf, path="/walk", body=PAGE, kind="text/html"):
    """A page there."""
    shelf.things |= {path: body, "/a.png": picture("green")}
    shelf.kinds[path] = kind
    return f"{shelf.base}{path}"


async def asked(wire, path, **params):
    async with wire.get(path, params=params) as answer:
        return answer.status, await answer.json()


async def test_the_first_link_of_a_note_becomes_a_card(settle, wire, browser, shelf, settle_down):
    url = page(shelf)
    note = await publish(await settle("mei"), Draft(text=f"Look {url} and {shelf.base}/other"))
    before = list(shelf.asked)

    await settle_down()
    _, status = await asked(wire, f"/api/v1/statuses/{note.id}")
    _, card = await asked(wire, f"/api/v1/statuses/{note.id}/card")
    html = await (await browser.get(note.page)).text()
    picture_of = image_path(await Card.get())
    code, headers, body = await looked(wire, picture_of)

    assert before == []
    assert status["card"] == card
    assert (card["url"], card["title"], card["type"]) == (url, "A <b>walk", "link")
    assert card["image"].endswith(picture_of)
    assert card["authors"] == [{"name": "Ana", "url": "https://w.test/ana", "account": None}]
    assert 'class="link-card"' in html
    assert "A &lt;b&gt;walk" in html
    assert f"{shelf.base}/a.png" not in html
    assert code == 200
    assert headers["Content-Type"].startswith("image/")
    assert b"SECRET" not in body


async def test_a_page_is_fetched_once_for_all_notes(settle, shelf, settle_down):
    url = page(shelf)
    ana = await stranger("ana")
    mei = await settle("mei")

    for _ in range(3):
        await publish(mei, Draft(text=url))
        await settle_down()

    assert [path for path, _ in shelf.asked] == ["/walk"]
    assert await Note.filter(card_id=(await Card.get()).id).count() == 3
    assert ana


async def test_a_page_that_cannot_be_had_costs_three_statements(settle, shelf, settle_down):
    note = await noted(await settle("mei"), f'<p><a href="{shelf.base}/none">none</a></p>')
    await settle_down()

    with counted() as asked:
        await fetch_card({"note": note.id})

    assert len(asked) == 3, asked
    assert (await Card.get()).title == ""


async def test_a_page_is_looked_at_again_after_two_weeks(settle, shelf, settle_down):
    url = page(shelf)
    note = await publish(await settle("mei"), Draft(text=url))
    await settle_down()
    await Card.all().update(title="An old title", fetched_at=now() - timedelta(days=15))

    await fetch_card({"note": note.id})

    assert [path for path, _ in shelf.asked] == ["/walk", "/walk"]
    assert (await Card.get()).title == "A <b>walk"
    assert (await Card.get()).fetched_at > now() - timedelta(minutes=1)


@pytest.mark.parametrize("audience", [Audience.FOLLOWERS, Audience.SERVER, Audience.PEOPLE])
async def test_PRIV_01_links_of_narrow_notes_are_followed_by_nobody(
    settle, shelf, settle_down, audience
):
    await settle("bo")

    await publish(await settle("mei"), Draft(text=f"@bo {page(shelf)}", audience=audience))
    await settle_down()

    assert shelf.asked == []


async def test_SSRF_01_no_card_leads_into_the_house(settle, here, settle_down):
    mei = await settle("mei")
    use(replaced(here, "federation", allow_private_addresses=False))

    for url in (f"{settings().server.base_url}/about", "http://169.254.169.254/latest"):
        await publish(mei, Draft(text=url))
    await settle_down()

    assert not await Card.filter(title__not="").exists()
    assert not await Note.filter(card_id__not_isnull=True).exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE, "application/json"),
        (b"<p>nothing</p>", "text/html"),
        (PAGE + b"x" * 2_000_000, "text/html"),
        (None, "text/html"),
    ],
)
async def test_a_page_that_says_nothing_has_no_card(settle, shelf, settle_down, body, kind):
    note = await publish(await settle("mei"), Draft(text=page(shelf, "/x", body, kind)))

    await settle_down()

    assert (await Note.get(id=note.id)).card_id is None


async def test_SSRF_04_a_page_that_sends_on_for_ever_has_none(settle, shelf, settle_down):
    shelf.things["/round"] = "/round"
    note = await publish(await settle("mei"), Draft(text=f"{shelf.base}/round"))

    await settle_down()

    assert (await Note.get(id=note.id)).card_id is None
    assert len(shelf.asked) < 10


async def test_an_edit_takes_the_card_along(settle, shelf, settle_down):
    mei = await settle("mei")
    note = await publish(mei, Draft(text=page(shelf)))
    await settle_down()
    first = (await Note.get(id=note.id)).card_id

    await edit(mei, await Note.get(id=note.id), Draft(text="no link"))
    await settle_down()

    assert first is not None
    assert (await Note.get(id=note.id)).card_id is None


async def test_an_operator_switches_cards_off(settle, here, shelf, settle_down):
    use(replaced(here, "media", link_cards=False))

    await publish(await settle("mei"), Draft(text=page(shelf)))
    await settle_down()

    assert shelf.asked == []


async def test_MED_12_only_pictures_of_cards_are_fetched(settle, wire, shelf, settle_down):
    await publish(await settle("mei"), Draft(text=page(shelf)))
    await settle_down()
    card = await Card.get()
    path = image_path(card)
    asked_before = len(shelf.asked)

    for wrong in (path[:-1] + ("x" if path[-1] != "x" else "y"), path.replace(str(card.id), "7")):
        assert (await looked(wire, wrong))[0] == 404

    assert len(shelf.asked) == asked_before


async def test_links_trend_by_the_notes_that_lead_there(settle, wire):
    mei = await settle("mei", is_discoverable=True)
    cards = [await Card.create(url=f"https://a.test/{each}", title=f"Page {each}") for each in "ab"]
    notes = [await noted(mei, card_id=cards[number].id) for number in (0, 1, 1)]
    for rank, (note, score) in enumerate(zip(notes, (3.0, 2.0, 2.0), strict=True)):
        row = {"score": score, "people": 3, "saves": 0, "comments": 0, "boosts": 0, "likes": 3}
        await TrendingNote.create(rank=rank, note_id=note.id, **row)
    few, none = await asked(wire, "/api/v1/trends/links")
    for rank in range(3, 40):
        note = await noted(mei)
        await TrendingNote.create(rank=rank, note_id=note.id, **row)

    _, found = await asked(wire, "/api/v1/trends/links")
    _, listed = await asked(wire, "/api/v1/timelines/link", url="https://a.test/b")
    missing, _ = await asked(wire, "/api/v1/timelines/link", url="https://a.test/none")

    assert (few, none) == (200, [])
    assert [each["title"] for each in found] == ["Page b", "Page a"]
    assert found[0]["history"][0]["uses"] == "2"
    assert found[0]["history"][0]["accounts"] == "1"
    assert [each["id"] for each in listed] == [str(notes[2].id), str(notes[1].id)]
    assert missing == 404
