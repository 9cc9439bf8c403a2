"""Telling who was drawn for a panel, and whoever hears an appeal that its panel is over."""

from collections.abc import Mapping
from typing import Any

from actors.instance import instance_actor
from inbox.notifications import Event, tell_staff
from moderation.panels import Panel, Seat


async def tell_of_panel(payload: Mapping[str, Any]) -> None:
    """Tell somebody who was drawn, once, in the name of this server; job `inbox.tell_of_panel`."""
    seat = Seat.filter(panel_id=payload["panel_id"], actor_id=payload["reader_id"], is_held=True)
    if await seat.exists():
        instance = await instance_actor()
        reader_id, about = int(payload["reader_id"]), int(payload["panel_id"])
        await tell_staff(reader_id, Event.PANEL_DRAWN, instance.id, about)


async def tell_of_panel_over(payload: Mapping[str, Any]) -> None:
    """Tell whoever hears the appeal, once; job `inbox.tell_of_panel_over`."""
    panel = await Panel.get_or_none(id=payload["panel_id"]).select_related("appeal")
    if panel is not None and panel.appeal.reviewer_id is not None:
        instance = await instance_actor()
        await tell_staff(panel.appeal.reviewer_id, Event.PANEL_OVER, instance.id, panel.appeal_id)
