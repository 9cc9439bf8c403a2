"""What @policy says to everyone: new versions here, other news by whoever calls `say`."""

from collections.abc import Mapping
from typing import Any

from actors.speaker import speaker
from core.settings import settings
from moderation.languages import said_in
from moderation.policy import Policy, is_overtaken, version_of
from notes.note import Audience, Note
from notes.once import Repeated, note_made_with
from notes.text import MOST_CHARACTERS
from outbox.create import publish
from outbox.draft import Draft

_COMING = {
    "en": "Version {number} of the rules comes into force on {day}.",
    "zh": "守则第 {number} 版将于 {day} 生效。",
}
_IN_FORCE = {
    "en": "Version {number} of the rules is in force.",
    "zh": "守则第 {number} 版已生效。",
}


async def say(text: str, *, language: str, key: str) -> Note | None:
    """Post a quiet note by @policy, once for each `key` within an hour; its followers get it.

    None where there is no @policy here, or where it was said already. Not for use in a transaction.
    """
    author = await speaker()
    if author is None or await note_made_with(author, key) is not None:
        return None
    draft = Draft(text=text, language=language, audience=Audience.QUIET, key=key)
    try:
        return await publish(author, draft)
    except Repeated:
        return None


async def say_version(payload: Mapping[str, Any]) -> None:
    """Post that a version comes, or is in force. Job `moderation.say_version`."""
    policy = await version_of(int(payload["version"]))
    if policy is None or await is_overtaken(policy):
        return
    words = _COMING if payload.get("is_coming") else _IN_FORCE
    key = f"version-{policy.version}-{'coming' if payload.get('is_coming') else 'in-force'}"
    await say(_said(policy, words), language=policy.sections.language, key=key)


def _said(policy: Policy, words: Mapping[str, str]) -> str:
    counts = policy.sections.language
    begin = said_in(words, counts).text.format(
        number=policy.version, day=f"{policy.effective:%Y-%m-%d}"
    )
    summary = said_in(policy.summary, counts, counts).text
    address = settings().url(f"/policy/{policy.version - 1}..{policy.version}")
    room = MOST_CHARACTERS - len(begin) - len(address) - 10
    return f"{begin}\n\n{summary[:room]}\n\n{address}"
