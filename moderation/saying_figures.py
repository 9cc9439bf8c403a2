"""What @policy says once a month is over: how many reports and decisions there were, and where."""

from collections.abc import Mapping
from typing import Any

from core.settings import settings
from moderation.closed_figures import closed_period
from moderation.languages import said_in
from moderation.masking import masked
from moderation.policy import current
from moderation.saying import say

_WORDS = {
    "en": "Figures for {name}. Reports: {reports}. Decisions: {decisions}. Appeals: {appeals}.",
    "zh": "{name} 的数据：举报 {reports}，处理决定 {decisions}，申诉 {appeals}。",
}


async def say_figures(payload: Mapping[str, Any]) -> None:
    """Post the figures of a month that closed. Job `moderation.say_figures`."""
    closed = await closed_period(str(payload["name"]))
    if closed is None:
        return
    shown, language = masked(closed.document), current().sections.language
    words = said_in(_WORDS, language).text.format(
        name=closed.name,
        reports=shown["reports"],
        decisions=shown["decisions"],
        appeals=shown["appeals_filed"],
    )
    address = settings().url(f"/transparency/{closed.name}")
    await say(f"{words}\n\n{address}", language=language, key=f"figures-{closed.name}")
