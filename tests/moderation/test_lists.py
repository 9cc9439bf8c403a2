"""Lists of servers: read from others, answered by staff, and our own for others."""

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest

from federation.errors import Malformed
from moderation.adopting import adopt
from moderation.gate import measures_for
from moderation.list_reading import list_from
from moderation.list_writing import csv_of, fires_of
from moderation.lists import ListedServer, fetch_list, queue_lists, retractions, suggestions
from moderation.policy import current, versions
from moderation.reading import Draft
from moderation.vocabulary import ListFormat, Severity
from tests.moderation.drafts import entry, sections_of

WHY = {"en": "Because."}
CSV = b"""#domain,#severity,#reject_media,#public_comment
bad.example,suspend,false,Spam all day
Loud.Example,silence,false,
pics.example,noop,true,Pictures
fine.example,noop,false,
***.example,suspend,false,hidden
"""
JSON = json.dumps(
    [
        {"domain": "bad.example", "severity": "suspend", "comment": "Spam"},
        {"domain": 7, "severity": "suspend"},
        {"severity": "silence"},
        "nonsense",
    ]
).encode()
FIRES = json.dumps(
    {
        "orderedItems": [
            {
                "type": "Recommendation",
                "entityKind": "domain",
                "entityKey": "bad.example",
                "recommendedPolicy": "drop",
            },
            {"type": "Retraction", "entityKind": "domain", "entityKey": "was.example"},
            {"type": "Recommendation", "entityKind": "actor", "entityKey": "https://a.example/b"},
        ]
    }
).encode()


def test_a_csv_of_mastodon_is_read():
    found = list_from(CSV, ListFormat.CSV, cap=Severity.DROP)

    assert {host: str(said.severity) for host, said in found.items()} == {
        "bad.example": "reject",
        "loud.example": "limit",
        "pics.example": "no_media",
    }
    assert found["bad.example"].reason == "Spam all day"


@pytest.mark.parametrize(
    ("body", "how", "severity"),
    [(JSON, ListFormat.JSON, "reject"), (FIRES, ListFormat.FIRES, "drop")],
)
def test_other_forms_are_read_and_what_is_odd_is_left_out(body, how, severity):
    found = list_from(body, how, cap=Severity.DROP)

    assert [(host, str(said.severity)) for host, said in found.items()] == [
        ("bad.example", severity)
    ]


def test_nothing_is_stricter_than_the_cap():
    found = list_from(FIRES, ListFormat.FIRES, cap=Severity.LIMIT)

    assert found["bad.example"].severity is Severity.LIMIT


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (b"a,b\n1,2\n", ListFormat.CSV),
        (b"{", ListFormat.JSON),
        (b"[" * 100_000, ListFormat.JSON),
        (b"[]", ListFormat.FIRES),
        (
            b"domain\n" + b"\n".join(b"s%d.example" % n for n in range(20_001)),
            ListFormat.CSV,
        ),
    ],
)
def test_ADM_04_what_is_no_list_is_refused(body, how):
    with pytest.raises(Malformed):
        list_from(body, how, cap=Severity.DROP)


class Shelf:
    """A list that another server keeps."""

    def __init__(self, remote):
        self.remote, self.url = remote, f"{remote.base}/list.csv"
        self.say(CSV)

    def say(self, body):
        self.remote.files["/list.csv"] = (body, "text/csv")


@pytest.fixture
def shelf(remote):
    return Shelf(remote)


async def follow(shelf, **more):
    lists = [{"id": "friends", "url": shelf.url, "cap": "reject", **more.pop("list", {})}]
    federation = {"lists": lists, **more}
    await adopt(Draft(sections_of(federation=federation), current().version), summary=WHY)
    await fetch_list({"list": "friends"})


async def test_a_list_suggests_and_nothing_happens_by_itself(shelf, settle_down):
    await follow(shelf)

    assert [row.host for row in await suggestions()] == [
        "bad.example",
        "loud.example",
        "pics.example",
    ]
    assert not measures_for("bad.example").reject
    assert current().version == 2


async def test_ADM_04_no_list_speaks_of_whom_we_decided_about(shelf):
    accepted = {"domain": "bad.example", "severity": "accept"}

    await follow(shelf, list={"trust": "auto"}, entries=[accepted, entry("loud.example", "hold")])

    assert not measures_for("bad.example").reject
    assert measures_for("loud.example").hold
    assert not measures_for("loud.example").limit
    assert measures_for("pics.example").no_media


async def test_a_trusted_list_counts_and_is_lifted_when_it_takes_back(shelf):
    await follow(shelf, list={"trust": "auto", "on_retraction": "lift"})
    assert measures_for("bad.example").reject
    assert current().by == "list friends"

    shelf.say(CSV.replace(b"bad.example,suspend", b"bad.example,noop"))
    await fetch_list({"list": "friends"})

    assert not measures_for("bad.example").reject
    assert measures_for("loud.example").limit


async def test_what_is_taken_back_is_shown_where_the_policy_does_not_lift(shelf):
    await follow(shelf, list={"trust": "auto"})

    shelf.say(CSV.replace(b"bad.example,suspend", b"bad.example,noop"))
    await fetch_list({"list": "friends"})

    assert await retractions() == ["bad.example"]
    assert measures_for("bad.example").reject


async def test_a_list_that_loses_nearly_everything_is_not_believed(shelf):
    rows = b"".join(b"s%d.example,suspend\n" % number for number in range(30))
    shelf.say(b"domain,severity\n" + rows)
    await follow(shelf)

    shelf.say(b"domain,severity\n")
    await fetch_list({"list": "friends"})

    assert await ListedServer.filter(gone_at=None).count() == 30


async def test_lists_are_fetched_by_the_clock(shelf, settle_down):
    lists = [{"id": "friends", "url": shelf.url}]
    await adopt(Draft(sections_of(federation={"lists": lists}), 1), summary=WHY)

    await queue_lists()
    await settle_down()

    assert await ListedServer.filter(list_id="friends").count() == 3


async def test_ours_are_published_with_reasons_and_retractions(here):
    both = [entry("bad.example"), entry("loud.example", "limit")]
    await adopt(Draft(sections_of(federation={"entries": both}), 1), summary=WHY)
    await adopt(Draft(sections_of(federation={"entries": both[:1]}), 2), summary=WHY)
    today = date.today() + timedelta()  # noqa: DTZ011  any day will do

    rows = list(csv.DictReader(StringIO(csv_of(current(), today))))
    fires = fires_of(await versions(), today, base="https://here.example/f")

    assert [(row["#domain"], row["#severity"], row["#public_comment"]) for row in rows] == [
        ("bad.example", "suspend", "Spam.")
    ]
    assert [(each["type"], each["entityKey"]) for each in fires["orderedItems"]] == [
        ("Recommendation", "bad.example"),
        ("Retraction", "loud.example"),
    ]
    assert fires["orderedItems"][0]["recommendedPolicy"] == "reject"
    ours = list_from(csv_of(current(), today).encode(), ListFormat.CSV, cap=Severity.DROP)
    assert list(ours) == ["bad.example"]
