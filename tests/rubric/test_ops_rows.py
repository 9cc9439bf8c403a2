"""Rows of security.md 15 that an operator relies on: keys at rest, locks, rights, bare figures."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from aiohttp import ClientSession

from actors.keys import ActorKey, signer_of
from core.secret import ensure_secret, opened, secret_path
from core.settings import SettingsError, use
from tests.conftest import replaced
from web.app import build_metrics

HOUSE = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "requirements-run.lock")


async def test_OPS_04_private_keys_are_sealed_with_what_is_not_in_the_database(settle):
    mei = await settle("mei")
    row = await ActorKey.get(actor_id=mei.id)

    for sealed in (bytes(row.rsa), bytes(row.ed25519)):
        assert b"PRIVATE KEY" not in sealed
        assert b"PRIVATE KEY" in opened(sealed)
    assert "PRIVATE KEY" in (await signer_of(mei)).private_pem
    assert secret_path().stat().st_mode & 0o077 == 0


async def test_OPS_04_a_copy_of_the_database_alone_signs_nothing(settle, here, tmp_path):
    row = await ActorKey.get(actor_id=(await settle("mei")).id)
    thief = tmp_path / "elsewhere"
    use(replaced(here, "paths", data=str(thief)))
    ensure_secret()

    with pytest.raises(SettingsError, match="is not the one this database was made with"):
        opened(bytes(row.rsa))


@pytest.mark.parametrize("lock", LOCKS)
def test_OPS_07_everything_is_locked_with_hashes(lock):
    text = (HOUSE / lock).read_text("utf-8")
    entries = [each for each in re.split(r"\n(?=\S)", text) if each and each[0] not in "#-"]

    assert entries
    for each in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", each), each
        assert "--hash=sha256:" in each, each
    assert "--require-hashes" in (HOUSE / "Makefile").read_text("utf-8")


def test_OPS_08_the_unit_and_the_image_take_no_more_rights_than_they_need():
    operators = (HOUSE / "docs/operators.md").read_text("utf-8")
    unit = ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(operators.partition("```ini\n")[2].partition("```")[0])
    image = (HOUSE / "Dockerfile").read_text("utf-8")

    assert unit["Service"]["User"] not in ("", "root")
    for right in ("NoNewPrivileges", "PrivateTmp"):
        assert unit["Service"][right] == "true"
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit["Service"]["UMask"] == "0077"
    assert re.findall(r"^USER (\S+)", image, re.MULTILINE)[-1] not in ("root", "0")


async def test_OPS_10_figures_are_shown_on_a_door_of_their_own_alone(served):
    async with ClientSession(served.server.base_url) as session:
        for path in ("/metrics", "/metrics/", "/debug", "/admin/metrics"):
            for headers in ({}, {"X-Debug": "1"}, {"X-Forwarded-For": "127.0.0.1"}):
                async with session.get(path, headers=headers) as answer:
                    assert answer.status == 404, path
                    assert "rubric_" not in await answer.text()
    # Off, until an operator says where.
    assert served.metrics.bind == ""
    assert [each.canonical for each in build_metrics().router.resources()] == [
        "/metrics",
        "/livez",
        "/readyz",
    ]
