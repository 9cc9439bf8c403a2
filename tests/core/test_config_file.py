"""The config.toml that is shipped."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.settings import Settings, load, use
from moderation.reading import draft_from
from moderation.sections import Sections
from moderation.vocabulary import Registration

FILE = Path(__file__).parents[2] / "config.toml"
MACHINE = [name for name in Settings.__struct_fields__ if name not in ("policy", "folder", "file")]


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("table", MACHINE)
def test_every_setting_stands_there_with_its_default(written, table):
    defaults = msgspec.to_builtins(getattr(Settings(), table))

    assert written[table] == {
        name: list(value) if isinstance(value, tuple) else value for name, value in defaults.items()
    }


@pytest.mark.parametrize("section", [n for n in Sections.__struct_fields__])
def test_every_section_of_the_policy_stands_there(written, section):
    if section == "filters":
        assert "[[policy.filters]]" in FILE.read_text("utf-8")
        return

    assert section in written["policy"]


def test_every_key_of_the_policy_has_its_default_where_nothing_was_decided():
    use(load(FILE))

    sections = draft_from(load(FILE).policy).sections

    decided = {"about", "rules", "accounts"}
    for name in set(Sections.__struct_fields__) - decided:
        assert getattr(sections, name) == getattr(Sections(), name)
    assert (
        msgspec.structs.replace(sections.accounts, registration=Registration.APPROVAL)
        == type(sections.accounts)()
    )


def test_its_policy_can_be_published_in_both_languages():
    use(load(FILE))

    sections = draft_from(load(FILE).policy).sections

    assert len(sections.rules) == 5
    assert all({"en", "zh"} <= set(rule.title) & set(rule.text) for rule in sections.rules)
    assert {"en", "zh"} <= set(sections.about.purpose)


def test_it_names_no_secret(written):
    assert written["mail"]["url"] == ""
    assert written["federation"]["allow_private_addresses"] is False
