"""Letters to members, by SMTP; without `mail.url` nothing is sent and nobody waits for it."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
import structlog

from core import metrics
from core.jobs import put
from core.limits import TooMany, count
from core.settings import Settings, SettingsError, is_loopback_name, settings

log = structlog.get_logger()

TIMEOUT_S = 20
MOST = 5  # letters to one address in half an hour (security.md ACC-04)
HALF_AN_HOUR = 1800
PORTS = {"smtp": 587, "smtps": 465}


def has_mail() -> bool:
    """Tell whether this instance can write letters."""
    return bool(settings().mail.url)


async def queue(to: str, subject: str, text: str) -> None:
    """Put a letter down to be sent, inside the caller's transaction; it must hold no secret."""
    if has_mail():
        await put("core.send_mail", {"to": to, "subject": subject, "text": text})


async def send_queued(payload: Mapping[str, Any]) -> None:
    """Send what `queue` put down."""
    await send(payload["to"], payload["subject"], payload["text"])


async def send(to: str, subject: str, text: str) -> None:
    """Send a letter now; one too many to an address, or one refused for good, is dropped.

    Raises aiosmtplib.SMTPException or OSError when it may go better later.
    """
    try:
        await count(f"mail:{_mark(to)}", most=MOST, seconds=HALF_AN_HOUR)
    except TooMany:
        metrics.mails.labels("held_back").inc()
        log.warning("too many letters to one address; this one is not sent")
        return
    try:
        await _deliver(_message(to, subject, text))
    except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException) as error:
        if not _is_final(error):
            raise
        metrics.mails.labels("refused").inc()
        log.warning("a letter was refused for good", error=str(error))
        return
    metrics.mails.labels("sent").inc()


def server_in(chosen: Settings) -> SplitResult:
    """Return the server that takes our letters. Raises SettingsError where none is named."""
    url = urlsplit(chosen.mail.url)
    if url.scheme not in PORTS or not url.hostname:
        raise SettingsError("mail.url: must be smtp://user:password@host:587 or smtps://…:465")
    return url


async def _deliver(message: EmailMessage) -> None:
    url = server_in(settings())
    is_local = is_loopback_name(url.netloc.rpartition("@")[2])
    await aiosmtplib.send(
        message,
        hostname=url.hostname,
        port=url.port or PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        # On the way to another machine a letter is never readable.
        start_tls=None if is_local or url.scheme == "smtps" else True,
        timeout=TIMEOUT_S,
    )


def _message(to: str, subject: str, text: str) -> EmailMessage:
    """Build a letter; the standard library refuses line ends in headers (security.md XSS-08)."""
    domain = settings().server.domain.partition(":")[0]
    message = EmailMessage()
    message["From"] = settings().mail.sender or f"noreply@{domain}"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _is_final(error: Exception) -> bool:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(each.code >= 500 for each in error.recipients)
    # 535 and 530 are about our own sign-in: the operator mends that, and the letter goes out then.
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return code >= 550


def _mark(address: str) -> str:
    return sha256(address.lower().encode()).hexdigest()
