"""What the form for a note says, as a draft keeps it: right or wrong."""

from typing import Any

from actors.circles import MOST_CIRCLES
from core.paging import number
from notes.note import Audience
from notes.quoting import Quoting
from web.building.composer import AUDIENCES
from web.forms import Posted


def written_in(form: Posted, parent_id: int | None, quoted_id: int | None = None) -> dict[str, Any]:
    """Read what a form says, as a draft keeps it: right or wrong."""
    audience, quoting = form.text("audience"), form.text("quoting")
    return {
        "title": form.text("title"),
        "text": form.raw("text"),
        "tags": form.text("tags"),
        "summary": form.text("content_note"),
        "is_sensitive": form.is_on("sensitive"),
        "language": form.text("language"),
        # Who sees it is never guessed wider than what was chosen (security.md PRIV-06).
        "audience": Audience(audience) if audience in AUDIENCES else Audience.PEOPLE,
        "circles": [n for each in form.all("circles")[:MOST_CIRCLES] if (n := number(each))]
        or None,
        "in_reply_to_id": parent_id,
        "quoted_id": quoted_id,
        # Nor is who may quote it.
        "quoting": Quoting(quoting) if quoting in set(Quoting) else Quoting.NOBODY,
        "group_id": number(form.text("group")),
        "flair": _flair(form),
        "poll": _poll(form),
    }


def _flair(form: Posted) -> list[str] | None:
    """Read the flair, which is written beside the group that has it: `8:Question`."""
    group, _colon, name = form.text("flair").partition(":")
    return [name[:100]] if name and group == form.text("group") else None


def _poll(form: Posted) -> dict[str, Any] | None:
    options = [each[:500] for each in form.all("option") if each][:20]
    if not options:
        return None
    seconds = min(number(form.text("poll_seconds")) or 0, 10**9)
    return {"options": options, "seconds": seconds, "is_multiple": form.is_on("poll_multiple")}
