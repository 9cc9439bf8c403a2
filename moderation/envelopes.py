"""Envelope: what somebody says in secret, closed up for one row and of one length whatever it says.

The key is made of the secret of this machine, which lies outside the database.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from core.secret import sealed, unsealed

Said = TypeVar("Said", bound=msgspec.Struct)


@dataclass(frozen=True)
class Envelope(Generic[Said]):
    """How one kind of thing is closed up: `length` in bytes is more than it takes at most.

    What was closed under another `purpose` does not open.
    """

    purpose: str
    length: int
    kind: type[Said]

    def close(self, said: Said, voter: str) -> bytes:
        """Close up what somebody says, for the row with this stamp and no other."""
        return sealed(self.purpose, msgspec.json.encode(said).ljust(self.length), to=voter)

    def open(self, closed: bytes, voter: str) -> Said:
        """Read what was closed up for this row; SettingsError where it was for another."""
        return msgspec.json.decode(unsealed(self.purpose, closed, to=voter), type=self.kind)
