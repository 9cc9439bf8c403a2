"""The `rubric` command, as an operator runs it: what it prints, and what it says when it cannot."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from core.settings import S3
from tests import postgres, tables, without_landlock
from tests.conftest import database_name
from tests.rubric.shell import command
from tests.walks.processes import Said, Server, until

pytestmark = pytest.mark.processes

PERSON = ("--email", "ana@example.org", "--password", "a long enough secret")
CONFIG = """
[server]
domain = "localhost:8000"

[database]
url = "{database}"
"""


class Operator:
    """Someone at the shell, with a config.toml."""

    def __init__(self, folder: Path, database: str) -> None:
        self.config = folder / "config.toml"
        self.database = database
        self.write("")

    def write(self, more: str) -> None:
        """Write config.toml anew."""
        self.config.write_text(CONFIG.format(database=self.database) + more, "utf-8")

    async def rubric(self, *arguments: str) -> Said:
        """Run a command from another folder than that of config.toml."""
        return await command("--config", str(self.config), *arguments, folder=Path("/"))

    async def done(self, *arguments: str) -> str:
        """Run a command that must succeed, and return what it printed."""
        said = await self.rubric(*arguments)
        assert said.code == 0, said.error
        return said.output

    async def refused(self, *arguments: str) -> str:
        """Run a command that must fail, and return what it said instead."""
        said = await self.rubric(*arguments)
        assert said.code == 1, said
        assert said.output == ""
        assert "Traceback" not in said.error
        return said.error


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Someone with an instance that has tables, and nothing in them."""
    if postgres.is_wanted():
        return Operator(tmp_path, tables.in_postgres(database_name(tmp_path)))
    tables.in_sqlite(tmp_path / "data/rubric.db")
    return Operator(tmp_path, "sqlite://data/rubric.db")


@pytest.fixture
def newcomer(tmp_path: Path) -> Operator:
    """Someone with an instance that was never started."""
    if postgres.is_wanted():
        return Operator(tmp_path, postgres.create(database_name(tmp_path)))
    return Operator(tmp_path, "sqlite://data/rubric.db")


async def test_people_are_made_confirmed_and_named_once(operator):
    made = await operator.done("user", "create", "Ana", *PERSON, "--role", "admin")
    again = await operator.refused("user", "create", "ana", *PERSON)
    odd = await operator.refused("user", "create", "an-a", *PERSON)

    assert made == "made @ana@localhost:8000, admin\n"
    assert "taken" in again
    assert "an-a" in odd


async def test_a_weak_password_is_the_operators_choice_but_not_unsaid(operator):
    said = await operator.rubric(
        *("user", "create", "ana", "--email", "ana@example.org", "--password", "secret")
    )

    assert said.code == 0
    assert "weak" in said.output + said.error


async def test_roles_and_passwords_can_be_changed(operator):
    await operator.done("user", "create", "ana", *PERSON)

    assert "moderator" in await operator.done("user", "role", "ana", "moderator")
    assert "new password" in await operator.done(
        "user", "password", "ana", "--password", "another long secret"
    )
    assert "nobody" in await operator.refused("user", "role", "ben", "admin")


async def test_an_unknown_role_is_a_wrong_use_of_the_command(operator):
    said = await operator.rubric("user", "create", "ana", *PERSON, "--role", "king")

    assert said.code == 2
    assert "member" in said.error


async def test_a_token_is_the_last_line(operator):
    await operator.done("user", "create", "ana", *PERSON)

    first = await operator.done("token", "create", "ana")
    second = await operator.done("token", "create", "ana", "--scopes", "read write")

    tokens = [said.splitlines()[-1] for said in (first, second)]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 32 and " " not in token for token in tokens)


async def test_a_token_needs_someone_and_scopes_that_exist(operator):
    assert "nobody" in await operator.refused("token", "create", "ana")
    await operator.done("user", "create", "ana", *PERSON)

    assert "destroy" in await operator.refused("token", "create", "ana", "--scopes", "destroy")


async def test_a_config_that_is_good_is_called_good(operator):
    assert "good" in await operator.done("config", "check")


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('[server2]\nname = "x"', "server2"),
        ('[media]\ncolour = "red"', "colour"),
        ('[media]\nmax_image_mb = "many"', "max_image_mb"),
        ('[mail]\nurl = "smtp://localhost"', "mail.from"),
        ('[media]\nstorage = "ftp"', "ftp"),
        ('[media]\nremote_mode = "always"', "always"),
        ('[media]\nbase_url = "media.example.org"', "media.base_url"),
        ('[media]\nbase_url = "http://media.example.org"', "media.base_url"),
        ('[media]\nstorage = "s3"\ns3.access_key = "us"\ns3.secret = "x"', "media.s3.bucket"),
        ('[media]\nstorage = "s3"\ns3.bucket = "b"\ns3.secret = "x"', "media.s3.access_key"),
        (
            '[media]\nstorage = "s3"\ns3.bucket = "b"\ns3.access_key = "us"',
            "RUBRIC_S3_SECRET",
        ),
        ('[media]\nstorage = "s3"\ns3.endpoint = "s3.example.org"', "media.s3.endpoint"),
        ('[media]\nstorage = "s3"\ns3.secret_file = "/nowhere/key"', "/nowhere/key"),
        ('[security]\nsecret_file = "/nowhere/secret"', "/nowhere/secret"),
        ('[policy.accounts]\nregistration = "everybody"', "everybody"),
        ('[policy.acounts]\nregistration = "open"', "acounts"),
        ("[media", "config.toml"),
        ('[mail]\nurl = "http://mail"\nfrom = "a@example.org"', "mail.url"),
        ('[metrics]\nbind = "127.0.0.1:99999"', "metrics.bind"),
    ],
)
async def test_what_is_wrong_in_a_config_is_named(operator, more, named):
    operator.write(more)

    assert named in await operator.refused("config", "check")


async def test_an_unknown_key_is_named_with_its_line(operator):
    operator.write('[media]\ncolour = "red"\n')

    assert "line 8" in await operator.refused("serve")


async def test_a_config_that_is_not_there_is_named(tmp_path):
    said = await command("--config", str(tmp_path / "nowhere.toml"), "serve")

    assert said.code == 1
    assert "nowhere.toml" in said.error


async def test_a_database_that_is_none_is_refused(operator):
    operator.database = "mysql://localhost/rubric"
    operator.write("")

    assert "mysql" in await operator.refused("config", "check")
    assert "mysql" in await operator.refused("migrate")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///proc/nowhere/rubric.db", "postgres://us@127.0.0.1:1/rubric"]
)
async def test_a_database_that_cannot_be_opened_is_named(operator, url):
    operator.database = url
    operator.write("")

    assert "database.url" in await operator.refused("doctor")


async def test_a_folder_that_nobody_can_write_to_is_named(operator):
    operator.write('[paths]\ndata = "/proc/nowhere"\n')

    assert "/proc/nowhere" in await operator.refused("doctor")


async def test_migrating_says_what_it_did(newcomer):
    first, second = await newcomer.done("migrate"), await newcomer.done("migrate")

    assert first.startswith("applied 0001_initial")
    assert second == "the tables are up to date\n"


async def test_the_doctor_looks_at_everything_and_says_how_to_mend_it(newcomer):
    before = await newcomer.rubric("doctor")
    await newcomer.done("user", "create", "ana", *PERSON, "--role", "admin")
    after = await newcomer.done("doctor")

    assert before.code == 1
    assert "PROBLEM  admin" in before.output
    assert "user create" in before.output
    assert "PROBLEM" not in after
    for name in ("config.toml", "secret", "database", "keys", "disk", "files", "jobs", "clock"):
        assert f"good     {name}" in after


async def test_MED_01_the_doctor_says_where_the_kernel_has_no_landlock(operator):
    await operator.done("user", "create", "ana", *PERSON, "--role", "admin")
    without = (sys.executable, without_landlock.__file__)

    said = await command("--config", str(operator.config), "doctor", by_way_of=without)

    assert said.code == 1
    assert "PROBLEM  workshop" in said.output
    assert "read /etc/passwd" in said.output
    assert "Landlock" in said.output
    assert "start a process" not in said.output


async def test_the_doctor_writes_reads_and_deletes_a_file_in_a_bucket(operator, bucket_server):
    operator.write(table_of(bucket_server.table(prefix="doctor")))
    await operator.done("user", "create", "ana", *PERSON, "--role", "admin")
    well = await operator.done("doctor")
    operator.write(table_of(bucket_server.table(bucket="nowhere")))
    ill = await operator.rubric("doctor")

    assert "good     files" in well
    assert ill.code == 1
    assert "PROBLEM  files" in ill.output
    assert "media.s3" in ill.output


def table_of(chosen: S3) -> str:
    """The bucket as config.toml names it."""
    return (
        f'[media]\nstorage = "s3"\n[media.s3]\nendpoint = "{chosen.endpoint}"\n'
        f'bucket = "{chosen.bucket}"\nprefix = "{chosen.prefix}"\n'
        f'access_key = "{chosen.access_key}"\nsecret = "{chosen.secret}"\n'
    )


async def test_media_are_reported_and_purged(operator):
    await operator.done("user", "create", "ana", *PERSON)

    report = await operator.done("media", "report")
    purged = await operator.done("media", "purge", "--account", "ana")
    unknown = await operator.refused("media", "purge", "--account", "nobody@elsewhere.example")
    bad = await operator.refused("media", "purge", "--hash", "../../etc")
    nothing = await operator.refused("media", "purge")

    assert "Rows without a file: 0" in report
    assert purged.startswith("0 pictures")
    assert "nobody@elsewhere.example" in unknown
    assert "SHA-256" in bad
    assert "--domain" in nothing


async def test_a_policy_is_planned_applied_and_exported(operator):
    operator.write('[policy.accounts]\nregistration = "open"\n')
    await operator.done("migrate")
    unchanged = await operator.done("policy", "plan")
    operator.write('[policy]\nbased_on = 1\n[policy.accounts]\nregistration = "closed"\n')

    plan = await operator.done("policy", "plan")
    applied = await operator.done("policy", "apply", "--summary", "We are full")
    exported = await operator.done("policy", "export")

    assert "nothing to publish" in unchanged
    assert "registration" in plan
    assert "open" in plan
    assert "closed" in plan
    assert applied == "policy version 2 is in force\n"
    assert 'registration = "closed"' in exported
    assert "based_on = 2" in exported
    assert "nothing to publish" in await operator.refused("policy", "apply", "--summary", "Again")


async def test_a_policy_needs_a_summary_and_a_draft(operator):
    assert "config.toml" in await operator.refused("policy", "plan")
    said = await operator.rubric("policy", "apply")

    assert said.code == 2
    assert "--summary" in said.error


async def test_what_export_prints_is_a_config_again(operator):
    operator.write('[policy.accounts]\nregistration = "invite"\n')
    exported = await operator.done("policy", "export")
    operator.write(exported)

    assert "good" in await operator.done("config", "check")
    assert "nothing to publish" in await operator.done("policy", "plan")


async def test_commands_work_beside_a_server_and_a_second_server_does_not(tmp_path):
    server = Server(tmp_path)
    await server.start()
    try:
        await server.settle("ana", role="admin")
        token = await server.rubric("token", "create", "ana")
        await server.rubric("doctor")
        await server.rubric("migrate")
        second = await command("--config", str(server.config), "serve")
    finally:
        seconds = await server.stop()

    assert len(token.splitlines()[-1]) >= 32
    assert second.code == 1
    # On PostgreSQL the port is taken, with SQLite already the file.
    assert "server.bind" in second.error or "serves it already" in second.error
    assert "Traceback" not in second.error
    assert seconds < 20


async def test_a_draft_that_waits_is_told_by_a_start_and_by_no_command(tmp_path):
    server = Server(tmp_path)
    await server.start()
    await server.stop()
    server.configure('[policy.accounts]\nregistration = "closed"\n')

    said = await command("--config", str(server.config), "policy", "plan")
    await server.start()
    await server.stop()

    assert "in_force" not in said.error
    assert server.log().count("draft_is_not_in_force") == 1


async def test_serve_says_where_it_is_and_how_to_begin(tmp_path):
    server = Server(tmp_path, is_empty=True)
    await server.start()
    await server.stop()

    said = server.log()
    assert f"Rubric serves {server.base}" in said
    assert f"--config {server.config} user create" in said
    assert "make demo" in said


async def test_an_empty_place_is_set_up_before_anyone_is_answered(tmp_path):
    server = Server(tmp_path, is_empty=True)
    await server.launch()
    answers: list[int] = []

    async def answers_at_all() -> bool:
        answers.append(await server.readiness())
        return answers[-1] != 0

    await until(answers_at_all, "somebody listens")
    await server.stop()

    assert set(answers) == {0, 200}
    assert len(await server.rows("SELECT number FROM policy_version")) == 1


async def test_emojis_are_added_listed_and_removed(operator, tmp_path):
    operator.write("")
    drawing = tmp_path / "blob.png"
    Image.new("RGBA", (300, 200), (255, 0, 0, 128)).save(drawing)
    words = tmp_path / "words.png"
    words.write_text("no picture")

    assert ":blob:" in await operator.done("emoji", "add", "blob", str(drawing))
    assert "there already" in await operator.refused("emoji", "add", "blob", str(drawing))
    assert "picture" in await operator.refused("emoji", "add", "words", str(words))
    assert "two to 64" in await operator.refused("emoji", "add", "a b", str(drawing))
    assert await operator.done("emoji", "list") == ":blob:\n"
    await operator.done("emoji", "remove", ":blob:")
    assert "no emoji" in await operator.refused("emoji", "remove", "blob")
    assert "none" in await operator.done("emoji", "list")
