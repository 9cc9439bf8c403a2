"""How many requests one cause may make us send (DOS-09)."""

from federation.errors import Refused

FETCHES_PER_ACTIVITY = 20


class OverBudget(Refused):
    """One activity wanted more fetched than we fetch for one activity."""


class Budget:
    """Counts down; carry `left` along when the work goes on in another job."""

    def __init__(self, left: int = FETCHES_PER_ACTIVITY) -> None:
        self.left = left

    def spend(self, url: str) -> None:
        """Take one request off; raises OverBudget when none is left."""
        if self.left < 1:
            raise OverBudget(f"no fetch left for {url}")
        self.left -= 1
