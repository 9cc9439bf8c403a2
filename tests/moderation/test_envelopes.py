"""What was closed up earlier still opens, and nowhere but in its row."""

import pytest

from core.secret import sealed
from core.settings import SettingsError
from moderation import ballots, panels
from moderation.states import Choice, Verdict

# As they lie in databases: another purpose or length would leave what is there unreadable.
STORED = (
    ("sealed ballot", b'{"choice":"no","reason":"x"}', 4_096, ballots),
    ("sealed verdict", b'{"verdict":"uphold","reason":"x"}', 8_192, panels),
)


@pytest.mark.parametrize(("purpose", "said", "length", "module"), STORED)
async def test_what_lies_in_the_database_opens(here, purpose, said, length, module):
    opened = module.ENVELOPE.open(sealed(purpose, said.ljust(length), to="me"), "me")

    assert opened in (ballots.Said(Choice.NO, "x"), panels.Said(Verdict.UPHOLD, "x"))
    assert len(module.ENVELOPE.close(opened, "me")) == length + 28


async def test_what_is_closed_up_opens_for_its_row_and_its_kind_alone(here):
    closed = ballots.ENVELOPE.close(ballots.Said(Choice.YES), "me")

    for envelope, voter in ((ballots.ENVELOPE, "you"), (panels.ENVELOPE, "me")):
        with pytest.raises(SettingsError):
            envelope.open(closed, voter)
