"""config.toml: what it may say, and what is said when it is wrong."""

from pathlib import Path

import pytest

from core.settings import SettingsError, load
from core.stores import s3_secret


def read(folder: Path, text: str, **environment: str):
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return load(file, environment)


def test_an_empty_file_is_an_instance_on_this_machine(tmp_path):
    found = read(tmp_path, "")

    assert found.server.base_url == "http://localhost:8000"
    assert found.server.account_domain == "localhost:8000"
    assert not found.is_secure


def test_a_public_domain_is_reached_by_https(tmp_path):
    found = read(tmp_path, '[server]\ndomain = "Rubric.Example"\n')

    assert found.server.domain == "rubric.example"
    assert found.server.base_url == "https://rubric.example"
    assert found.is_secure


def test_an_unknown_key_is_named_with_its_line(tmp_path):
    with pytest.raises(SettingsError, match=r"line 3.*colour"):
        read(tmp_path, '[server]\ndomain = "a.example"\ncolour = "red"\n')


def test_a_wrong_type_is_named_with_its_line(tmp_path):
    with pytest.raises(SettingsError, match=r"line 2.*workers"):
        read(tmp_path, '[server]\nworkers = "two"\n')


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[events]\nurl = "nats://127.0.0.1:4222"\n', "events.url: must be empty: .*PostgreSQL"),
        ("[server]\nworkers = 2\n", "server.workers: 2 processes need a PostgreSQL"),
        ("[server]\nworkers = 0\n", "server.workers: must be between 1 and 64"),
        ("[server]\nworkers = 65\n", "server.workers: must be between 1 and 64"),
    ],
)
def test_what_is_not_built_is_refused_with_the_way_there_is(tmp_path, text, hint):
    with pytest.raises(SettingsError, match=hint):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[federation]\nsignature_window_s = -5\n", "line 2.*signature_window_s"),
        ("[federation]\nsignature_window_s = 90000\n", "signature_window_s"),
        ("[federation]\ntimeout_s = 0\n", "timeout_s"),
        ("[federation]\ndelivery_workers = 0\n", "delivery_workers"),
        ("[limits]\nlogins_per_account = -1\n", "logins_per_account"),
        ("[limits]\ninbox_kb = 0\n", "inbox_kb"),
        ("[security]\nsession_days = 0\n", "session_days"),
        ("[jobs]\nbatch = 0\n", "batch"),
        ('[log]\nlevel = "loud"\n', "level"),
        ('[server]\nbind = "8000"\n', "server.bind: '8000' must be address:port"),
        ('[server]\nbind = "127.0.0.1:65536"\n', "server.bind"),
        ('[metrics]\nbind = "localhost"\n', "metrics.bind"),
        ('folder = "/"\n', "folder"),
        *(
            (f'[server]\ndomain = "{host}"\n', r"server\.domain: .* bare host")
            for host in (
                "http://a.example",
                "a.example/",
                "a b.example",
                "bücher.example",
                "a.example.",
            )
        ),
        ('[server]\naccount_domain = "@a.example"\n', r"server\.account_domain: "),
        *(
            (f'[mail]\nurl = "{url}"\n', r"mail\.url: must be smtp://")
            for url in ("mail.example", "https://mail.example", "smtp://", "smtp://h:many")
        ),
        ('file = "x"\n', "file"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, text, hint):
    with pytest.raises(SettingsError, match=hint):
        read(tmp_path, text)


def test_a_rate_is_switched_off_with_nothing(tmp_path):
    assert read(tmp_path, "[limits]\nlogins_per_address = 0\n").limits.logins_per_address == 0


def test_a_file_of_another_encoding_is_named_and_a_mark_before_utf_8_is_let_be(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes('[server]\nname = "Café"\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"config\.toml: is not written in UTF-8"):
        load(file, {})

    file.write_bytes('[server]\nname = "Café"\n'.encode("utf-8-sig"))

    assert load(file, {}).server.name == "Café"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml", {})


def test_plain_http_is_for_this_machine_only(tmp_path):
    with pytest.raises(SettingsError, match="https"):
        read(tmp_path, '[server]\ndomain = "a.example"\nbase_url = "http://a.example"\n')


def test_private_addresses_are_refused_with_a_public_domain(tmp_path):
    text = '[server]\ndomain = "a.example"\n[federation]\nallow_private_addresses = true\n'

    with pytest.raises(SettingsError, match="allow_private_addresses"):
        read(tmp_path, text)


def test_OPS_03_secrets_come_from_the_environment(tmp_path):
    found = read(
        tmp_path,
        "",
        RUBRIC_DATABASE_URL="postgres://elsewhere/rubric",
        RUBRIC_MAIL_URL="smtps://me:secret@mail.example",
        RUBRIC_SECRET_FILE="/run/secret",
        RUBRIC_S3_ACCESS_KEY="us",
        RUBRIC_S3_SECRET="ours",
        RUBRIC_TRANSLATE_KEY="key",
    )

    assert found.database.url == "postgres://elsewhere/rubric"
    assert found.mail.url == "smtps://me:secret@mail.example"
    assert found.security.secret_file == "/run/secret"
    assert (found.media.s3.access_key, found.media.s3.secret) == ("us", "ours")
    assert found.translate.key == "key"


def test_OPS_03_the_secret_of_a_bucket_may_lie_in_a_file_that_others_cannot_read(tmp_path):
    file = tmp_path / "key"
    file.write_text("ours\n")
    file.chmod(0o600)
    chosen = read(tmp_path, '[media]\nstorage = "s3"\ns3.secret_file = "key"\n')

    assert s3_secret(chosen.media.s3, chosen.folder) == "ours"
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        s3_secret(chosen.media.s3, chosen.folder)


def test_pictures_cannot_be_served_from_another_host_that_is_this_one(tmp_path):
    text = '[server]\ndomain = "a.example"\n[media]\nbase_url = "https://a.example"\n'

    with pytest.raises(SettingsError, match=r"media\.base_url"):
        read(tmp_path, text)


def test_a_proxy_that_is_no_address_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"trusted_proxies.*nginx"):
        read(tmp_path, '[server]\ntrusted_proxies = ["10.0.0.0/8", "nginx"]\n')


@pytest.mark.parametrize("endpoint", ["translate", "ftp://a.example", "https://", "https://a/?x=1"])
def test_a_translator_is_named_by_its_address(tmp_path, endpoint):
    with pytest.raises(SettingsError, match=r"translate\.endpoint"):
        read(tmp_path, f'[translate]\nendpoint = "{endpoint}"\n')
