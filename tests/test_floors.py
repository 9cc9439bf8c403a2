"""The rules of the house that import-linter cannot see."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rubric.database import MODELS
from rubric.work import JOBS
from rubric.worker import LETTERS

HOUSE = Path(__file__).parent.parent
FLOORS = (
    "core",
    "federation",
    "actors",
    "notes",
    "outbox",
    "moderation",
    "inbox",
    "web",
    "rubric",
)
# Style 8: whatever goes wrong is caught at the door and in the runners of work; and a transaction
# whose COMMIT fails in whatever way is rolled back before the error goes on.
CATCHES_ALL = {
    "core/postgres.py": 1,  # the same on the other database
    "core/sqlite.py": 1,
    "outbox/carry.py": 1,
    "rubric/worker.py": 2,
    "web/middlewares.py": 1,
}


def modules(*floors: str) -> Iterator[tuple[str, ast.Module]]:
    for floor in floors or FLOORS:
        for file in sorted((HOUSE / floor).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(HOUSE)), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("height", range(len(FLOORS)), ids=FLOORS)
def test_a_floor_imports_only_what_lies_below_it(height):
    above = set(FLOORS[height + 1 :])

    upward = [
        (name, each)
        for name, tree in modules(FLOORS[height])
        for each in imported(tree)
        if each.split(".")[0] in above
    ]

    assert upward == []


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_the_wire_has_no_database():
    found = [name for name, tree in modules("federation") if "tortoise" in roots(tree)]

    assert found == []


def test_only_the_face_and_the_roof_serve():
    found = [
        name
        for name, tree in modules(*(floor for floor in FLOORS if floor not in ("web", "rubric")))
        if "aiohttp.web" in imported(tree)
    ]

    assert found == []


def test_SSRF_05_one_file_alone_calls_other_servers():
    """Nothing else constructs a client that could miss the gate."""
    clients = {"ClientSession", "TCPConnector", "urlopen"}
    found = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in clients
    ]

    synchronous = [name for name, tree in modules() if roots(tree) & {"requests", "httpx"}]

    assert set(found) == {"federation/client.py"}
    assert synchronous == []


def test_web_is_never_imported_under_its_bare_name():
    found = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) and any(alias.name == "web" for alias in node.names)
    ]

    assert found == []


def test_every_module_says_what_it_is():
    silent = [name for name, tree in modules() if not ast.get_docstring(tree)]

    assert silent == []


def test_everything_is_caught_only_where_something_can_be_done():
    counted: dict[str, int] = {}
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and catches_all(node):
                counted[name] = counted.get(name, 0) + 1

    assert counted == CATCHES_ALL


def test_every_job_that_is_queued_has_its_function():
    queued = {
        node.args[0].value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and called(node.func) in ("put", "put_many")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert queued - {LETTERS} - set(JOBS) == set()


def test_every_module_with_rows_stands_in_the_table():
    with_rows = {
        name.removesuffix(".py").replace("/", ".")
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(is_model(base) for base in node.bases)
    }

    assert with_rows == set(MODELS)


def test_OPS_12_what_protects_is_made_by_secrets():
    """`random` draws pictures and jitter, and nothing else."""
    found = {name for name, tree in modules() if "random" in roots(tree)}

    assert found <= {
        "core/jobs.py",
        "outbox/outcomes.py",
        "notes/cards.py",
        "outbox/visits.py",
        "outbox/recording.py",
        "actors/circuit.py",
        "actors/domains.py",
        "rubric/demo_pictures.py",
    }


def roots(tree: ast.AST) -> set[str]:
    return {each.split(".")[0] for each in imported(tree)}


def catches_all(node: ast.ExceptHandler) -> bool:
    return node.type is None or (
        isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
    )


def called(function: ast.Name | ast.Attribute) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr


def is_model(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "Model"
