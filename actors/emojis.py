"""Emoji: a picture of a server that stands for `:shortcode:` in what its people write.

Those of this server have no host, and as `url` the key of their file. What stands for a code is
looked up here by code and server, never taken from what was just written (security.md XSS-03).
Names and notes keep the numbers of the rows they use.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import sql
from core.clock import now
from core.ids import new_id
from core.secret import is_stamp, stamp
from core.settings import settings

MOST = 60
PURPOSE = "emoji"
HERE = ""

_CODE = re.compile(r":([A-Za-z0-9_]{2,64})(?=:)")

Used = list[dict[str, str]]


class Emoji(Model):
    """What a server draws for a code; another picture is written over the old one."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    shortcode = fields.CharField(max_length=64)
    host = fields.CharField(max_length=255)
    url = fields.CharField(max_length=2000)
    changed_at = fields.DatetimeField(default=now)

    class Meta:
        table = "emoji"
        unique_together = [("shortcode", "host")]


async def keep_emojis(host: str, named: Sequence[Mapping[str, str]]) -> Used:
    """Keep what a server draws, and return what is written down beside a name or a note: the code
    and the number of each, as texts."""
    known = {each["shortcode"]: each["url"][:2000] for each in named[:MOST]}
    if not known or not host:
        return []
    await sql.run_many(
        "INSERT INTO emoji (id, shortcode, host, url, changed_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (shortcode, host) DO UPDATE"
        " SET url = excluded.url, changed_at = excluded.changed_at WHERE emoji.url <> excluded.url",
        [(new_id(), code, host, url, now()) for code, url in known.items()],
    )
    rows = await sql.rows(
        f"SELECT id, shortcode FROM emoji WHERE host = ? AND shortcode IN ({sql.marks(known)})",  # noqa: S608
        [host, *known],
    )
    numbers = {row["shortcode"]: row["id"] for row in rows}
    return [{"shortcode": code, "id": str(numbers[code])} for code in known if code in numbers]


async def own_emojis(*texts: str) -> Used:
    """Return which emojis of this server are used in what somebody here wrote; one query, and none
    where nothing looks like one."""
    codes = list(dict.fromkeys(code for text in texts for code in _CODE.findall(text)))[:MOST]
    if not codes:
        return []
    rows = await sql.rows(
        f"SELECT id, shortcode FROM emoji WHERE host = ? AND shortcode IN ({sql.marks(codes)})",  # noqa: S608
        [HERE, *codes],
    )
    return [{"shortcode": row["shortcode"], "id": str(row["id"]), "own": "1"} for row in rows]


async def all_own() -> list[Emoji]:
    """Return the emojis of this server, by their codes."""
    return await Emoji.filter(host=HERE).order_by("shortcode")


def is_code(text: str) -> bool:
    """Tell whether this can stand between the colons."""
    return re.fullmatch(r"[A-Za-z0-9_]{2,64}", text) is not None


def paths_of(used: Any) -> dict[str, str]:
    """Return where the pictures of a name or a note are loaded from, by their codes: by way of us,
    so that nobody who looks is seen elsewhere."""
    if not isinstance(used, list):
        return {}
    is_shown = settings().media.remote_mode != "link"
    return {
        each["shortcode"]: emoji_path(int(each["id"]))
        for each in used
        if isinstance(each, dict) and each.get("id", "").isdigit() and (is_shown or each.get("own"))
    }


def emoji_path(number: int) -> str:
    """Write where a picture is loaded from."""
    return f"/media/emoji/{number}/{stamp(PURPOSE, str(number))[:32]}"


def is_emoji_path(number: int, mark: str) -> bool:
    """Tell whether we wrote this address (MED-12)."""
    return is_stamp(PURPOSE, str(number), mark, length=32)
