"""Whom we forget after a month, and whom we do not."""

from datetime import timedelta

from tortoise import Tortoise

from actors.actor import Actor
from actors.domains import Domain
from actors.strangers import sweep
from core import sql
from core.clock import now
from core.ids import new_id
from inbox.notifications import Event, Notification
from notes.note import Note
from tests.walks.people import follows

LONG_AGO = now() - timedelta(days=31)


async def stranger(name, **columns):
    """Someone we met a month ago."""
    values = {"fetched_at": LONG_AGO, "name": name, "host": f"{name}.example"}
    return await Actor.create(uri=f"https://{name}.example/u", **(values | columns))


async def left():
    """Who is still known."""
    return set(await Actor.filter(local_name=None).values_list("name", flat=True))


async def test_DOS_10_strangers_are_forgotten_after_a_month(here, settle):
    mei = await settle("mei")
    for number in range(250):
        await stranger(f"s{number}")
    await stranger("fresh", fetched_at=now())
    await stranger("suspended", suspended_at=now())
    await follows(await stranger("fan"), mei)
    await follows(mei, await stranger("followed"))
    writer, teller = await stranger("writer"), await stranger("teller")
    await Note.create(id=new_id(), uri="https://writer.example/n", author=writer)
    await Notification.create(reader=mei, actor=teller, event=Event.FOLLOW, about=0)

    await sweep()

    assert await left() == {"fresh", "suspended", "fan", "followed", "writer", "teller"}
    assert await Actor.exists(id=mei.id)


async def test_DOS_10_servers_are_forgotten_with_their_people(here):
    old = {"first_seen_at": LONG_AGO}
    await Domain.create(host="empty.example", **old)
    await Domain.create(host="heard.example", heard_at=now(), **old)
    await Domain.create(host="rejected.example", is_rejected=True, **old)
    await Domain.create(host="new.example")
    await Domain.create(host="fresh.example", **old)
    await stranger("fresh", fetched_at=now())

    await sweep()

    kept = set(await Domain.all().values_list("host", flat=True))
    assert kept == {"heard.example", "rejected.example", "new.example", "fresh.example"}


async def test_every_reference_has_an_index_to_find_it_by(here):
    """Without one, whatever is deleted would make the database read whole tables."""
    if sql.is_postgres():
        return
    scanned = []
    for model in Tortoise.apps["rubric"].values():
        table = model._meta.db_table
        for name in (*model._meta.fk_fields, *model._meta.o2o_fields):
            column = model._meta.fields_map[name].source_field
            asked = f'EXPLAIN QUERY PLAN SELECT 1 FROM "{table}" WHERE "{column}" = 1'  # noqa: S608
            if "SEARCH" not in (await sql.rows(asked))[0]["detail"]:
                scanned.append((table, column))

    assert scanned == []
