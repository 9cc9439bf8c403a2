"""What is taken out of texts so that nobody is named: names, handles, addresses."""

import pytest

from actors.actor import Actor
from moderation.redacted import GONE, Mask, mask_of
from tests.moderation.drafts import in_force

pytestmark = pytest.mark.usefixtures("models")
MASK = Mask(("Mei Lin", "mei", "小乔", "Al"), frozenset({"here.example", "far.example"}))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Mei Lin sells", f"{GONE} sells"),
        ("MEI LIN sells", f"{GONE} sells"),
        ("mei's watches", f"{GONE}'s watches"),
        ("a meige of tea", "a meige of tea"),
        ("Also sold", "Also sold"),
        ("Al sold", f"{GONE} sold"),
        ("由小乔举报", f"由{GONE}举报"),
        ("ask @bo or @bo@far.example.", f"ask {GONE} or {GONE}."),
        ("in !tea@far.example", f"in {GONE}"),
        ("write to mei@far.example", f"write to {GONE}{GONE}"),
        ("see https://here.example/@mei/1", f"see {GONE}"),
        ("see https://SUB.far.example/x", f"see {GONE}"),
        ("see https://social.example/@somebody", f"see {GONE}"),
        ("see https://shop.example/watches", "see https://shop.example/watches"),
        ("see https://notfar.example/x", "see https://notfar.example/x"),
        ("see https://shop.example/mei/x", f"see https://shop.example/{GONE}/x"),
        ("see https://[broken", f"see {GONE}"),
        ("", ""),
    ],
)
def test_nobody_is_named_and_the_rest_stays(text, left):
    assert MASK.over(text) == left


def test_names_and_hosts_of_those_concerned_are_known_and_the_own_host_always_is():
    in_force()
    people = [
        Actor(name="mei", title=" Mei Lin ", host="here.example", local_name="mei"),
        Actor(name="ana", title="", host="far.example:8443", local_name=None),
        Actor(name="x", title="y", host="far.example", local_name=None),
    ]

    mask = mask_of(people)

    assert mask.names == ("Mei Lin", "ana", "mei")
    assert mask.hosts == {"here.example", "far.example"}
    assert mask_of([]).hosts == {"here.example"}
