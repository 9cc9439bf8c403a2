"""Letters to members."""

import aiosmtplib
import pytest
import time_machine

from core import mail
from core.jobs import Job
from core.settings import Settings, SettingsError, use
from tests.conftest import replaced
from tests.mailbox import Mailbox


@pytest.fixture
async def mailbox(here: Settings):
    """A mail server that these settings lead to."""
    async with Mailbox() as box:
        use(replaced(here, "mail", url=box.url, sender="here@example.org"))
        yield box


async def test_a_letter_arrives_as_it_was_written(mailbox):
    await mail.send("mei@example.org", "Grüße", "你好，mei.\n")

    letter = mailbox.letters[0]
    assert (letter["From"], letter["To"]) == ("here@example.org", "mei@example.org")
    assert (letter["Subject"], letter.get_content()) == ("Grüße", "你好，mei.")
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_a_letter_waits_as_work_in_the_transaction(mailbox):
    await mail.queue("mei@example.org", "Hello", "There.")

    job = await Job.get(name="core.send_mail")
    assert (job.name, mailbox.letters) == ("core.send_mail", [])


async def test_without_a_mail_server_nothing_is_put_down(here):
    await mail.queue("mei@example.org", "Hello", "There.")

    assert not mail.has_mail()
    assert not await Job.exists(name="core.send_mail")


async def test_ACC_04_a_sixth_letter_in_half_an_hour_stays_here(mailbox):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for number in range(7):
            await mail.send("mei@example.org", f"Letter {number}", "")
        await mail.send("Mei@Example.org", "In capitals", "")
        await mail.send("ana@example.org", "To another", "")
        clock.shift(1800)
        await mail.send("mei@example.org", "Later", "")

    assert [each["Subject"] for each in mailbox.to("mei@example.org")][-2:] == ["Letter 4", "Later"]
    assert len(mailbox.letters) == 7


async def test_XSS_08_a_line_end_gets_into_no_header(mailbox):
    with pytest.raises(ValueError, match="linefeed"):
        await mail.send("mei@example.org", "Hello\r\nBcc: eve@example.org", "")

    assert mailbox.letters == []


async def test_a_letter_refused_for_good_is_not_tried_again(mailbox):
    mailbox.refusal = "550 nobody of that name"

    await mail.send("nobody@example.org", "Hello", "")

    assert mailbox.letters == []


async def test_a_letter_refused_for_now_is_tried_again(mailbox):
    mailbox.refusal = "451 come back later"

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await mail.send("mei@example.org", "Hello", "")


async def test_a_mail_server_that_is_down_is_tried_again(here):
    async with Mailbox() as box:
        use(replaced(here, "mail", url=box.url))

    with pytest.raises(aiosmtplib.SMTPException):
        await mail.send("mei@example.org", "Hello", "")


async def test_what_is_no_address_of_a_mail_server_is_named(here):
    use(replaced(here, "mail", url="https://mail.example.org"))

    with pytest.raises(SettingsError, match=r"mail\.url"):
        await mail.send("mei@example.org", "Hello", "")
