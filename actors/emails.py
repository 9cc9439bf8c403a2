"""E-mail addresses: which ones we take, and when two are the same."""

import re

import idna

MOST = 254
# Dots separate, nothing is quoted, and what routes mail by itself (`%`, `!`) is not there (ACC-04).
_LOCAL = re.compile(r"[A-Za-z0-9_+~'-]+(?:\.[A-Za-z0-9_+~'-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_DOTS_DO_NOT_COUNT = {"gmail.com", "googlemail.com"}


class BadAddress(ValueError):
    """This is no e-mail address we can write to."""


def tidy(text: str) -> str:
    """Return an address as it is written to: the host in lower case ASCII. Raises BadAddress."""
    local, at, host = text.strip().rpartition("@")
    try:
        domain = idna.encode(host.lower(), uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress("the part after the @ is no host") from error
    address = f"{local}@{domain}"
    if not at or len(address) > MOST or len(local) > 64:
        raise BadAddress("not an e-mail address")
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise BadAddress("not an e-mail address")
    return address


def key_of(address: str) -> str:
    """Return what is the same for all spellings of one mailbox: case, `+tag`, Gmail's dots."""
    local, _, host = tidy(address).lower().rpartition("@")
    local = local.partition("+")[0] or local
    if host in _DOTS_DO_NOT_COUNT:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}"
