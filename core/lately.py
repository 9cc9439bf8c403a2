"""What was seen lately: a memory for very many small things."""

import time


class Lately:
    """Knows hashes for at least so many seconds, unless more than half of `most` came since.

    An older and a younger set take 9 MiB for a hundred thousand, where a cache with a time for
    each takes 30.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._half = most // 2
        self._seconds = seconds
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()
        self._began = time.monotonic()

    def __contains__(self, mark: bytes) -> bool:
        self._turn()
        return mark[:16] in self._young or mark[:16] in self._old

    def add(self, mark: bytes) -> None:
        """Remember a hash, by its first 16 bytes."""
        self._turn()
        self._young.add(mark[:16])

    def _turn(self) -> None:
        is_time = time.monotonic() - self._began >= self._seconds
        if len(self._young) >= self._half or is_time:
            self._old, self._young, self._began = self._young, set(), time.monotonic()
