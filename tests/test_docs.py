"""What the documents say has to be there: commands, settings, addresses, verbs, links."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from prometheus_client.metrics import MetricWrapperBase

from core import metrics
from core.settings import Settings
from inbox.handle import HANDLERS
from rubric.cli import main
from web.app import build_app

HOUSE = Path(__file__).parent.parent
DOCUMENTS = sorted(
    file.relative_to(HOUSE)
    for file in (*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("changes/*.md"))
)
DECISIONS = HOUSE / "docs" / "decisions"
SOURCES = ("core", "federation", "actors", "notes", "outbox", "moderation", "inbox", "web")

FENCE = re.compile(r"^ *```+.*?^ *```+ *$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"|^\[[^\]]+\]: (\S+)", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|bin/| )rubric((?: --config \S+)?(?: [a-z][a-z-]*){1,2})", re.MULTILINE)
TARGET = re.compile(r"\bmake ((?:\.venv/)?[a-z]+)\b")
FILE = re.compile(r"(?:[\w-]+/)+[\w.-]*\w|[\w-]+\.(?:py|toml|md|lock|html)")
PATH = re.compile(r"/[\w@{}.~:+*/-]*")
# Files of an operator's machine, and what an example makes up.
ELSEWHERE = ("data/", "backup/", "code/", ".venv/", "inbox/wave.py", "outbox/wave.py", "video-")
# Paths of an operator's machine, addresses of what is planned, and of another listener.
NOT_OURS = ("/srv/", "/etc/", "/g/{name}", "/metrics", "/.well-known/")
METHOD = re.compile(r"^(?:GET|POST) ")


def text_of(document: Path) -> str:
    return (HOUSE / document).read_text("utf-8")


def prose_of(document: Path) -> str:
    return FENCE.sub("", text_of(document))


def spans_of(document: Path) -> list[str]:
    """Everything in backticks, with one space where the line was broken."""
    return [" ".join(each.split()) for each in CODE.findall(prose_of(document))]


def code_of(document: Path) -> Iterator[str]:
    """Everything in backticks and between fences: what one could type."""
    yield from spans_of(document)
    yield from FENCE.findall(text_of(document))


def has_heading(file: Path, anchor: str) -> bool:
    """Tell whether a document has the heading that an anchor names; none is always there."""
    headings = HEADING.findall(file.read_text("utf-8")) if anchor else []
    plain = {re.sub(r"[^\w\s-]", "", each.lower()).strip() for each in headings}
    return not anchor or anchor in {re.sub(r"\s", "-", each) for each in plain}


def settings_by_name(table: type = Settings, within: str = "") -> dict[str, object]:
    """Every key, named with the tables it stands in, and its default."""
    names = {}
    for key in msgspec.structs.fields(table):
        if isinstance(key.type, type) and issubclass(key.type, msgspec.Struct):
            names |= settings_by_name(key.type, f"{within}{key.name}.")
        elif within:
            names[within + key.encode_name] = key.default
    return names


def keys_of(table: dict[str, Any], within: str = "") -> Iterator[str]:
    """Every key of a file, named with the tables it stands in."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_of(value, f"{within}{name}.")
        else:
            yield within + name


@pytest.fixture(scope="module")
def addresses() -> list[re.Pattern[str]]:
    """Every address of the application, any word in the place of a name in braces."""
    found = {route.resource.canonical for route in build_app().router.routes() if route.resource}
    return [re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(each))) for each in sorted(found)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document):
    lost = []
    for target in (one or two or three for one, two, three in LINK.findall(prose_of(document))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (HOUSE / document).parent / path if path else HOUSE / document
        if not file.exists() or not has_heading(file, anchor):
            lost.append(target)

    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_commands_exist(document):
    unknown = []
    for piece in code_of(document):
        for words in COMMAND.findall(piece):
            names = re.sub(r"--config \S+", "", words).split()
            if not is_command(names):
                unknown.append(f"rubric {words}")

    assert unknown == []


def is_command(names: list[str]) -> bool:
    """Follow the words through the groups; what comes after a command is its own affair."""
    here: click.Command = main
    for name in names:
        if not isinstance(here, click.Group):
            return True
        found = here.commands.get(name)
        if found is None:
            return False
        here = found
    return not isinstance(here, click.Group)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_targets_of_make_exist(document):
    makefile = (HOUSE / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w./]+):", makefile, re.MULTILINE))

    named = {each for piece in code_of(document) for each in TARGET.findall(piece)}

    assert named - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_files_exist(document):
    named = {each for span in spans_of(document) for each in [span.rstrip("/")] if is_file(span)}

    lost = [each for each in named if not (HOUSE / each).exists() and not is_elsewhere(each)]

    assert lost == []


def is_file(span: str) -> bool:
    return bool(FILE.fullmatch(span.rstrip("/"))) and (
        "." in span or span.partition("/")[0] in {each.name for each in HOUSE.iterdir()}
    )


def is_elsewhere(name: str) -> bool:
    is_short = any(HOUSE.glob(f"web/**/{name}"))  # a template, or a part of one
    is_type = name.partition("/")[0] in ("application", "text", "image")
    return name.startswith(ELSEWHERE) or is_short or is_type


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_addresses_are_answered(document, addresses):
    named = [METHOD.sub("", span).partition("?")[0] for span in spans_of(document)]
    named = [each for each in named if PATH.fullmatch(each) and not each.startswith(NOT_OURS)]
    # `/followers` after `/u/{name}/outbox` is the end of an address that began nearby.
    beginnings = ["", *(each.rpartition("/")[0] for each in named)]

    lost = [
        each
        for each in named
        if not any(a.fullmatch(begin + each) for begin in beginnings for a in addresses)
    ]

    assert lost == []


def test_each_setting_is_told_to_operators_with_its_default():
    rows = dict(
        re.findall(r"^\| `([a-z_]+(?:\.[a-z0-9_]+)+)` \| ([^|]+) \|", operators(), re.MULTILINE)
    )
    settings = settings_by_name()

    assert sorted(rows) == sorted(settings)
    for name, default in settings.items():
        # What is empty, or made from another setting, is told in words.
        if isinstance(default, bool):
            assert rows[name] == str(default).lower(), name
        elif isinstance(default, int | float):
            assert rows[name] == str(default), name
        elif default and name != "server.domain":
            assert rows[name] == f"`{default}`", name


def test_each_setting_stands_in_the_shipped_file():
    shipped = tomllib.loads((HOUSE / "config.toml").read_text("utf-8"))
    shipped.pop("policy")

    assert sorted(keys_of(shipped)) == sorted(settings_by_name())


@pytest.mark.parametrize("name", sorted(settings_by_name()))
def test_a_setting_that_does_nothing_is_said_to_do_nothing(name):
    *_, table, key = name.replace("mail.from", "mail.sender").split(".")
    used = re.compile(rf"\b(?:{table}|chosen)\.{key}\b")
    said = re.search(rf"^\| `{re.escape(name)}` \|.*", operators(), re.MULTILINE)

    is_used = any(used.search(each) for each in sources())

    assert said is not None
    assert is_used != ("no effect yet" in said[0])


def test_each_figure_is_told_to_operators_and_counted_where_that_is_said():
    figures = {
        each.describe()[0].name: name
        for name, each in vars(metrics).items()
        if isinstance(each, MetricWrapperBase)
    }
    rows = re.findall(r"^\| (`rubric_[^|]+) \| ([^|]+) \|", operators(), re.MULTILINE)
    told = {
        each.removesuffix("_total"): "not counted yet" not in words
        for names, words in rows
        for each in re.findall(r"`(\w+)`", names)
    }

    used = "".join(sources())
    counted = {
        each: bool(re.search(rf"\b{name}\.(?:labels|inc|set|observe|time)\b", used))
        for each, name in figures.items()
    }

    assert told == counted


def operators() -> str:
    return text_of(Path("docs/operators.md"))


def sources() -> list[str]:
    files = [file for floor in (*SOURCES, "rubric") for file in (HOUSE / floor).rglob("*.py")]
    return [
        without_strings(file.read_text("utf-8"))
        for file in files
        if file.name != "settings.py" or file.parent.name != "core"
    ]


def without_strings(text: str) -> str:
    return re.sub(r'"""[\s\S]*?"""|"[^"\n]*"', '""', text)


def test_each_verb_that_is_understood_is_told_to_other_servers():
    table = section("FEDERATION.md", "Activities understood")

    missing = [verb for verb in HANDLERS if f"`{verb}`" not in table]

    assert missing == []


def test_each_verb_that_is_sent_is_told_to_other_servers():
    outbox = "\n".join(file.read_text("utf-8") for file in (HOUSE / "outbox").glob("*.py"))
    sent = set(re.findall(r'write\(\s*"([A-Z][a-z]+)"', outbox))
    sent |= set(re.findall(r'_(?:answer|send)\("([A-Z][a-z]+)"', outbox))
    table = section("FEDERATION.md", "Outbox")

    assert {"Create", "Accept", "Add"} <= sent
    assert [verb for verb in sorted(sent) if f"`{verb}`" not in table] == []


def section(document: str, heading: str) -> str:
    text = text_of(Path(document))
    begin = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert begin is not None
    end = re.search(rf"^#{{1,{len(begin[1])}}} ", text[begin.end() :], re.MULTILINE)
    return text[begin.end() :][: end.start() if end else None]


def test_each_decision_stands_in_the_list_under_its_own_name():
    listed = dict(
        re.findall(r"\[(\d{4} [^\]]+)\]\(([^)]+)\)", text_of(Path("docs/decisions/index.md")))
    )
    found = {}
    for file in DECISIONS.glob("*.md"):
        if file.name != "index.md":
            title = HEADING.search(file.read_text("utf-8"))
            assert title is not None, file.name
            found[f"{file.name[:4]} {title[1]}"] = file.name

    assert found == listed
    assert len({name[:4] for name in found}) == len(found), "two decisions have one number"


def test_the_floors_are_drawn_as_they_are():
    drawn = [
        re.findall(r"^  (\w+)  +the \w+|^  (\w+)  +\w+", block, re.MULTILINE)
        for document in ("README.md", "docs/developers.md")
        for block in FENCE.findall(text_of(Path(document)))
        if "the roof" in block
    ]

    for block in drawn:
        assert [one or two for one, two in block] == ["rubric", *reversed(SOURCES)]
    assert len(drawn) == 2


def test_each_picture_is_shown_and_small():
    documents = "".join(text_of(each) for each in DOCUMENTS)

    pictures = list((HOUSE / "docs" / "pictures").iterdir())

    assert pictures
    for picture in pictures:
        assert f"pictures/{picture.name}" in documents, picture.name
        assert picture.stat().st_size < 300_000, picture.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_no_machine_is_named(document):
    assert not re.search(r"(?<!\w)/(?:root|work|tmp|home)/", text_of(document))
