"""Leaving out of what goes to another server who lives here (security.md MOD-01)."""

import re

from actors.actor import Actor
from core.settings import settings

SOMEONE = "[…]"

_NAME = re.compile(r"[A-Za-z0-9_]{1,30}")
_WORD = r"(?<![A-Za-z0-9_]){}(?![A-Za-z0-9_])"


async def without_names(text: str, speaker: Actor) -> str:
    """Replace the names of everyone here, the speaker's first of all, and our addresses of them."""
    text = _our_addresses().sub(SOMEONE, text)
    for name in sorted(await _names_in(text, speaker), key=len, reverse=True):
        # The part after the @ goes with the name; a bare name goes as well.
        pattern = rf"@?{_WORD.format(re.escape(name))}(?:@{re.escape(_domain())})?"
        text = re.sub(pattern, SOMEONE, text, flags=re.IGNORECASE)
    return text


async def _names_in(text: str, speaker: Actor) -> set[str]:
    words = {word.lower() for word in _NAME.findall(text)}
    here = Actor.filter(local_name__in=sorted(words))
    found = {str(name) for name in await here.values_list("local_name", flat=True)}
    titles = {title for title in (speaker.title.strip(),) if len(title) > 1}
    return found | {speaker.name} | titles


def _our_addresses() -> re.Pattern[str]:
    base = re.escape(settings().server.base_url)
    return re.compile(rf"{base}/(?:@|u/|g/)[A-Za-z0-9_/]*", re.IGNORECASE)


def _domain() -> str:
    return settings().server.account_domain
