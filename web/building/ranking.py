"""The trending notes → the page that shows their arithmetic: two queries."""

from msgspec.structs import asdict

from actors.actor import Actor
from core import sql
from core.ids import moment_of
from core.names import quiet_name
from core.rows import load
from moderation.policy import Policy
from notes.trending import FIRST, TrendingNote
from notes.visible import seen_by
from web.building.policy_keys import name_of
from web.building.policy_values import value_of
from web.texts import _
from web.views.ranking import RankedNote, RankingView

MOST_TITLE = 80
_SHOWN = (
    "SELECT n.id, n.title, a.name, a.host, a.local_name FROM trending_note t"
    " JOIN note n ON n.id = t.note_id JOIN actor a ON a.id = n.author_id"
)


async def ranking_view(reader: Actor | None, policy: Policy) -> RankingView:
    """Show the formula, and the first places with the sums behind them."""
    said = policy.sections.ranking
    condition, values = seen_by(reader)
    found = await sql.rows(f"{_SHOWN} WHERE t.rank < ? AND {condition}", [FIRST, *values])
    shown = {row["id"]: row for row in found}
    places = await load(TrendingNote, "rank < ? ORDER BY rank", [FIRST])
    counted = await sql.rows("SELECT COUNT(*) AS count FROM trending_note")
    return RankingView(
        version=policy.version,
        numbers=tuple((name_of([key]), value_of(key, each)) for key, each in asdict(said).items()),
        save=said.save,
        comment=said.comment,
        boost=said.boost,
        like=said.like,
        half_life_hours=said.half_life_hours,
        notes=tuple(_ranked(each, shown[each.note_id]) for each in places if each.note_id in shown),
        least_notes=said.least_notes,
        counted=int(counted[0]["count"]),
    )


def _ranked(place: TrendingNote, row: sql.Row) -> RankedNote:
    handle = row["name"] if row["local_name"] else f"{row['name']}@{row['host']}"
    at = place.counted_at or moment_of(place.note_id)
    return RankedNote(
        place=place.rank + 1,
        url=f"/n/{place.note_id}",
        title=quiet_name(row["title"], MOST_TITLE) or _("A note"),
        author=f"@{handle}",
        people=place.people,
        saves=place.saves,
        comments=place.comments,
        boosts=place.boosts,
        likes=place.likes,
        weight=place.weight,
        hours=max((at - moment_of(place.note_id)).total_seconds() / 3600, 0.0),
        score=place.score,
    )
