"""Verifying a chain of the public record from what is published, be it ours or another server's."""

from collections.abc import Mapping
from typing import Any

from federation.errors import Malformed
from federation.read import number, text
from moderation.record import FIRST, EntryKind, digest_of, hash_of

CHANGED = "it does not say what was sealed"
GAP = "an entry is missing before it"
BROKEN = "it does not follow the entry before it"
SEALED_WRONGLY = "its seal is not made of what it says"
SILENT = "words were taken out of it, and no entry says so"


class Chain:
    """A chain on its way from its first entry to its last.

    `faults` are numbers of entries and what is wrong with them; `root` is the seal of the last one,
    `seals` has all of them, so that a root somebody wrote down earlier can be looked for.
    """

    def __init__(self) -> None:
        self.length = 0
        self.root = FIRST
        self.seals: set[str] = set()
        self.faults: list[tuple[int, str]] = []
        self._redacted: dict[str, int] = {}
        self._told: set[str] = set()

    def look(self, sealed: Mapping[str, Any]) -> None:
        """Look at the next entry as `/record.json` has it; whatever it is, this raises nothing."""
        place, said = number(sealed.get("number")) or 0, sealed.get("entry")
        digest, seal = (text(dict(sealed), name) for name in ("digest", "hash"))
        document = said if isinstance(said, dict) else {}
        if place != self.length + 1:
            self.faults.append((place, GAP))
        if text(dict(sealed), "prev_hash") != self.root:
            self.faults.append((place, BROKEN))
        if seal != hash_of(self.root, place, digest):
            self.faults.append((place, SEALED_WRONGLY))
        if sealed.get("redacted") is True:
            self._redacted[text(document, "id")] = place
        elif not _says(document, digest):
            self.faults.append((place, CHANGED))
        if document.get("kind") == EntryKind.REDACTION:
            self._told.add(text(document, "about"))
        self.length, self.root = place, seal
        self.seals.add(seal)

    def end(self) -> None:
        """Look back from the end: whatever lacks words needs a later entry that says so."""
        untold = [place for name, place in self._redacted.items() if name not in self._told]
        self.faults += [(place, SILENT) for place in untold]
        self.faults.sort()


def _says(document: dict[str, Any], digest: str) -> bool:
    try:
        return digest_of(document) == digest
    except Malformed:  # nobody can have sealed this
        return False
