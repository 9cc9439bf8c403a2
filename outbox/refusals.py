"""Why someone here may not do what they asked."""


class NotAllowed(Exception):
    """They may not; the sentence is for the person who asked."""


class NotValid(Exception):
    """What they sent cannot be posted; `field` names the part, the sentence says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
