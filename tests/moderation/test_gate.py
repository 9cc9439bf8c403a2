"""Which servers are let in, and how they are treated."""

import datetime

import pytest
import time_machine

from federation.errors import Malformed, Refused
from moderation.gate import Dropped, admit_host, is_hidden_host, measures_for
from tests.moderation.drafts import entry, in_force, servers

# Who is refused has the policy looked at once more.
pytestmark = pytest.mark.usefixtures("here")

SPELLINGS = [
    "spam.example",
    "SPAM.example",
    "Spam.Example.",
    "spam.example:443",
    " spam.example ",
    "spam.example.:443",
    "a.spam.example",
    "A.B.Spam.Example",
    "spam.example:8443",
    "ｓｐａｍ.example",
    "spam。example",
    "spam.example:",
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_SIG_17_a_rejected_server_is_refused_however_it_is_spelled(host):
    in_force(**servers(entry("Spam.EXAMPLE")))

    with pytest.raises(Refused):
        await admit_host(host)


@pytest.mark.parametrize("host", ["bücher.example", "xn--bcher-kva.example", "BÜCHER.example"])
async def test_SIG_17_international_names_are_one_name(host):
    in_force(**servers(entry("xn--bcher-kva.example")))

    with pytest.raises(Refused):
        await admit_host(host)


@pytest.mark.parametrize(
    "host", ["notspam.example", "spam.example.org", "example", "fine.example", "127.0.0.1:3000"]
)
async def test_other_servers_are_let_in(host):
    in_force(**servers(entry("spam.example")))

    await admit_host(host)


async def test_a_name_that_is_none_is_malformed():
    in_force()

    with pytest.raises(Malformed):
        await admit_host("a b")


async def test_a_measure_for_one_port_is_not_for_another():
    in_force(**servers(entry("localhost:3001")))

    await admit_host("localhost:3000")
    with pytest.raises(Refused):
        await admit_host("localhost:3001")


async def test_a_dropped_server_is_refused_in_a_way_that_can_be_kept_quiet():
    in_force(**servers(entry("spam.example", "drop")))

    with pytest.raises(Dropped):
        await admit_host("spam.example")
    assert measures_for("spam.example").reject


async def test_an_allow_list_refuses_everyone_else_but_not_ourselves():
    in_force(**servers(entry("friend.example", "accept"), mode="allowlist"))

    await admit_host("friend.example")
    await admit_host("sub.friend.example")
    await admit_host("here.example")
    with pytest.raises(Refused):
        await admit_host("stranger.example")


def test_where_servers_need_approval_the_unknown_are_held():
    in_force(**servers(entry("friend.example", "accept"), mode="approval"))

    assert measures_for("stranger.example").hold
    assert not measures_for("friend.example").hold
    assert not measures_for("here.example").hold


def test_the_nearest_domain_counts():
    in_force(**servers(entry("hosting.example"), entry("good.hosting.example", "accept")))

    assert measures_for("bad.hosting.example").reject
    assert not measures_for("good.hosting.example").reject
    assert not measures_for("deep.good.hosting.example").reject


def test_measures_of_one_server_add_up():
    in_force(**servers(entry("x.example", "limit"), entry("x.example", "no_media")))

    measures = measures_for("x.example")

    assert measures.limit
    assert measures.no_media
    assert not measures.reject
    assert measures.reason == {"en": "Spam."}


@time_machine.travel("2026-11-30T12:00:00Z", tick=False)
@pytest.mark.parametrize(("until", "counts"), [("2026-11-29", False), ("2026-11-30", True)])
def test_a_measure_ends_by_itself_after_its_last_day(until, counts):
    in_force(**servers(entry("x.example", until=datetime.date.fromisoformat(until))))

    assert measures_for("x.example").reject is counts


def test_a_measure_ends_while_the_server_runs():
    in_force(**servers(entry("x.example", until=datetime.date(2026, 11, 30))))

    with time_machine.travel("2026-11-30T23:59:00Z", tick=False):
        assert measures_for("x.example").reject
    with time_machine.travel("2026-12-01T00:00:01Z", tick=False):
        assert not measures_for("x.example").reject


@pytest.mark.parametrize(
    ("severity", "hidden"),
    [("limit", True), ("reject", True), ("drop", True), ("no_media", False), ("hold", False)],
)
def test_what_is_limited_or_rejected_stays_out_of_public_lists(severity, hidden):
    in_force(**servers(entry("x.example", severity)))

    assert is_hidden_host("x.example") is hidden
    assert is_hidden_host("y.example") is False
